"""The `annotator` command: its subcommands, and how it fails."""

import logging
import os
import sys
from typing import Annotated, NoReturn

import typer

from annotator import __version__
from annotator.cli.help import fault_in_words, speak, whole_command
from annotator.errors import AnnotatorError, CancelledError
from annotator.i18n import gettext as _
from annotator.i18n import in_one, set_language, system_language, told_of

FINDINGS, WRONG = 1, 2

app = typer.Typer(
    name="annotator",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Label 3D garage scans and mark calcification foci on CT slices.",
)


@app.callback(invoke_without_command=True)
def _program(
    *,
    version: Annotated[bool, typer.Option("--version", help="Say which version this is.")] = False,
) -> None:
    if version:
        typer.echo(__version__)
        raise typer.Exit


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; every failure is one sentence and an exit status."""
    logging.getLogger().addHandler(logging.NullHandler())  # what is said is said in sentences
    set_language(system_language())
    command = whole_command(app)
    speak(command)
    said = sys.argv[1:] if arguments is None else arguments
    try:
        result = command(said or _unasked(), standalone_mode=False)
    except (typer.Exit, SystemExit) as done:
        _leave(getattr(done, "exit_code", getattr(done, "code", 0)) or 0)
    except (KeyboardInterrupt, CancelledError, typer.Abort):
        _fail(_("stopped; nothing was changed"))
    except AnnotatorError as error:
        _fail(str(error))
    except OSError as error:
        remedy = _("check the path and the disk")
        _fail(told_of(str(error.filename or ""), in_one((str(error.strerror), remedy))))
    except Exception as error:
        fault = getattr(error, "format_message", None)  # a wrong call, in the parser's own words
        if fault is None:
            raise
        remedy = _("see `annotator --help`")
        _fail(in_one((fault_in_words(fault()), remedy)))
    _leave(result if isinstance(result, int) else 0)


def open_window() -> None:
    """Start the window without a console, on what was named or where the person left off."""
    main(["open", *sys.argv[1:]])


def _unasked() -> list[str]:
    """Return what is done for a person who named nothing: the window, or help without a screen."""
    has_screen = sys.platform != "linux" or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    )
    return ["open"] if has_screen else ["--help"]


def _fail(sentence: str) -> NoReturn:
    one_line = " ".join(sentence.split())
    print(f"annotator: {one_line}", file=sys.stderr)
    _leave(WRONG)


def _leave(status: int) -> NoReturn:
    sys.stdout.flush()
    raise SystemExit(status)

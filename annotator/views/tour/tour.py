"""The whole path, once: open, label, undo, export, come back."""

import shutil
from pathlib import Path

from annotator.app.settings import Settings
from annotator.app.workspace import Workspace
from annotator.errors import AnnotatorError
from annotator.i18n import gettext as _
from annotator.views.application import application
from annotator.views.main_window import MainWindow
from annotator.views.tour.camera import look_through_the_camera
from annotator.views.tour.checks import Checks
from annotator.views.tour.chest import mark_chest
from annotator.views.tour.exports import export_all
from annotator.views.tour.garage import label_garage
from annotator.views.tour.person import Person


def tour(sample: Path, out: Path) -> int:
    """Drive the window through the sample data; return 0 if all of it held, else 1.

    Pictures and label files are left in ``out``; the sample data stay as they are.
    """
    data, pictures, labels = (_emptied(out / name) for name in ("data", "pictures", "labels"))
    shutil.copytree(sample / "garage", data / "garage")
    shutil.copytree(sample / "chest", data / "chest")
    settings = Settings(shows_first_steps=False)
    application(settings)
    window = MainWindow(Workspace(), settings)
    window.resize(1600, 1000)
    window.show()
    person, checks = Person(window, pictures), Checks()
    try:
        _walk(person, data, labels, checks)
    except AnnotatorError as error:
        checks.note(_("the tour came to its end"), holds=False, detail=error)
    finally:
        window.close()
    print(checks.in_words())  # noqa: T201 - what the tour is for
    print(_("{count} pictures in {folder}").format(count=len(person.taken), folder=pictures))  # noqa: T201
    return 0 if checks.all_hold else 1


def _walk(person: Person, data: Path, labels: Path, checks: Checks) -> None:
    person.open(data / "garage" / "scans")
    label_garage(person, data / "garage", checks)
    look_through_the_camera(person, checks)
    export_all(person.window.workspace, labels, "garage", checks)
    person.open(data / "chest")
    person.open_item("B30f")
    mark_chest(person, data / "chest" / "truth.json", checks)
    made = export_all(person.window.workspace, labels, "chest", checks)
    _come_back(person, data, checks)
    _review(person, made, checks)


def _come_back(person: Person, data: Path, checks: Checks) -> None:
    """Close everything and open it again: what was said must be there, with its history."""
    before = _said(person)
    person.window.workspace.close()
    person.open(data / "chest")
    person.open_item("B30f")
    session = person.window.workspace.session
    holds = session is not None and _said(person) == before and session.can_undo
    checks.note(_("closed and opened again, with undo"), holds=holds)


def _review(person: Person, made: list[Path], checks: Checks) -> None:
    """Open a finished label file over its data, as a reviewer does."""
    finished = next(path for path in made if path.suffix == ".dcm")
    person.window.drop(finished)
    person.wait_until_idle()
    session = person.window.workspace.session
    holds = session is not None and session.read_only and bool(session.document.annotations)
    checks.note(_("a finished file is shown, read-only"), holds=holds, detail=finished.name)
    person.picture("ct_review")


def _said(person: Person) -> object:
    session = person.window.workspace.session
    return None if session is None else session.document


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder

"""What the program says when it cannot do what it was asked."""

from pathlib import Path

from annotator.i18n import in_one, told_of


class AnnotatorError(Exception):
    """Something a person should read: one sentence, never a traceback."""


def as_sentence(text: str) -> str:
    """Return what was said with a large first letter; a file's name keeps its own."""
    first = text.split(" ", 1)[0]
    return text[:1].upper() + text[1:] if first.isalpha() else text


class FileError(AnnotatorError):
    """A file, or a folder, that cannot be used as it is.

    Attributes
    ----------
    path
        The file. Only its name is said: a folder's name may hold a patient's.
    problem
        What is wrong, in the reader's words.
    remedy
        What the person can do about it.
    """

    def __init__(self, path: Path | str, problem: str, remedy: str) -> None:
        self.path = Path(path)
        self.problem = problem
        self.remedy = remedy
        super().__init__(told_of(self.path.name or str(self.path), in_one((problem, remedy))))

    def __reduce__(self) -> tuple[type["FileError"], tuple[str, str, str]]:
        """Cross a process boundary whole: files are opened in a child process."""
        return type(self), (str(self.path), self.problem, self.remedy)


class FormatError(FileError):
    """A file that does not keep its format's promise."""


class WrongDataError(FileError):
    """A label file that was made for other data than the data at hand."""


class NoSuchAnnotationError(AnnotatorError):
    """An edit names an annotation that the document does not have."""


class ReadOnlyError(AnnotatorError):
    """A change to a document that is open for reading only."""


class CancelledError(AnnotatorError):
    """The person stopped a long piece of work; nothing of it is kept."""

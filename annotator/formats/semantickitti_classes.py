"""SemanticKITTI's classes: their numbers, and the YAML file that names them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from annotator.errors import FileError, FormatError
from annotator.formats.files import read_whole
from annotator.i18n import gettext as _
from annotator.model.labels import Rgb, Taxonomy

NAME = "semantic-kitti.yaml"
MOST = 65_535
"""Numbers have 16 bits (Behley et al. 2019, SemanticKITTI, development kit)."""

STANDARD = {
    0: "unlabeled", 1: "outlier", 10: "car", 11: "bicycle", 13: "bus", 15: "motorcycle",
    16: "on-rails", 18: "truck", 20: "other-vehicle", 30: "person", 31: "bicyclist",
    32: "motorcyclist", 40: "road", 44: "parking", 48: "sidewalk", 49: "other-ground",
    50: "building", 51: "fence", 52: "other-structure", 60: "lane-marking", 70: "vegetation",
    71: "trunk", 72: "terrain", 80: "pole", 81: "traffic-sign", 99: "other-object",
    252: "moving-car", 253: "moving-bicyclist", 254: "moving-person", 255: "moving-motorcyclist",
    256: "moving-on-rails", 257: "moving-bus", 258: "moving-truck", 259: "moving-other-vehicle",
}  # fmt: skip
# What is nearest to our classes, so that a trainer that knows only the numbers does well.
_NEAREST = {
    "pillar": 80, "wall": 50, "car": 10, "movable": 99, "floor": 44, "ceiling": 52,
    "pedestrian": 30, "ghost": 1,
}  # fmt: skip
_FIRST_OWN = 300
_LARGEST_BYTES = 2**20
_ROW = re.compile(r"""\s+(\d{1,9})\s*:\s*(?:"([^"]*)"|'([^']*)'|([^#\n]*?))\s*(?:#.*)?""")


def numbers_of(taxonomy: Taxonomy, unnamed: Iterable[int], *, own: bool) -> dict[int, int]:
    """Return each label's number in the file by its value in a semantic layer.

    Parameters
    ----------
    unnamed
        Values in use that no label has; they keep their number.
    own
        Keep the taxonomy's own values instead of SemanticKITTI's nearest.
    """
    numbers = {value: value for value in unnamed}
    standard = _NEAREST | {name: n for n, name in STANDARD.items() if n}
    taken = {0, *numbers.values()}
    for label in taxonomy:
        wanted = label.value if own else standard.get(label.name, 0)
        free = wanted if wanted not in taken else _free(taken)
        numbers[label.value] = free
        taken.add(free)
    return numbers


def class_file(label_path: Path) -> Path:
    """Return where the classes of a label file are written: at the root of its data set."""
    folder = label_path.parent
    if folder.name != "labels":
        return folder / NAME
    in_data_set = folder.parent.parent.name == "sequences"
    return (folder.parent.parent.parent if in_data_set else folder.parent) / NAME


def classes_beside(label_path: Path) -> dict[int, str]:
    """Return the class names that apply to a label file: the nearest YAML's, else the standard.

    Raises
    ------
    FormatError
        If that file cannot be understood.
    """
    for folder in list(label_path.absolute().parents)[:5]:
        if (folder / NAME).is_file():
            return read_classes(folder / NAME)
    return dict(STANDARD)


def read_classes(path: Path) -> dict[int, str]:
    """Return the ``labels`` section of a YAML file: names by number.

    Only the block form that the data set itself uses is read; nothing in the file is executed.

    Raises
    ------
    FormatError
        If there is no such section, or a line of it is not ``number: name``.
    """
    text = read_whole(path, limit_bytes=_LARGEST_BYTES).decode("utf-8-sig", "replace")
    names = dict(_rows(path, text.split("\n")))
    if not names:
        problem = _("it has no section `labels:`")
        raise FormatError(path, problem, _("replace it by the data set's own file"))
    return names


def joined_classes(path: Path, names: Mapping[int, str]) -> dict[int, str] | None:
    """Return what a class file must say; None where it says so already.

    Raises
    ------
    FileError
        If it gives one of the numbers to another class: labels beside it rely on that.
    """
    if not path.exists():
        return dict(sorted(names.items()))
    there = read_classes(path)
    for number, name in names.items():
        if there.get(number, name) != name:
            text = _("it calls number {number} {theirs}, these labels call it {ours}")
            problem = text.format(number=number, theirs=there[number], ours=name)
            raise FileError(path, problem, _("write the labels into another folder"))
    joined = dict(sorted((there | dict(names)).items()))
    return None if joined == there else joined


def classes_text(names: Mapping[int, str], taxonomy: Taxonomy) -> str:
    """Return a class file with all sections that trainers look for."""
    colors = {label.name: label.color for label in taxonomy}
    trained = [number for number in names if number]
    share = 1 / max(1, len(trained))
    order = {0: 0} | {number: place for place, number in enumerate(trained, start=1)}
    sections: dict[str, Mapping[int, str]] = {
        "labels": {n: f'"{_quoted(name)}"' for n, name in names.items()},
        "color_map": {n: _bgr(colors.get(name, (0, 0, 0))) for n, name in names.items()},
        "content": {n: f"{share if n else 0.0:.6f}" for n in names},
        "learning_map": {n: str(order[n]) for n in names},
        "learning_map_inv": {place: str(n) for n, place in order.items()},
        "learning_ignore": {place: str(place == 0) for place in order.values()},
    }
    rows = [
        line
        for section, values in sections.items()
        for line in (f"{section}:", *(f"  {key}: {value}" for key, value in values.items()))
    ]
    split = ["split:", "  train:", "    - 0", "  valid: []", "  test: []"]
    return "\n".join([*rows, *split]) + "\n"


def _free(taken: set[int]) -> int:
    return next(n for n in range(_FIRST_OWN, _FIRST_OWN + len(taken) + 1) if n not in taken)


def _bgr(color: Rgb) -> str:
    red, green, blue = color
    return f"[{blue}, {green}, {red}]"


def _quoted(name: str) -> str:
    return "".join(c for c in name if c.isprintable() and c not in '"\\')


def _rows(path: Path, lines: list[str]) -> Iterator[tuple[int, str]]:
    inside = False
    for number, line in enumerate(lines, start=1):
        bare = line.strip()
        if not bare or bare.startswith("#"):
            continue
        if not line[0].isspace():
            inside = bare.split("#")[0].strip() == "labels:"
        elif inside:
            found = _ROW.fullmatch(line.rstrip("\r"))
            if found is None:
                problem = _("line {line} is not `number: name`").format(line=number)
                raise FormatError(path, problem, _("write one class on each line"))
            yield int(found[1]), next((g for g in found.groups()[1:] if g is not None), "").strip()

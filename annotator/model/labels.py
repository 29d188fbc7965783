"""The taxonomy: which classes there are and what may be said of their objects."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from annotator.i18n import gettext
from annotator.i18n import mark as _
from annotator.model.shapes import Vec3

Rgb = tuple[int, int, int]


class AttributeKind(StrEnum):
    """What kind of answer an attribute takes."""

    CHOICE = "choice"
    NUMBER = "number"
    YES_NO = "yes-no"
    TEXT = "text"
    ANNOTATION = "annotation"
    """Another annotation of the item, by its id; ``choices`` names the classes it may have."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """A question that a label asks about each of its objects."""

    name: str
    title: str
    kind: AttributeKind
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Label:
    """A class of annotation.

    Attributes
    ----------
    name
        Identifier that files carry: lower case, no spaces.
    title
        What a person reads; translated where it is shown.
    value
        Number in a semantic layer, 1 to 65535; 0 is "unlabelled".
    color
        Red, green, blue, 0 to 255: the object's colour everywhere.
    usual_size_m
        Length, width and height that hidden extents are taken from, if the class has one.
    minimum_points
        A box with fewer points is worth a second look.
    keeps_size
        Whether an object has one size in all scans; a person who walks has not.
    """

    name: str
    title: str
    value: int
    color: Rgb
    usual_size_m: Vec3 | None = None
    attributes: tuple[Attribute, ...] = ()
    minimum_points: int = 5
    keeps_size: bool = True

    def __post_init__(self) -> None:
        if not 1 <= self.value <= 65535:
            raise ValueError(f"label value must be 1 to 65535, got {self.value}")
        if not self.name or any(c.isspace() for c in self.name):
            raise ValueError(f"a label's name cannot be empty or hold spaces: {self.name!r}")


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All labels of a project, in the order of their number keys."""

    labels: tuple[Label, ...] = field(default=())

    def __post_init__(self) -> None:
        for unique in ({x.name for x in self.labels}, {x.value for x in self.labels}):
            if len(unique) != len(self.labels):
                raise ValueError("two labels share a name or a value")

    def __iter__(self) -> Iterator[Label]:
        return iter(self.labels)

    def __contains__(self, name: str) -> bool:
        return any(label.name == name for label in self.labels)

    def __getitem__(self, name: str) -> Label:
        for label in self.labels:
            if label.name == name:
                return label
        raise KeyError(name)

    def of_value(self, value: int) -> Label | None:
        """Return the label with this number in a semantic layer, if there is one."""
        return next((x for x in self.labels if x.value == value), None)

    def title_of(self, name: str) -> str:
        """Return what a person calls a label; the name itself of one that is not in the list."""
        return gettext(self[name].title) if name in self else name

    def with_label(self, label: Label) -> "Taxonomy":
        """Return a taxonomy in which a label is as it is given, in its place."""
        return Taxonomy(tuple(label if x.name == label.name else x for x in self.labels))

    def without(self, name: str) -> "Taxonomy":
        """Return a taxonomy that does not know a label."""
        return Taxonomy(tuple(x for x in self.labels if x.name != name))

    def grown_by(self, name: str) -> "Taxonomy":
        """Return a taxonomy that also knows ``name``, as when a file brings a class of its own."""
        if name in self:
            return self
        value = max((x.value for x in self.labels), default=0) + 1
        color = _SPARE_COLORS[value % len(_SPARE_COLORS)]
        return Taxonomy((*self.labels, Label(name, name, value, color)))


# Told apart by people who see red and green alike (Okabe and Ito 2008), lightened for a dark view.
_SPARE_COLORS: tuple[Rgb, ...] = (
    (240, 228, 66),
    (86, 180, 233),
    (204, 121, 167),
    (213, 94, 0),
    (0, 158, 115),
    (153, 153, 255),
)

_OCCLUDED = Attribute(
    "occluded",
    _("Occluded"),
    AttributeKind.CHOICE,
    (_("visible"), _("partly"), _("largely"), _("unknown")),
)
_MOVING = Attribute("moving", _("Moving"), AttributeKind.YES_NO)

GHOST = "ghost"
"""The class of what a radar's rays or a wet floor mirrored: it is where it seems in one scan only,
at any height, and of no size."""

GARAGE = Taxonomy(
    (
        Label("pillar", _("Pillar"), 1, (230, 159, 0), (0.6, 0.6, 2.8)),
        Label("wall", _("Wall"), 2, (86, 180, 233)),
        Label("car", _("Car"), 3, (0, 190, 140), (4.5, 1.8, 1.5), (_OCCLUDED, _MOVING), 10),
        Label("movable", _("Movable object"), 4, (240, 228, 66), (0.8, 0.6, 1.0), (_MOVING,)),
        Label("floor", _("Floor"), 5, (158, 150, 130)),
        Label("ceiling", _("Ceiling"), 6, (160, 140, 205)),
        Label(
            "pedestrian",
            _("Pedestrian"),
            7,
            (204, 121, 167),
            (0.7, 0.7, 1.7),
            (_MOVING,),
            keeps_size=False,
        ),
        Label(GHOST, _("Ghost (radar)"), 8, (213, 94, 0), None, (), 1, keeps_size=False),
    )
)

# Patterns: LIDC's "calcification" characteristic, 1 to 6.
PATTERNS = (
    _("popcorn"),
    _("laminated"),
    _("solid"),
    _("non-central"),
    _("central"),
    _("absent"),
)
SITES = (
    _("nodule"),
    _("lung"),
    _("pleura"),
    _("node"),
    _("vessel wall"),
    _("airway"),
    _("bone"),
    _("other"),
)
SURENESS = (_("sure"), _("unsure"))
NODULE = "nodule"
BELONGS_TO = "nodule"
"""The attribute of a calcification that names the nodule it lies in."""

CHEST = Taxonomy(
    (
        Label(
            "calcification",
            _("Calcification"),
            1,
            (255, 176, 0),
            None,
            (
                Attribute("pattern", _("Pattern"), AttributeKind.CHOICE, PATTERNS),
                Attribute("site", _("Site"), AttributeKind.CHOICE, SITES),
                Attribute("confidence", _("Confidence"), AttributeKind.CHOICE, SURENESS),
                Attribute(BELONGS_TO, _("Nodule"), AttributeKind.ANNOTATION, (NODULE,)),
                Attribute("note", _("Note"), AttributeKind.TEXT),
            ),
        ),
        Label(NODULE, _("Nodule"), 2, (86, 180, 233)),
    )
)

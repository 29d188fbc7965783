"""Nodules and calcifications: all six LIDC patterns and small foci in several sites."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sample_data.chest_body import Body, Mm, in_lung

NODULE_HU = 45.0
TRIES = 20_000


@dataclass(frozen=True, slots=True)
class Ball:
    """A ball of one density; where balls overlap, the later one counts."""

    offset_mm: Mm
    radius_mm: float
    hu: float


@dataclass(frozen=True, slots=True)
class Lesion:
    """A calcification with what surrounds it.

    Attributes
    ----------
    pattern
        LIDC's calcification characteristic; ``absent`` is a nodule without any.
    diameter_mm
        Of the calcification; of the nodule where the pattern is ``absent``.
    balls
        What it is made of, from the outside in, around the place it is put at.
    """

    name: str
    pattern: str
    site: str
    diameter_mm: float
    balls: tuple[Ball, ...]

    @property
    def reach_mm(self) -> float:
        """How far from its centre it extends."""
        return max(float(np.linalg.norm(b.offset_mm)) + b.radius_mm for b in self.balls)


@dataclass(frozen=True, slots=True)
class Placed:
    """A lesion, and the centre of its calcification in LPS millimetres."""

    lesion: Lesion
    at_mm: Mm

    @property
    def center_mm(self) -> Mm:
        """Centre of the calcification itself, which a non-central one has off the middle."""
        dense = [b for b in self.lesion.balls if b.hu > 130] or list(self.lesion.balls)
        middle = np.mean([b.offset_mm for b in dense], axis=0) + np.array(self.at_mm)
        x, y, z = (round(float(v), 3) for v in middle)
        return x, y, z


def lesions() -> tuple[Lesion, ...]:
    """Return what every chest holds, in the order it is put in."""
    return (
        Lesion("popcorn-9", "popcorn", "nodule", 9.0, (_nodule(20), *_popcorn())),
        Lesion("laminated-8", "laminated", "nodule", 8.0, (_nodule(13), *_laminae())),
        Lesion("non-central-4", "non-central", "nodule", 4.0, (_nodule(15), _ball(4, 500, x=4.0))),
        Lesion("central-4", "central", "nodule", 4.0, (_nodule(12), _ball(4, 520))),
        Lesion("absent-10", "absent", "nodule", 10.0, (_nodule(10),)),
        Lesion("solid-6", "solid", "lung", 6.0, (_ball(6, 480),)),
        Lesion("solid-5-pleura", "solid", "pleura", 5.0, (_ball(5, 420),)),
        Lesion("solid-3-lung", "solid", "lung", 3.0, (_ball(3, 1100),)),
        Lesion("solid-8-node", "solid", "node", 8.0, (_ball(8, 450),)),
        Lesion("solid-3-node", "solid", "node", 3.0, (_ball(3, 600),)),
        Lesion("solid-2-node", "solid", "node", 2.0, (_ball(2, 900),)),
        Lesion("solid-1-node", "solid", "node", 1.0, (_ball(1, 2400),)),
        Lesion("solid-4-aorta", "solid", "vessel wall", 4.0, (_ball(4, 650),)),
        Lesion("solid-2-aorta", "solid", "vessel wall", 2.0, (_ball(2, 1000),)),
    )


def put_all(body: Body, chance: np.random.Generator) -> tuple[Placed, ...]:
    """Put every lesion into the chest, apart from bone and from one another."""
    placed: list[Placed] = []
    for lesion in lesions():
        at = next(p for p in _places(lesion, body, chance) if _is_free(lesion, p, body, placed))
        for ball in lesion.balls:
            x, y, z = (float(a + o) for a, o in zip(at, ball.offset_mm, strict=True))
            body.ball((x, y, z), ball.radius_mm, ball.hu)
        placed.append(Placed(lesion, at))
    return tuple(placed)


def _places(lesion: Lesion, body: Body, chance: np.random.Generator) -> Iterator[Mm]:
    z_reach_mm = -body.grid.first_mm[2] - lesion.reach_mm - 4
    for _ in range(TRIES):
        z = float(chance.uniform(-z_reach_mm, z_reach_mm))
        angle = float(chance.uniform(0, 2 * np.pi))
        match lesion.site:
            case "vessel wall":
                yield 22 + 10.5 * float(np.cos(angle)), 42 + 10.5 * float(np.sin(angle)), z
            case "node":
                yield float(chance.uniform(-12, 12)), float(chance.uniform(-50, 45)), z
            case "pleura":
                side = 1 if np.cos(angle) > 0 else -1
                depth = float(chance.uniform(0.9, 0.98))
                yield side * (72 + 52 * depth), float(chance.uniform(-15, 15)), z
            case _:
                at = (float(chance.uniform(-120, 120)), float(chance.uniform(-70, 70)), z)
                if in_lung(at, lesion.reach_mm + 2):
                    yield at
    raise ValueError(f"there is no room for {lesion.name}: take more slices")


def _is_free(lesion: Lesion, at: Mm, body: Body, placed: list[Placed]) -> bool:
    for other in placed:
        apart_mm = float(np.linalg.norm(np.subtract(at, other.at_mm)))
        if apart_mm < lesion.reach_mm + other.lesion.reach_mm + 5:
            return False
    return not body.bone[body.grid.around(at, lesion.reach_mm + 3)].any()


def _nodule(diameter_mm: float) -> Ball:
    return _ball(diameter_mm, NODULE_HU)


def _ball(diameter_mm: float, hu: float, *, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Ball:
    return Ball((x, y, z), diameter_mm / 2, hu)


def _laminae() -> tuple[Ball, ...]:
    """Return shells of changing density: calcium was laid down in turns."""
    return _ball(8, 620), _ball(5.8, 260), _ball(3, 620)


def _popcorn() -> tuple[Ball, ...]:
    """Return lumps that run into one another."""
    lumps = (
        (2.6, 0.4, 0.0),
        (-2.2, 1.6, 0.5),
        (-0.8, -2.6, -0.6),
        (0.6, 1.8, 2.2),
        (0.2, 0.6, -2.6),
    )
    around = (_ball(3.8, 420 + 60 * n, x=x, y=y, z=z) for n, (x, y, z) in enumerate(lumps))
    return _ball(4.4, 400), *around

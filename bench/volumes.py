"""The chest that the image view is measured on: 300 slices of 512 × 512 with known foci."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from annotator.app.reading_ct import open_series, open_volume
from annotator.app.session import Session
from annotator.commands.foci import mark_focus
from annotator.formats.format import Context
from annotator.imaging.growing import Voxel, grow
from annotator.model.items import ItemKind
from annotator.model.labels import CHEST
from annotator.model.shapes import Vec3
from annotator.model.volume import Hu, Volume
from bench.ct import series_folder
from bench.work_files import WORK

FOCI = 120
THRESHOLD_HU = 130.0


@dataclass(frozen=True, slots=True, eq=False)
class Chest:
    """A volume with foci, and a voxel (k, j, i) inside each."""

    volume: Volume
    seeds: tuple[Voxel, ...]

    @property
    def context(self) -> Context:
        """What a session of it needs."""
        return Context(CHEST, series=self.volume.series, volume=self.volume)


def chest() -> Chest:
    """Return the volume of the series, with a focus of 3 to 15 mm at each seed."""
    series = open_series(series_folder() / "raw").series[0]
    volume = open_volume(series)
    hu = volume.hu.copy()
    rng = np.random.default_rng(11)
    seeds = tuple(_place(rng, hu.shape, n) for n in range(FOCI))
    for seed in seeds:
        _calcify(hu, seed, float(rng.uniform(1.5, 5.0)), series.spacing_mm)
    return Chest(Volume(series, hu), seeds)


def marked(made: Chest) -> npt.NDArray[np.uint32]:
    """Return an instance number per voxel, as a mask of all foci."""
    labels = np.zeros(made.volume.hu.shape, np.uint32)
    for number, seed in enumerate(made.seeds, 1):
        labels.flat[_grown(made, seed)] = number
    return labels


def mark_all(session: Session, made: Chest) -> None:
    """Mark every focus in a session, as clicks would."""
    for seed in made.seeds:
        where = _grown(made, seed)
        session.do(mark_focus(session.document, where, "calcification"), "Mark focus")


def as_files(made: Chest) -> tuple[Path, Path]:
    """Return voxels and mask as .npy, for peers."""
    hu, labels = WORK / "ct" / "chest.npy", WORK / "ct" / "labels.npy"
    np.save(hu, made.volume.hu)
    np.save(labels, marked(made))
    return hu, labels


def stored(made: Chest) -> Session:
    """Return a session of it on a new SQLite project."""
    from bench.stage import stored_session  # noqa: PLC0415 - brings Qt

    return stored_session(ItemKind.CT, made.context)


def _grown(made: Chest, seed: Voxel) -> npt.NDArray[np.int64]:
    spacing_mm = made.volume.series.spacing_mm
    return grow(made.volume.hu, seed, at_least_hu=THRESHOLD_HU, spacing_mm=spacing_mm).where


def _place(rng: np.random.Generator, shape: tuple[int, ...], n: int) -> Voxel:
    """Return a place in a lung; they go through all slices, and none meets another."""
    k = 8 + (shape[0] - 16) * n // FOCI
    side = 1 if n % 2 else -1
    i = shape[2] / 2 * (1 + side * (0.4 + rng.uniform(-0.12, 0.12)))
    j = shape[1] / 2 * (1 + rng.uniform(-0.2, 0.2))
    return (k, round(j), round(i))


def _calcify(hu: Hu, seed: Voxel, radius_mm: float, spacing_mm: Vec3) -> None:
    reach = [int(radius_mm / s) + 2 for s in spacing_mm]
    part = tuple(slice(max(0, c - r), c + r + 1) for c, r in zip(seed, reach, strict=True))
    grid = np.meshgrid(
        *[np.arange(p.start, min(p.stop, n)) for p, n in zip(part, hu.shape, strict=True)],
        indexing="ij",
    )
    away = sum(((g - c) * s) ** 2 for g, c, s in zip(grid, seed, spacing_mm, strict=True))
    hu[part] = np.where(np.sqrt(away) <= radius_mm, 400, hu[part])

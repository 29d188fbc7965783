"""Tells by evidence what the columns of bare numbers mean."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from annotator.errors import FileError
from annotator.formats.points.records import Column, Columns
from annotator.i18n import gettext as _

Values = npt.NDArray[np.float64]
Evidence = Callable[[Values], float]

# Below this nothing fits: the numbers are not points.
LEAST_SCORE = 0.05
# A runner-up this close is told to the person.
CLOSE = 0.5
_WINDOWS, _WINDOW_ROWS = 32, 256
_FAR_M = 1000.0
_SHARPNESS = 6.0


@dataclass(frozen=True, slots=True)
class Layout:
    """What each number of a point means.

    Attributes
    ----------
    name
        What a person sets it by.
    columns
        Field names in the file's order.
    """

    name: str
    columns: tuple[str, ...]

    def words(self) -> str:
        """Say the layout in words."""
        said = _("{count} numbers a point: {columns}").format(
            count=len(self.columns), columns=", ".join(self.columns)
        )
        return f"{said} ({self.name})" if self.name else said


def known_layouts() -> tuple[Layout, ...]:
    """Return the layouts that are told apart."""
    return tuple(layout for layout, _evidence in _KNOWN)


def named_layout(name: str, path: Path, width: int | None = None) -> Layout:
    """Return the layout that a person set: by its name, or as ``x,y,z,intensity,ring``.

    Raises
    ------
    FileError
        If there is no such layout, or it does not fit ``width`` columns.
    """
    found = next((known for known in known_layouts() if known.name == name.strip().lower()), None)
    if found is None:
        columns = tuple(part.strip().lower() for part in name.split(",") if part.strip())
        if not {"x", "y"} <= set(columns) or len(set(columns)) < len(columns):
            raise _no_layout(path, _("there is no layout {name!r}").format(name=name[:60]))
        found = Layout("", columns)
    if width is not None and len(found.columns) != width:
        raise _no_layout(
            path,
            _("layout {name} has {count} numbers a point, the file has {found}").format(
                name=name[:60], count=len(found.columns), found=width
            ),
        )
    return found


def scores(rows: Column, layouts: Iterable[Layout] | None = None) -> dict[Layout, float]:
    """Say how well each layout of that width fits some rows, 0 to 1."""
    sample = sample_of(rows)
    wanted = None if layouts is None else set(layouts)
    return {
        layout: evidence(sample)
        for layout, evidence in _KNOWN
        if len(layout.columns) == rows.shape[1] and (wanted is None or layout in wanted)
    }


def best_layout(rows: Column) -> Layout:
    """Return the layout of columns whose number is known; numbered names where none fits."""
    found = scores(rows)
    best = max(found, key=lambda layout: found[layout], default=None)
    if best is not None and found[best] >= LEAST_SCORE:
        return best
    further = [f"column_{number}" for number in range(4, rows.shape[1] + 1)]
    return Layout("", ("x", "y", "z", *further))


def columns_of(rows: Column, layout: Layout) -> Columns:
    """Name the columns of an array (N, width); x, y and z stay together where they can."""
    if layout.columns[:3] == ("x", "y", "z") and rows.dtype.kind == "f":
        together = rows[:, :3].astype(rows.dtype.newbyteorder("="), order="C")
        axes: Columns = {axis: together[:, at] for at, axis in enumerate("xyz")}
        return axes | {name: rows[:, at] for at, name in enumerate(layout.columns) if at > 2}
    return {name: rows[:, at] for at, name in enumerate(layout.columns)}


def sample_of(rows: Column) -> Values:
    """Return some thousands of rows, in runs, so that neighbours stay neighbours."""
    chosen = rows
    if len(rows) > _WINDOWS * _WINDOW_ROWS:
        starts = np.linspace(0, len(rows) - _WINDOW_ROWS, _WINDOWS).astype(int)
        chosen = np.concatenate([rows[start : start + _WINDOW_ROWS] for start in starts])
    with np.errstate(invalid="ignore"):  # a signalling NaN in numbers that are no floats
        return np.asarray(chosen, np.float64)


def regularity(stream: Values, widths: Iterable[int]) -> dict[int, float]:
    """Say how well each width explains a stream of numbers, 1 for the best.

    Parameters
    ----------
    stream
        Numbers as they lie in the file, shape (N,).

    Notes
    -----
    Under the right width a number is compared with its like: heights with heights, intensities
    with intensities. The mean logarithm of the differences is then smallest, whether neighbours
    in the file are neighbours in space or not.
    """
    rough = {width: _roughness(stream, width) for width in widths}
    least = min(rough.values(), default=0.0)
    return {width: float(np.exp(-_SHARPNESS * (r - least))) for width, r in rough.items()}


def _roughness(stream: Values, width: int) -> float:
    if len(stream) <= width:
        return 0.0
    with np.errstate(invalid="ignore", over="ignore"):
        steps = np.abs(stream[width:] - stream[:-width])
    steps = steps[np.isfinite(steps)]
    return float(np.log(np.minimum(steps, 1e6) + 0.01).mean()) if len(steps) else 0.0


def _share(true: npt.NDArray[np.bool_]) -> float:
    return float(true.mean()) if true.size else 1.0


def _place(values: Values) -> float:
    """Score coordinates: within a kilometre, and no bit patterns of something else."""
    size = np.abs(values)
    tiny = (size > 0) & (size < 1e-9)
    possible = np.isnan(values) | ((size < _FAR_M) & ~tiny)
    return _share(possible) ** 8


def _is_whole(values: Values) -> npt.NDArray[np.bool_]:
    return np.asarray(values == np.floor(values))


def _unit(values: Values) -> float:
    """Score an intensity of 0 to 1."""
    if not values.any():
        return 0.6
    return _share((values >= 0) & (values <= 1)) ** 8


def _byte(values: Values) -> float:
    """Score an intensity of 0 to 255, whole or not."""
    fits = _share((values >= 0) & (values <= 255)) ** 8
    if not values.any() or values.max() <= 1:
        return 0.3 * fits
    return fits * (0.5 + 0.5 * _share(_is_whole(values)))


def _amount(values: Values) -> float:
    """Score any intensity: not below 0, and not like a coordinate."""
    return 0.3 * _share((values >= 0) & (values < 70_000)) ** 8


def _ring(values: Values) -> float:
    """Score a ring: a small whole number."""
    fits = _share(_is_whole(values) & (values >= 0) & (values < 256)) ** 8
    return fits if values.any() else 0.7 * fits


def _time(values: Values) -> float:
    """Score a time: it goes one way, takes few values, or stays within a turn of the sensor."""
    if not np.isfinite(values).all():
        return 0.0
    if values.size and values.min() == values.max():
        return 0.4
    forward = _share(np.diff(values) >= 0)
    few = float(len(np.unique(values)) <= max(2, len(values) // 16))
    short = 0.5 * _share((values >= 0) & (values < 0.25))
    return max(forward**4, few * _share(np.abs(values) < 100), short)


def _rcs(values: Values) -> float:
    """Score a radar cross-section in dBsm: a fractional number of either sign."""
    fits = _share((values > -100) & (values < 100)) ** 8
    return fits * (1.0 if values.min(initial=0.0) < 0 and not _is_whole(values).all() else 0.3)


def _speed(values: Values) -> float:
    """Score a radial velocity in m/s."""
    return _share(np.abs(values) < 100) ** 8 * (0.3 if _is_whole(values).all() else 1.0)


def _colours(values: Values) -> float:
    in_bytes = min(_byte(values[:, at]) for at in range(3))
    return max(in_bytes, 0.9 * min(_unit(values[:, at]) for at in range(3)))


def _normals(values: Values) -> float:
    length = np.sqrt((values**2).sum(axis=1))
    return _share(np.isnan(length) | (np.abs(length - 1) < 0.01)) ** 8


def _places(rows: Values) -> float:
    return min(_place(rows[:, at]) for at in range(3))


def _columnwise(*evidence: Evidence) -> Evidence:
    def score(rows: Values) -> float:
        found = [_places(rows), *(e(rows[:, 3 + at]) for at, e in enumerate(evidence))]
        return float(np.prod(found))

    return score


def _triple(evidence: Evidence) -> Evidence:
    return lambda rows: _places(rows) * evidence(rows[:, 3:6])


_KNOWN: tuple[tuple[Layout, Evidence], ...] = (
    (Layout("xyz", ("x", "y", "z")), _places),
    (Layout("kitti", ("x", "y", "z", "intensity")), _columnwise(_unit)),
    (
        Layout("xyzi", ("x", "y", "z", "intensity")),
        _columnwise(lambda v: max(_byte(v), _amount(v))),
    ),
    (Layout("nuscenes", ("x", "y", "z", "intensity", "ring")), _columnwise(_byte, _ring)),
    (Layout("xyzir", ("x", "y", "z", "intensity", "ring")), _columnwise(_unit, _ring)),
    (
        Layout("xyzit", ("x", "y", "z", "intensity", "time")),
        _columnwise(lambda v: 0.9 * max(_unit(v), _byte(v)), _time),
    ),
    (
        Layout("xyzirt", ("x", "y", "z", "intensity", "ring", "time")),
        _columnwise(lambda v: max(_unit(v), _byte(v), _amount(v)), _ring, _time),
    ),
    (Layout("xyzrgb", ("x", "y", "z", "red", "green", "blue")), _triple(_colours)),
    (
        Layout("xyznormal", ("x", "y", "z", "normal_x", "normal_y", "normal_z")),
        _triple(_normals),
    ),
    (
        Layout("vod", ("x", "y", "z", "rcs", "v_r", "v_r_compensated", "time")),
        _columnwise(_rcs, _speed, _speed, _time),
    ),
)


def _no_layout(path: Path, problem: str) -> FileError:
    names = ", ".join(layout.name for layout in known_layouts())
    return FileError(
        path,
        problem,
        _("choose one of {names}, or name the columns, such as x,y,z,intensity,ring").format(
            names=names
        ),
    )

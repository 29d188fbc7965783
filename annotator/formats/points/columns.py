"""Makes a scan of a file's columns: uniform names, one colour, an origin for map coordinates."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from annotator.errors import FormatError
from annotator.formats.points.records import Column, Columns
from annotator.i18n import gettext as _
from annotator.i18n import in_one
from annotator.model.cloud import PointCloud, Points
from annotator.model.shapes import Vec3

# From here on a float32 is coarser than a quarter of a millimetre.
FAR_M = 2048.0
# Whole kilometres, so that the scans of one site share their origin.
ORIGIN_STEP_M = 1000.0
# Not a place, whatever else it means (1e38 is some tools' "no return"); its square has no float32.
IMPOSSIBLE_M = 1e12

_NAMED_TIMES = ("time_ns", "timestamp_ns", "time_us", "timestamp_us", "time_ms", "timestamp_ms")
_ALIASES = {
    "x": ("position_x", "pos_x", "coordx", "coord_x", "easting", "x_m", "x[m]"),
    "y": ("position_y", "pos_y", "coordy", "coord_y", "northing", "y_m", "y[m]"),
    "z": ("position_z", "pos_z", "coordz", "coord_z", "height", "elevation", "z_m", "z[m]"),
    "intensity": ("i", "intensities", "reflectance", "remission", "scalar_intensity"),
    "ring": ("ring_index", "ring_id", "laser_id", "laserid", "channel", "scalar_ring"),
    "time": ("timestamp", "t", "gps_time", "gpstime", "time_stamp", "timestamps", *_NAMED_TIMES),
    "rcs": ("radar_cross_section",),
    "velocity": ("doppler", "radial_velocity", "v_r", "vr", "velocity_radial", "range_rate"),
    "v_r_compensated": ("vr_compensated", "v_r_comp", "vr_comp", "doppler_compensated"),
    "vx": ("velocity_x", "vel_x", "v_x", "vrel_long"),
    "vy": ("velocity_y", "vel_y", "v_y", "vrel_lat"),
    "vx_comp": ("vx_compensated", "velocity_x_comp"),
    "vy_comp": ("vy_compensated", "velocity_y_comp"),
    "label": ("labels", "semantic", "scalar_label"),
    "instance": ("instance_id", "scalar_instance"),
}
_UNIFORM = {alias: name for name, aliases in _ALIASES.items() for alias in aliases}
_PARTS_OF_SECOND = {"_ns": 1e-9, "_us": 1e-6, "_ms": 1e-3}
# Seconds since 1970 are some 10⁹: what is a thousand times that, or more, counts smaller parts.
_EPOCHS = ((1e17, 1e-9), (1e14, 1e-6), (1e11, 1e-3))
COARSE_M = 0.01
"""32 bits tell places this far apart, some 100 km from where they are counted from."""
_COLOURS = (
    ("red", "green", "blue"),
    ("r", "g", "b"),
    ("diffuse_red", "diffuse_green", "diffuse_blue"),
)


def cloud_of(columns: Columns, path: Path, *, notes: Iterable[str] = ()) -> PointCloud:
    """Return the scan that a file's columns describe.

    Parameters
    ----------
    columns
        Arrays of one length by the names the file gives them.
    notes
        What a person should know about how the file was understood.

    Raises
    ------
    FormatError
        If there are no coordinates among them.
    """
    named, said = uniform_names(columns), list(notes)
    if "x" not in named or "y" not in named:
        raise _no_coordinates(path, columns)
    if "z" not in named:
        named["z"] = np.zeros(len(named["x"]), named["x"].dtype)
        said.append(_("no height in the file: z is 0"))
    together = _together(named.pop("x"), named.pop("y"), named.pop("z"), path)
    missing = _blank_impossible(together)
    if missing and missing == len(together):
        raise FormatError(
            path,
            _("no point has a possible coordinate"),
            _("set the layout, or export the scan again"),
        )
    if missing:
        said.append(_("{count} points with impossible coordinates are blank").format(count=missing))
    step_m = _step_m(together)
    if step_m > COARSE_M:
        text = _("the file keeps places in steps of {step:g} m; export it with 64-bit coordinates")
        said.append(text.format(step=step_m))
    xyz_m, origin_m = _relative(together)
    fields = _with_colour(named)
    return PointCloud(xyz_m, fields, origin_m, path, in_one(said))


def uniform_names(columns: Columns) -> Columns:
    """Return the columns under the names that all formats share.

    Names lose their case; a known alias takes the uniform name unless the file has that too.
    """
    lower = [(_plain(name), _in_seconds(_plain(name), values)) for name, values in columns.items()]
    present = {name for name, _values in lower}
    named: Columns = {}
    for name, values in lower:
        uniform = _UNIFORM.get(name, name)
        wanted = name if uniform in present and uniform != name else uniform
        named[unused(wanted, named)] = values
    return named


def unused(name: str, taken: Mapping[str, object]) -> str:
    """Return ``name``, numbered from 2 where it is taken."""
    free, number = name, 2
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free


def origin_of(sample_m: npt.NDArray[np.generic]) -> Vec3:
    """Choose a whole-kilometre origin near most points, or (0, 0, 0) where none is needed.

    Parameters
    ----------
    sample_m
        Some points, shape (N, 3), metres.
    """
    finite = sample_m[np.isfinite(sample_m).all(axis=1)].astype(np.float64)
    if not len(finite):
        return (0.0, 0.0, 0.0)
    middle = np.median(finite, axis=0)
    if np.abs(middle).max() < FAR_M:
        return (0.0, 0.0, 0.0)
    x, y, z = (np.round(middle / ORIGIN_STEP_M) * ORIGIN_STEP_M).tolist()
    return (x, y, z)


def _in_seconds(name: str, values: Column) -> Column:
    """Return times as seconds, where their name or their size says that they are parts of one."""
    if _UNIFORM.get(name, name) != "time" or values.ndim != 1 or not len(values):
        return values
    by_name = next((share for end, share in _PARTS_OF_SECOND.items() if name.endswith(end)), None)
    latest = float(np.fmax.reduce(values))
    by_size = next((share for least, share in _EPOCHS if latest >= least), 1.0)
    share = by_size if by_name is None else by_name
    return values if share == 1.0 else values.astype(np.float64) * share


def _plain(name: str) -> str:
    return name.strip().strip('"').lstrip("/#").strip().lower()


def _together(x: Column, y: Column, z: Column, path: Path) -> npt.NDArray[np.generic]:
    """Return x, y and z as one (N, 3) array of floats; without copying where they are one."""
    if any(axis.ndim != 1 for axis in (x, y, z)):
        raise FormatError(path, _("x, y or z has several values a point"), _("export it again"))
    base = x.base
    if isinstance(base, np.ndarray) and base.dtype.kind == "f" and _is_made_of(base, (x, y, z)):
        return base
    kind = np.result_type(x, y, z)
    joined = np.empty((len(x), 3), kind if kind in {np.float32, np.float64} else np.float64)
    for at, axis in enumerate((x, y, z)):
        joined[:, at] = axis
    return joined


def _is_made_of(base: Column, axes: tuple[Column, ...]) -> bool:
    if base.shape != (len(axes[0]), 3) or not base.flags.c_contiguous:
        return False
    own = [base[:, at].__array_interface__ for at in range(3)]
    return own == [axis.__array_interface__ for axis in axes]


def _blank_impossible(xyz_m: npt.NDArray[np.generic]) -> int:
    """Make points that are nowhere NaN, in place; return how many there were."""
    if not len(xyz_m):
        return 0
    with np.errstate(invalid="ignore"):
        low, high = float(np.min(xyz_m)), float(np.max(xyz_m))
        if low > -IMPOSSIBLE_M and high < IMPOSSIBLE_M:
            return 0
        wrong = (np.abs(xyz_m) > IMPOSSIBLE_M).any(axis=1)
    xyz_m[wrong] = np.nan
    return int(wrong.sum())


def _step_m(xyz_m: npt.NDArray[np.generic]) -> float:
    """Return how far apart two places next to each other are that the numbers can tell."""
    sample_m = xyz_m[:: max(1, len(xyz_m) // 4096)]
    finite = sample_m[np.isfinite(sample_m).all(axis=1)]
    return float(np.spacing(np.abs(finite).max())) if len(finite) else 0.0


def _relative(xyz_m: npt.NDArray[np.generic]) -> tuple[Points, Vec3]:
    step = max(1, len(xyz_m) // 4096)
    origin_m = origin_of(xyz_m[::step])
    if not any(origin_m):
        with np.errstate(over="ignore"):
            return np.ascontiguousarray(xyz_m, np.float32), origin_m
    near = np.empty(xyz_m.shape, np.float32)
    for start in range(0, len(xyz_m), 1 << 20):
        block = slice(start, start + (1 << 20))
        near[block] = xyz_m[block].astype(np.float64) - origin_m
    return near, origin_m


def _with_colour(columns: Columns) -> dict[str, Column]:
    fields = {name: np.ascontiguousarray(values) for name, values in columns.items()}
    packed = next((name for name in ("rgb", "rgba") if name in fields), None)
    if packed is not None and fields[packed].ndim == 1 and fields[packed].dtype.itemsize == 4:
        return {**_without(fields, packed), "rgb": _unpacked(fields[packed])}
    for names in _COLOURS:
        if all(name in fields and fields[name].ndim == 1 for name in names):
            colour = np.stack([fields[name] for name in names], axis=1)
            return {**_without(fields, *names), "rgb": bytes_of_colour(colour)}
    return fields


def _without(fields: dict[str, Column], *names: str) -> dict[str, Column]:
    return {name: values for name, values in fields.items() if name not in names}


def _unpacked(packed: Column) -> npt.NDArray[np.uint8]:
    """Take apart PCL's colour: 0x00RRGGBB in four bytes, often disguised as a float."""
    bits = packed.view(np.uint32)
    return np.stack([bits >> 16, bits >> 8, bits], axis=1).astype(np.uint8)


def bytes_of_colour(colour: npt.NDArray[np.generic]) -> npt.NDArray[np.uint8]:
    """Return colours as 0 to 255, shape (N, 3), from bytes, 16 bits, or 0 to 1.

    Many writers put 0 to 255 into 16-bit fields: only values beyond tell that 16 bits are meant.
    """
    if colour.dtype == np.uint8 or not len(colour):
        return colour.astype(np.uint8)
    values: Points = np.nan_to_num(colour.astype(np.float32), posinf=0.0, neginf=0.0)
    if colour.dtype.kind == "i" and colour.dtype.itemsize == 1:
        values[values < 0] += 256
    highest = float(values.max())
    if colour.dtype.kind == "f" and highest <= 1.0:
        values *= 255
    elif highest > 255:
        values /= 257
    return np.asarray(np.round(np.clip(values, 0, 255)), np.uint8)


def _no_coordinates(path: Path, columns: Columns) -> FormatError:
    names = ", ".join(list(columns)[:8]) or _("nothing")
    return FormatError(
        path,
        _("it has no x and y among its columns ({names})").format(names=names),
        _("open a file that holds points"),
    )

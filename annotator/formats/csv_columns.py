"""The columns of tables for spreadsheets, and texts that would be formulas there."""

from collections.abc import Iterable

_END = ("track", "frame", "attributes")
FOCI_COLUMNS = (
    *("study_uid", "series_uid", "focus_id", "tracking_uid", "class"),
    *("x_lps_mm", "y_lps_mm", "z_lps_mm", "i_col", "j_row", "k_slice"),
    *("volume_mm3", "voxels", "max_hu", "mean_hu", "area_mm2", "long_axis_mm", "agatston"),
    *("rule", "at_least_hu", "kv", "increment_mm", "connectivity", "least_area_mm2"),
    *("rater", "time_utc"),
    *_END,
)
ANGLES = ("yaw_deg", "pitch_deg", "roll_deg")
BOX_COLUMNS = (
    *("id", "label", "shape", "x_m", "y_m", "z_m", "length_m", "width_m", "height_m"),
    *ANGLES,
    "assumed",
    *_END,
)
_LUNA_COLUMNS = ("seriesuid", "coordX", "coordY", "coordZ")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
"""What a spreadsheet may take for a formula; the apostrophe itself so that reading is exact."""

Row = dict[str, str]
Number = float | int | str


def kind_of(names: Iterable[str]) -> str:
    """Return which table has such columns: foci, boxes or LUNA16's; empty where none has."""
    have = {name.strip() for name in names}
    if have >= {"class", "x_lps_mm", "y_lps_mm", "z_lps_mm"}:
        return "foci"
    if have >= set(BOX_COLUMNS[1:10]):
        return "boxes"
    return "luna" if have >= set(_LUNA_COLUMNS) else ""


def guarded(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def unguarded(text: str) -> str:
    """Return a text as it was before it was guarded."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(_FORMULA) else text

"""What the image view shows of a series, and the picture of a plane that follows from it."""

from dataclasses import dataclass, field
from typing import cast

import numpy as np
import numpy.typing as npt

from annotator.i18n import gettext as _
from annotator.i18n import ngettext
from annotator.imaging.cameras import PlaneCamera
from annotator.imaging.cut_picture import Labels
from annotator.imaging.orientation import sides
from annotator.imaging.shear import Shear, shear_of, straightened
from annotator.imaging.slabs import Mix, Plane, cut, slab
from annotator.imaging.windows import PRESETS, Window
from annotator.model.layers import Layer
from annotator.model.shapes import Vec2, Vec3
from annotator.model.volume import AIR_HU, Affine, Hu, Series
from annotator.tools.tool import Preview
from annotator.views.ct.focus_mask import FocusMask
from annotator.views.ct.plane_picture import PlanePicture

LENS_SLAB_MM = 5.0
_CALCIUM = next(preset.window for preset in PRESETS if preset.name == "calcium")


@dataclass(slots=True)
class ImageState:
    """View state: never stored, never undone.

    Attributes
    ----------
    at
        The voxel (i, j, k) that all planes show; the axial slice is its k.
    slab_mm, mix
        Thickness of a slab, 0 for a single cut, and how it becomes one picture.
    lens
        What the lens shows through the calcium window: None for the same cut, else a slab of 5 mm.
    """

    series: Series
    hu: Hu
    at: tuple[int, int, int] = (0, 0, 0)
    window: Window = PRESETS[0].window
    is_inverted: bool = False
    slab_mm: float = 0.0
    mix: Mix = Mix.MAXIMUM
    lens: Mix | None = None
    is_mask_hidden: bool = False
    is_linked: bool = True
    shear: Shear | None = field(init=False)
    odd_gaps: tuple[int, ...] = field(init=False)
    _lps_from_straight: Affine = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.shear = shear_of(self.series.lps_from_voxel, len(self.hu))
        self.odd_gaps = self.series.odd_gaps()
        self._lps_from_straight = straightened(self.series.lps_from_voxel)

    @classmethod
    def in_the_middle(cls, series: Series, hu: Hu) -> "ImageState":
        """Return the state of a series that was just opened."""
        slices, rows, columns = hu.shape
        return cls(series, hu, at=(columns // 2, rows // 2, slices // 2))

    def clipped(self, voxel: tuple[int, int, int]) -> tuple[int, int, int]:
        """Return the nearest voxel (i, j, k) that there is."""
        i, j, k = (
            min(max(at, 0), size - 1) for at, size in zip(voxel, self.hu.shape[::-1], strict=True)
        )
        return (i, j, k)

    def has(self, voxel: tuple[int, int, int]) -> bool:
        """Tell whether a voxel (i, j, k) lies in the volume."""
        return self.clipped(voxel) == voxel

    def crosshair(self) -> Vec3 | None:
        """Return where the planes meet; None where one is shown alone."""
        return self.place() if self.is_linked else None

    def place(self) -> Vec3:
        """Return the voxel that all planes show."""
        return _float(self.at)

    def shown_at(self, voxel: tuple[int, int, int], plane: Plane) -> tuple[int, int, int]:
        """Return which voxel (i, j, k) a plane shows there: in a MIP the brightest of the slab."""
        count = self.slices_in(self.slab_mm, plane)
        is_picked = self.mix is not Mix.MEAN and (self.shear is None or plane is Plane.AXIAL)
        if count < 2 or not is_picked or not self.has(voxel):
            return voxel
        depth = 2 - plane.axis
        cuts = self._slab(plane, voxel[depth])
        along = list[int | slice](voxel[::-1])
        along[plane.axis] = slice(cuts.start, cuts.stop)
        values = self.hu[tuple(along)]
        best = values.argmax() if self.mix is Mix.MAXIMUM else values.argmin()
        shown = list(voxel)
        shown[depth] = cuts.start + int(best)
        return (shown[0], shown[1], shown[2])

    def voxel_in_words(self, voxel: tuple[int, int, int]) -> str:
        """Return value, indices and place of a voxel (i, j, k)."""
        i, j, k = voxel
        place = lps_in_words(self.series.lps_of((i, j, k)))
        return f"{self.hu[k, j, i]:.0f} HU  ·  i {i}  j {j}  k {k}  ·  {place}"

    def slices_in(self, thickness_mm: float, plane: Plane = Plane.AXIAL) -> int:
        """Return how many cuts of a plane a slab of this thickness is made of; at least one."""
        return max(1, round(thickness_mm / self.spacing_mm(plane)))

    def spacing_mm(self, plane: Plane) -> float:
        """Return how far the cuts of a plane are from each other."""
        return self.series.spacing_mm[plane.axis]

    def brought_windows(self) -> dict[Window, str]:
        """Return the windows that the file brings, each with its name, or number if it has none."""
        found: dict[Window, str] = {}
        for number, brought in enumerate(self.series.windows, start=1):
            name = brought.name or _("File {n}").format(n=number)
            found.setdefault(Window(brought.center_hu, brought.width_hu), name)
        return found

    def window_in_words(self) -> str:
        """Return the window as stations write it, with the preset's name if it is one."""
        brought = self.brought_windows().get(self.window, "")
        named = next((_(p.title) for p in PRESETS if p.window == self.window), brought)
        numbers = f"W {self.window.width_hu:.0f}  L {self.window.center_hu:.0f}"
        return f"{named}  {numbers}".strip()

    def picture_of(
        self,
        camera: PlaneCamera,
        mask: FocusMask,
        layer: Layer | None,
        preview: Preview | None = None,
    ) -> PlanePicture:
        """Return what a plane draws; the preview's circle only where one is given."""
        layout, plane = camera.layout, camera.layout.plane
        hu = self._thick(camera, self.slab_mm, self.mix)
        lens_hu = hu if self.lens is None else self._thick(camera, LENS_SLAB_MM, self.lens)
        labels = None
        if layer is not None and not self.is_mask_hidden:
            labels = self._labels(camera, mask, layer, preview)
        if layout.is_transposed and labels is not None:
            labels = np.ascontiguousarray(labels.T)
        return PlanePicture(
            _laid(hu, is_transposed=layout.is_transposed),
            self.window,
            labels,
            mask.colors,
            mask.styles,
            is_inverted=self.is_inverted,
            sides=sides(layout, self._lps_from_straight),
            lens_hu=_laid(lens_hu, is_transposed=layout.is_transposed),
            lens_window=_CALCIUM,
            lens_words=self._lens_in_words(camera.layout.plane),
            corner=self._corner(camera),
            first=_first(camera, len(self.hu)),
            gaps=self.odd_gaps if plane is not Plane.AXIAL else (),
        )

    def _slab(self, plane: Plane, index: int) -> range:
        """Return the cuts that are shown together around one."""
        count = self.slices_in(self.slab_mm, plane)
        first = max(0, index - (count - 1) // 2)
        return range(first, min(self.hu.shape[plane.axis], index + count // 2 + 1))

    def _labels(
        self, camera: PlaneCamera, mask: FocusMask, layer: Layer, preview: Preview | None
    ) -> Labels | None:
        """Return the foci of all cuts that are shown together; the cut in the middle wins."""
        plane, shown = camera.layout.plane, None
        cuts = sorted(self._slab(plane, camera.index), key=lambda n: abs(n - camera.index))
        for index in cuts:
            more = mask.on_cut(layer, plane, index, preview, camera.shear)
            if shown is None or more is None:
                shown = more if shown is None else shown
            else:
                shown = np.where(shown == 0, more, shown)
        return shown

    def _thick(self, camera: PlaneCamera, thickness_mm: float, mix: Mix) -> Hu:
        plane, index = camera.layout.plane, camera.index
        count = self.slices_in(thickness_mm, plane)
        if camera.shear is not None:
            return self._straight(camera.shear, plane, index, count, mix)
        if count < 2:
            return cut(self.hu, plane, index)
        return slab(self.hu, plane, index, count=count, mix=mix)

    def _straight(self, shear: Shear, plane: Plane, index: int, count: int, mix: Mix) -> Hu:
        """Return a slab of straightened cuts."""
        air = self.hu.dtype.type(AIR_HU)
        first = index - (count - 1) // 2
        cuts = [
            shear.cut(enumerate(self.hu), self.hu.shape, plane, n, np.asarray(air))
            for n in range(first, first + count)
        ]
        return cast("Hu", _mixed(cast("Hu", np.stack(cuts)), mix).astype(self.hu.dtype))

    def _corner(self, camera: PlaneCamera) -> tuple[str, ...]:
        axis = camera.layout.depth
        count = self.hu.shape[2 - axis]
        place = self.series.lps_of(_float(self.at))
        main = int(np.abs(self.series.lps_from_voxel[:3, axis]).argmax())
        titles = {
            Plane.AXIAL: _("Axial"),
            Plane.CORONAL: _("Coronal"),
            Plane.SAGITTAL: _("Sagittal"),
        }
        lines = [
            f"{titles[camera.layout.plane]}  {camera.index + 1} / {count}",
            f"{'xyz'[main]} {place[main]:.1f} mm",
            self.window_in_words(),
        ]
        if self.slab_mm > 0:
            lines.append(self._slab_in_words(self.slab_mm, self.mix, camera.layout.plane))
        if self.is_mask_hidden:
            lines.append(_("Foci hidden"))
        if self.odd_gaps and camera.layout.plane is not Plane.AXIAL:
            lines.append(_gaps_in_words(len(self.odd_gaps)))
        return tuple(lines)

    def _slab_in_words(self, thickness_mm: float, mix: Mix, plane: Plane) -> str:
        """Return what a slab is made of: whole cuts, so seldom as thick as was asked for."""
        mixes = {Mix.MAXIMUM: "MIP", Mix.MINIMUM: "MinIP", Mix.MEAN: _("Mean")}
        count, each_mm = self.slices_in(thickness_mm, plane), self.spacing_mm(plane)
        return f"{mixes[mix]} {count * each_mm:.3g} mm = {count} × {each_mm:.3g} mm"

    def _lens_in_words(self, plane: Plane) -> str:
        if self.lens is None:
            return _("Calcium")
        return f"{_('Calcium')} · {self._slab_in_words(LENS_SLAB_MM, self.lens, plane)}"


def _gaps_in_words(count: int) -> str:
    return ngettext(
        "▲ {count} odd gap: heights are not to scale",
        "▲ {count} odd gaps: heights are not to scale",
        count,
    ).format(count=count)


def _mixed(cuts: Hu, mix: Mix) -> npt.NDArray[np.generic]:
    match mix:
        case Mix.MAXIMUM:
            return np.asarray(np.max(cuts, axis=0))
        case Mix.MINIMUM:
            return np.asarray(np.min(cuts, axis=0))
        case Mix.MEAN:
            return np.asarray(np.rint(np.mean(cuts, axis=0)))


def _first(camera: PlaneCamera, slices: int) -> Vec2:
    """Return where, right and down, the first column of a straightened cut lies."""
    if camera.shear is None:
        return (0.0, 0.0)
    first = float(camera.shear.first(camera.layout.plane, slices))
    return (0.0, first) if camera.layout.is_transposed else (first, 0.0)


def lps_in_words(place: Vec3) -> str:
    """Return LPS millimetres with the side of the patient instead of a sign: L 28.8."""
    names = (("L", "R"), ("P", "A"), ("H", "F"))
    said = (
        f"{pair[0] if at >= 0 else pair[1]} {abs(at):.1f}"
        for pair, at in zip(names, place, strict=True)
    )
    return "  ".join(said) + " mm"


def _float(voxel: tuple[int, int, int]) -> Vec3:
    return (float(voxel[0]), float(voxel[1]), float(voxel[2]))


def _laid(hu: Hu, *, is_transposed: bool) -> Hu:
    return cast("Hu", np.ascontiguousarray(hu.T)) if is_transposed else hu

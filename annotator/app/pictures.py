"""Draws data with its labels into a picture, without a window or a display."""

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from annotator.app.shown_class import color_of
from annotator.formats.format import Context
from annotator.geometry.projection import Camera
from annotator.geometry.wireframes import lines_of
from annotator.model.cloud import PointCloud
from annotator.model.document import Document
from annotator.model.labels import Taxonomy
from annotator.model.shapes import Focus, Vec3
from annotator.model.volume import Volume

Size = tuple[int, int]


def drawn(
    context: Context, document: Document | None, size_px: Size, *, frame: int = 0
) -> Image.Image:
    """Return a picture of a scan from above and behind, or of the most telling slice of a CT."""
    if context.volume is not None:
        return _drawn_slice(context.volume, document, context.taxonomy, size_px)
    return _drawn_cloud(context, document, size_px, frame)


def _drawn_cloud(
    context: Context, document: Document | None, size_px: Size, frame: int
) -> Image.Image:
    cloud = _in_world(context, frame)
    layer = document.semantic(frame).dense() if document else None
    camera = Camera().fitted(*_bulk(cloud.xyz_m, cloud.origin_m), size_px)
    image = _image(_scan_pixels(cloud, layer, context.taxonomy, camera, size_px))
    pen = ImageDraw.Draw(image)
    for annotation in document.in_frame(frame) if document else ():
        color = color_of(annotation.label, context.taxonomy)
        lines = lines_of(annotation.shape)
        places = camera.project(lines.reshape(-1, 3), size_px)[0].reshape(-1, 4)
        for ends in places[np.isfinite(places).all(axis=1)].tolist():
            pen.line(ends, fill=color, width=2)
    return image


def _scan_pixels(
    cloud: PointCloud,
    layer: npt.NDArray[np.uint32] | None,
    taxonomy: Taxonomy,
    camera: Camera,
    size_px: Size,
) -> npt.NDArray[np.uint32]:
    """Draw the points by class, or by height where none has a class."""
    from annotator.app.renderers.renderer import ShownPoints  # noqa: PLC0415 - compiles kernels
    from annotator.app.renderers.software import SoftwareRenderer  # noqa: PLC0415
    from annotator.geometry import colouring  # noqa: PLC0415

    labelled = layer is not None and layer.any()
    colours = colouring.colours_of(
        cloud,
        colouring.ColourBy.LABEL if labelled else colouring.ColourBy.HEIGHT,
        colouring.colour_map(colouring.ColourMap.SPECTRUM),
        taxonomy=taxonomy,
        layer=layer,
    )
    renderer = SoftwareRenderer()
    try:
        renderer.show(ShownPoints(cloud.xyz_m, colours.numbers, colours.table, cloud.origin_m))
        return renderer.draw(camera, size_px).pixels
    finally:
        renderer.close()


def _in_world(context: Context, frame: int) -> PointCloud:
    from annotator.geometry.accumulating import placed  # noqa: PLC0415 - compiles kernels

    cloud, poses = context.clouds[frame], context.world_from_cloud
    return placed(cloud, poses[frame]) if frame < len(poses) else cloud


def _drawn_slice(
    volume: Volume, document: Document | None, taxonomy: Taxonomy, size_px: Size
) -> Image.Image:
    from annotator.imaging.cut_picture import Framing, picture  # noqa: PLC0415 - kernels
    from annotator.imaging.windows import PRESETS  # noqa: PLC0415 - as above

    layer = document.instances() if document else None
    k = len(volume.hu) // 2
    if layer is not None:
        k = max(layer.chunks(), key=lambda n: np.count_nonzero(layer.chunk(n)), default=k)
    hu = volume.hu[k]
    seen = layer.view(k) if layer is not None else None
    colors = np.zeros(0 if layer is None else layer.largest() + 1, np.uint32)
    for annotation in document.annotations.values() if document else ():
        if isinstance(annotation.shape, Focus):
            red, green, blue = color_of(annotation.label, taxonomy)
            colors[annotation.shape.instance] = 0x66000000 | red << 16 | green << 8 | blue
    width, height = size_px
    _z, dy, dx = volume.series.spacing_mm
    mm_per_px = max(hu.shape[1] * dx / width, hu.shape[0] * dy / height)
    framing = Framing(
        (hu.shape[1] - 1) / 2 - width * mm_per_px / dx / 2,
        (hu.shape[0] - 1) / 2 - height * mm_per_px / dy / 2,
        mm_per_px / dx,
        mm_per_px / dy,
    )
    out = np.zeros((height, width), np.uint32)
    labels = None if seen is None else np.ascontiguousarray(seen).reshape(hu.shape)
    mediastinum = PRESETS[1].window
    return _image(picture(hu, mediastinum, framing, out, labels=labels, colors=colors))


def _bulk(xyz_m: npt.NDArray[np.float32], origin_m: Vec3) -> tuple[Vec3, Vec3]:
    """Return the bounds of what most points are in, stray ones left out."""
    kept = xyz_m[np.isfinite(xyz_m).all(axis=1)]
    if not len(kept):
        return (-1.0, -1.0, -1.0), (1.0, 1.0, 1.0)
    low, high = np.percentile(kept, (2, 98), axis=0) + np.asarray(origin_m)
    return tuple(low.tolist()), tuple(high.tolist())


def _image(pixels: npt.NDArray[np.uint32]) -> Image.Image:
    shifts = np.array((16, 8, 0), np.uint32)
    return Image.fromarray(((pixels[:, :, None] >> shifts) & 0xFF).astype(np.uint8))

"""Lays annotations, previews and marks over the picture of a scan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from annotator.app.cloud_settings import CloudSettings
from annotator.app.instances_in_words import instances_in_words
from annotator.app.renderers.renderer import Picture, ShownPoints
from annotator.app.scan_view import are_shown, bulk_m, has_places
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.app.shown_in_words import hidden_in_words, state_in_words
from annotator.app.shown_scan import ShownScan
from annotator.commands.instances import class_of
from annotator.errors import as_sentence
from annotator.geometry.colouring import ColourBy
from annotator.geometry.doppler import NO_ARROWS, Arrows, motion_told
from annotator.geometry.drawing import NOTHING, Entries
from annotator.geometry.floor_grid import grid_lines, grid_step_m
from annotator.geometry.inside import can_hold
from annotator.geometry.projection import Camera
from annotator.geometry.scan_findings import is_one_spot, one_spot_in_words
from annotator.i18n import gettext as _
from annotator.model.annotations import Annotation, AnnotationId
from annotator.model.cloud import PointCloud
from annotator.model.layers import SEMANTIC
from annotator.tools.keys import keyed
from annotator.tools.tool import Preview
from annotator.views.cloud import cloud_marks, cloud_overlay
from annotator.views.cloud.clipping import Clipping
from annotator.views.cloud.cloud_arrows import paint_arrows
from annotator.views.cloud.cloud_legend import CloudLegend
from annotator.views.cloud.cloud_lines import Stage, Stroke, paint_strokes
from annotator.views.cloud.painted_rows import PaintedRows, RingedRows
from annotator.views.cloud.scan_drawing import ScanDrawing, laid
from annotator.views.cloud.tool_in_hand import ToolInHand
from annotator.views.painted_once import PaintedOnce

_BEHIND = QColor(18, 21, 26)
_SOON_SURVEYED = 1_000_000
"""Points of a scan whose floor is found before anybody could read that it is looked for."""
_GRID = QColor(150, 165, 190, 90)
_PLAIN = (242, 244, 248)


@dataclass(frozen=True, slots=True, eq=False)
class _Moves:
    """Arrows as they were found last, and of what."""

    shown: ShownScan | None = None
    points: ShownPoints | None = None
    arrows: Arrows = NO_ARROWS

    def are_of(self, shown: ShownScan, points: ShownPoints) -> bool:
        """Tell whether the same points of a scan are shown, in whatever colours."""
        mine = self.points
        return (
            self.shown is shown
            and mine is not None
            and mine.seen is points.seen
            and mine.slab_m == points.slab_m
            and mine.xyz_m is points.xyz_m
        )


class CloudPainting:
    """Paints the whole cloud view, as the camera of the last picture saw it."""

    def __init__(
        self,
        session: Session,
        selection: Selection,
        settings: CloudSettings,
        *,
        drawing: ScanDrawing,
        hand: ToolInHand,
        legend: CloudLegend,
        clipping: Clipping,
    ) -> None:
        self._legend, self._clipping = legend, clipping
        self._session, self._selection, self._settings = session, selection, settings
        self._drawing, self._hand = drawing, hand
        self._painted_rows, self._marked_rows = PaintedRows(), RingedRows()
        self._looked_at: PointCloud | None = None
        self._bare: tuple[Picture | None, str] = (None, "")
        self._moves = _Moves()
        self._hint = PaintedOnce()
        self.is_isolated = False
        """Whether only what had been selected is shown."""
        self.says_blank = False
        """Whether the scan that was painted last has not one point with coordinates."""
        self.few: Mapping[AnnotationId, str] = {}
        """What is to be said of boxes that hold too few points."""

    def paint(
        self,
        painter: QPainter,
        area: QRectF,
        camera: Camera,
        annotations: Sequence[Annotation],
        hovered: AnnotationId | None,
    ) -> None:
        """Paint what a camera sees; where there is no picture, say why."""
        picture, shown = self._drawing.picture, self._drawing.shown
        if picture is None or not len(shown.cloud) or self._is_blank(shown.cloud):
            painter.fillRect(area, _BEHIND)
            cloud_marks.paint_message(painter, area, self._why_empty(shown))
            return
        size = (max(round(area.width()), 1), max(round(area.height()), 1))
        faded = self._settings.look.faded
        here = laid(picture, camera, size)
        stage = Stage(picture, here, size, self._session.taxonomy, faded)
        _paint_picture(painter, area, stage)
        self._paint_instances(painter, stage)
        self._paint_grid(painter, stage)
        cloud_overlay.paint_clip(painter, stage, self._clipping.box, self._clipping.held)
        self._paint_annotations(painter, stage, annotations, hovered)
        self._paint_preview(painter, stage)
        self._paint_marks(painter, area, camera)
        self._paint_state(painter, area, picture)

    def _why_empty(self, shown: ShownScan) -> str:
        if not len(shown.cloud):
            return shown.fault or _("This scan has no points")
        if self._drawing.picture is None:
            return _("Drawing…")
        return _("No point of this scan has a place: every coordinate is missing")

    def _paint_state(self, painter: QPainter, area: QRectF, picture: Picture) -> None:
        """Say what is hidden and what cannot be done; where no point is seen at all, why."""
        storeys = self._drawing.storeys
        hidden = hidden_in_words(
            self._settings.look,
            tuple(self._session.taxonomy),
            is_isolated=self.is_isolated,
            is_clipped=self._clipping.box is not None,
            has_ceiling=self._drawing.overhead is not None,
            storeys=1 if storeys is None else len(storeys),
        )
        scene = self._hand.scene
        state = state_in_words(
            is_read_only=self._session.read_only,
            is_surveyed=scene.survey is not None or len(scene.cloud) < _SOON_SURVEYED,
            unread=self._drawing.shown.unread,
            is_grey=self.is_grey(),
        )
        cloud_marks.paint_state(painter, (*state, *hidden))
        cloud_marks.paint_message(painter, area, self._why_bare(picture))

    def is_grey(self) -> bool:
        """Tell whether colours say nothing, as who drew boxes might not expect."""
        scene = self._hand.scene
        if self._drawing.colours.now.legend.by is not ColourBy.LABEL:
            return False
        if self._drawing.shown.is_labelled(scene.document, SEMANTIC):
            return False
        return any(can_hold(a.shape) for a in scene.document.in_frame(scene.frame))

    def _why_bare(self, picture: Picture) -> str:
        """Say why a picture shows no point, or one for all; looked at once per picture."""
        if self._bare[0] is not picture:
            is_bare = picture.is_whole and _is_bare(picture.entries)
            is_hidden = is_bare and not are_shown(self._drawing.points).any()
            why = _("All of this scan is hidden · the top left says why, and which key shows it")
            away = keyed(_("The scan is out of sight · {view_fit} brings it into view"))
            spot = picture.is_whole and is_one_spot(self._drawing.shown.cloud)
            seen = as_sentence(one_spot_in_words()) if spot else ""
            self._bare = (picture, (why if is_hidden else away) if is_bare else seen)
        return self._bare[1]

    def _is_blank(self, cloud: PointCloud) -> bool:
        """Tell whether not one point can be shown; looked at once per scan."""
        if self._looked_at is not cloud:
            self._looked_at = cloud
            self.says_blank = not has_places(cloud)
        return self.says_blank

    def arrows(self) -> Arrows:
        """Return what arrows show: how a radar's points move, and those laid over them."""
        shown = self._drawing.shown
        if not self._settings.look.draws_arrows or motion_told(shown.cloud) is None:
            return NO_ARROWS
        points = self._drawing.points
        if not self._moves.are_of(shown, points):
            moves = shown.arrows(are_shown(points)) if points.xyz_m is shown.cloud.xyz_m else None
            self._moves = _Moves(shown, points, moves or NO_ARROWS)
        return self._moves.arrows

    def _paint_arrows(self, painter: QPainter, stage: Stage) -> None:
        arrows, points = self.arrows(), self._drawing.points
        if len(arrows.rows) and len(points.colours) == len(self._drawing.shown.cloud):
            colours = points.table[points.colours[arrows.rows]]
            paint_arrows(painter, stage, arrows.ends_m, colours)

    def _paint_grid(self, painter: QPainter, stage: Stage) -> None:
        """Lay a grid of round metres on the floor."""
        bounds = bulk_m(self._drawing.shown.cloud) if self._settings.look.grid else None
        if bounds is not None:
            camera, (low, high) = stage.picture.camera, bounds
            x, y, _z = camera.target_m
            floor_m = self._hand.scene.floor_m((x, y, low[2] + 1.0))
            step_m = grid_step_m(camera.px_per_m(stage.size_px[1]))
            lines = grid_lines(low, high, floor_m, step_m, camera.target_m)
            paint_strokes(painter, stage, [Stroke(lines, _GRID, 1.0)])

    def _paint_annotations(
        self,
        painter: QPainter,
        stage: Stage,
        annotations: Sequence[Annotation],
        hovered: AnnotationId | None,
    ) -> None:
        preview = self._hand.preview
        previewed = {a.id: a.shape for a in preview.annotations} if preview else {}
        cloud_overlay.paint_annotations(
            painter,
            stage,
            [a for a in annotations if previewed.get(a.id, a.shape) == a.shape],
            selected=frozenset(self._selection.ids),
            named=frozenset({hovered} if hovered else ()),
            doubted=self.few,
        )
        cloud_overlay.paint_preview(painter, stage, self._hand.trajectory())
        self._paint_arrows(painter, stage)

    def _paint_instances(self, painter: QPainter, stage: Stage) -> None:
        """Ring the selected points, and say what they are."""
        scene, marked, preview = self._hand.scene, self._hand.marked, self._hand.preview
        rows = marked.rows
        if not len(rows) or (preview is not None and preview.hides_marks):
            return
        count, area = len(self._drawing.shown.cloud), _area_of(stage)
        self._marked_rows.paint(
            painter, area, stage.picture, rows, count=count, color=_PLAIN, marks=marked.marks
        )
        top_px = self._marked_rows.top_px(area)
        label = class_of(scene.document, scene.instances[0], scene.taxonomy, scene.frame)
        if top_px is not None and label is not None:
            words = instances_in_words(label, scene.instances, len(rows))
            cloud_overlay.paint_tag(painter, top_px, words, QColor(*label.color))

    def _paint_preview(self, painter: QPainter, stage: Stage) -> None:
        preview = self._hand.preview
        if preview is None:
            return
        if preview.rows is not None:
            self._paint_rows(painter, stage, preview)
        cloud_overlay.paint_preview(painter, stage, preview)

    def _paint_rows(self, painter: QPainter, stage: Stage, preview: Preview) -> None:
        label = self._hand.scene.active_label()
        if preview.rows is not None:
            self._painted_rows.paint(
                painter,
                _area_of(stage),
                stage.picture,
                preview.rows,
                count=len(self._drawing.shown.cloud),
                color=preview.color or (label.color if label is not None else _PLAIN),
            )

    def _paint_marks(self, painter: QPainter, area: QRectF, camera: Camera) -> None:
        self._legend.paint(painter)
        cloud_marks.paint_axes(painter, area, camera)
        cloud_marks.paint_scale_bar(painter, area, camera)
        hint, is_warning = self._hand.hint(), self._hand.is_warning
        self._hint.paint(
            painter,
            (hint, is_warning, area.getRect()),
            lambda: cloud_marks.hint_frame(painter, area, hint),
            lambda own: cloud_marks.paint_hint(own, area, hint, warning=is_warning),
        )


def _is_bare(entries: Entries) -> bool:
    """Tell whether no point is seen; of nearly every picture a few pixels tell that one is."""
    return all((part == NOTHING).all() for part in (entries[::32, ::32], entries))


def _paint_picture(painter: QPainter, area: QRectF, stage: Stage) -> None:
    """Lay the points where they belong; what the picture does not reach yet is empty."""
    pixels = stage.picture.pixels
    height, width = pixels.shape
    image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32)
    reached = _area_of(stage)
    if not reached.adjusted(-1, -1, 1, 1).contains(area):
        painter.fillRect(area, _BEHIND)
    painter.drawImage(reached, image)


def _area_of(stage: Stage) -> QRectF:
    width, height = stage.picture.size_px
    return QRectF(*stage.laid.at_px, width * stage.laid.scale, height * stage.laid.scale)

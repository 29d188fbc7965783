"""Turns the real cloud view with the mouse: frames while it moves, and the whole picture after."""

from collections.abc import Iterator

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from annotator.views.cloud.cloud_view import CloudView
from bench import peers
from bench.rows import Row
from bench.stage import cloud_view, next_drawn, wait_for
from bench.timing import timed
from bench.work_files import frames_folder

WIDTH, HEIGHT = peers.VIEW_PX
SIZES = {150_000: 8.0, 1_000_000: 16.0, 5_000_000: 16.0, 20_000_000: 16.0}
WHOLE_TARGETS_MS = {5_000_000: 100.0, 20_000_000: 350.0}
MIDDLE, NONE = Qt.MouseButton.MiddleButton, Qt.KeyboardModifier.NoModifier


def rows(*, quick: bool) -> Iterator[Row]:
    for points, target_ms in SIZES.items():
        moving_ms, share_ms, whole_ms = _ours(points, frames=60 if quick else 200)
        said = in_words(points)
        name = f"orbit frame, {said} points, {WIDTH} × {HEIGHT}"
        moving = Row(name, moving_ms, "ms", target_ms, note=f"99 % within {share_ms:.1f} ms")
        yield from moving.beside(_peers(points, quick=quick))
        yield Row(f"whole picture after it stops, {said}", whole_ms, "ms", _target(points))


def in_words(points: int) -> str:
    """Return 150 k or 5 M."""
    return f"{points // 1_000_000} M" if points >= 1_000_000 else f"{points // 1000} k"


def _target(points: int) -> float | None:
    return WHOLE_TARGETS_MS.get(points)


def _ours(points: int, frames: int) -> tuple[float, float, float]:
    view = cloud_view(points, WIDTH, HEIGHT)
    at = QPoint(WIDTH // 2, HEIGHT // 2)
    QTest.mousePress(view, MIDDLE, NONE, at)

    def turn(n: int) -> None:
        to = at + QPoint(8 + 3 * n % 293, n % 7)  # a smaller move might be a click
        next_drawn(view.drawn, view, lambda: QTest.mouseMove(view, to))

    moving = timed(turn, frames, warm=10)
    QTest.mouseRelease(view, MIDDLE, NONE, at)
    whole = timed(lambda n: _stopped(view, n), max(3, frames // 10))
    view.stop_listening()
    return moving.median_ms, moving.share_ms(0.99), whole.median_ms


def _stopped(view: CloudView, n: int) -> None:
    """From letting go of the mouse to the whole picture on the screen; the turn is not counted."""
    before = view.picture
    view.steering.look(view.camera.orbited(0.01 * (n + 1), 0.0, None))
    wait_for(lambda: view.picture is not before and _is_whole(view))
    view.repaint()


def _is_whole(view: CloudView) -> bool:
    return view.picture is not None and view.picture.is_whole


def _peers(points: int, *, quick: bool) -> dict[str, float | str]:
    if quick and points > 5_000_000:
        return {}
    frames = 5 if quick else 15
    found = peers.segfix_number(points, "frame_ms")
    if points <= (150_000 if quick else 5_000_000):
        folder = frames_folder(1, points)
        labelcloud = ("labelcloud_view", folder, WIDTH, HEIGHT, frames, 0)
        found[peers.title(peers.LABELCLOUD)] = peers.number(
            "frame_ms", peers.LABELCLOUD, *labelcloud, screen=True
        )
    return found

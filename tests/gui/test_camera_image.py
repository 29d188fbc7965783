"""A person sees what the camera saw, with boxes in it, and works in the image as in the cloud."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from annotator.app.data import context_of, only_candidate
from annotator.app.selection import Selection
from annotator.app.session import Session
from annotator.app.settings import Settings
from annotator.app.workspace import Workspace
from annotator.formats.plain import shape_from_plain
from annotator.model.annotations import Annotation
from annotator.model.document import Document
from annotator.model.edits import Batch, Put
from annotator.model.shapes import Box3D
from annotator.views.cloud.camera_image_view import CameraImageView
from annotator.views.cloud.cloud_workbench import CloudWorkbench
from annotator.views.main_window import MainWindow

SAMPLE = Path(__file__).parents[2] / "sample_data" / "garage"


@pytest.fixture
def garage(tmp_path: Path) -> Path:
    for name in ("scans", "image_2", "calib"):
        (tmp_path / name).mkdir()
        for number in range(3):
            (found,) = (SAMPLE / name).glob(f"{number:06d}.*")
            shutil.copy(found, tmp_path / name)
    poses = (SAMPLE / "poses.txt").read_text().splitlines()[:3]
    (tmp_path / "poses.txt").write_text("\n".join(poses) + "\n")
    return tmp_path


@pytest.fixture
def benches(qtbot: QtBot) -> Iterator[list[CloudWorkbench]]:
    made: list[CloudWorkbench] = []
    yield made
    for bench in made:
        bench.close()


@pytest.fixture
def opened(qtbot: QtBot, benches: list[CloudWorkbench], garage: Path) -> CloudWorkbench:
    return open_bench(qtbot, benches, garage)


def open_bench(qtbot: QtBot, benches: list[CloudWorkbench], garage: Path) -> CloudWorkbench:
    context = context_of(only_candidate(garage / "scans"))
    session = Session.in_memory(Document(context.extents()), context)
    bench = CloudWorkbench(session, Selection("car"))
    benches.append(bench)
    bench.widget.resize(900, 500)
    qtbot.addWidget(bench.widget)
    bench.widget.show()
    qtbot.waitUntil(lambda: bench.view.picture is not None)
    if bench.camera is not None:
        qtbot.addWidget(bench.camera)
        bench.camera.resize(640, 360)
        bench.camera.show()
    return bench


def camera_of(bench: CloudWorkbench) -> CameraImageView:
    assert bench.camera is not None
    return bench.camera


def session_of(bench: CloudWorkbench) -> Session:
    return camera_of(bench)._session


def true_boxes() -> list[Annotation]:
    objects = json.loads((SAMPLE / "truth.json").read_text())["objects"]
    return [
        Annotation(one["label"], shape_from_plain(one["shape"]))
        for one in objects
        if one["label"] == "movable"
    ]


def label_all(qtbot: QtBot, bench: CloudWorkbench) -> list[Annotation]:
    made = true_boxes()
    session_of(bench).do(Batch(tuple(Put(a) for a in made)), "Label")
    camera = camera_of(bench)
    qtbot.waitUntil(lambda: len(camera.seen) > 2)
    return made


def click(camera: CameraImageView, at: QPointF) -> None:
    QTest.mouseMove(camera, at.toPoint())
    QTest.mouseClick(camera, Qt.MouseButton.LeftButton, pos=at.toPoint())


def middle_of(camera: CameraImageView, number: int) -> QPointF:
    stage = camera.stage()
    assert stage is not None
    ends = stage.to_widget(camera.seen[number].ends_px).reshape(-1, 2)
    x, y = ((ends.min(axis=0) + ends.max(axis=0)) / 2).tolist()
    return QPointF(x, y)


def test_a_box_lies_in_the_image_around_what_it_is_about(
    qtbot: QtBot, opened: CloudWorkbench
) -> None:
    """The sample's movable objects are orange, and nothing else is."""
    camera = camera_of(opened)
    label_all(qtbot, opened)
    assert camera.image is not None
    pixels = camera.image.pixels.astype(np.int64)
    red, blue = pixels >> 16 & 255, pixels & 255
    near = [s for s in camera.seen if not s.is_hidden and s.depth_m < 15]

    shares = []
    for one in near:
        low, high = one.ends_px.reshape(-1, 2).min(axis=0), one.ends_px.reshape(-1, 2).max(axis=0)
        (x0, y0), (x1, y1) = np.maximum(low, 0).astype(int), high.astype(int)
        shares.append(float((red - blue > 60)[y0:y1, x0:x1].mean()))

    assert len(near) >= 2
    assert min(shares) > 0.15
    assert (red - blue > 60).mean() < 0.02


def test_what_is_hidden_in_the_cloud_is_not_in_the_image_either(
    qtbot: QtBot, opened: CloudWorkbench
) -> None:
    camera, settings = camera_of(opened), opened.view.settings
    label_all(qtbot, opened)
    movable = session_of(opened).taxonomy["movable"].value

    settings.set(hidden=frozenset({movable}))
    qtbot.waitUntil(lambda: not camera.seen)
    settings.set(hidden=frozenset())

    qtbot.waitUntil(lambda: len(camera.seen) > 2)


def test_a_click_on_a_box_selects_the_nearest_there(qtbot: QtBot, opened: CloudWorkbench) -> None:
    camera = camera_of(opened)
    label_all(qtbot, opened)

    click(camera, middle_of(camera, -1))

    assert camera._selection.ids == (camera.seen[-1].annotation.id,)


def test_a_click_beside_all_boxes_shows_the_place_in_the_cloud(
    qtbot: QtBot, opened: CloudWorkbench
) -> None:
    camera = camera_of(opened)
    label_all(qtbot, opened)
    wanted, at = camera.seen[-1].annotation.shape, middle_of(camera, -1)
    session_of(opened).undo()
    qtbot.waitUntil(lambda: not camera.seen)

    click(camera, at)

    assert isinstance(wanted, Box3D)
    away = np.subtract(opened.view.camera.target_m, wanted.center_m)
    assert np.linalg.norm(away) < 1.0


def test_with_the_box_tool_a_click_in_the_image_fits_a_box(
    qtbot: QtBot, opened: CloudWorkbench
) -> None:
    camera = camera_of(opened)
    cones = label_all(qtbot, opened)
    near = camera.seen[-1].annotation
    at = middle_of(camera, -1)
    session_of(opened).undo()
    qtbot.waitUntil(lambda: not camera.seen and opened.view.scene.survey is not None)
    camera._selection.choose("movable")
    qtbot.waitUntil(lambda: opened.view.scene.label == "movable")
    opened.view.choose_tool("one_click_box")

    click(camera, at + QPointF(0, 4))

    document = session_of(opened).document
    qtbot.waitUntil(lambda: len(document.annotations) == 1, timeout=10_000)
    (made,) = document.annotations.values()
    assert near in cones
    assert isinstance(made.shape, Box3D)
    assert isinstance(near.shape, Box3D)
    assert np.linalg.norm(np.subtract(made.shape.center_m, near.shape.center_m)) < 0.4


def test_the_image_follows_the_scan(qtbot: QtBot, opened: CloudWorkbench) -> None:
    camera = camera_of(opened)
    qtbot.waitUntil(lambda: camera.image is not None and camera.image.path.stem == "000000")

    opened.does["sequence.next"]()

    qtbot.waitUntil(lambda: camera.image is not None and camera.image.path.stem == "000001")


def test_a_scan_without_an_image_says_so(
    qtbot: QtBot, benches: list[CloudWorkbench], garage: Path
) -> None:
    (garage / "image_2" / "000001.jpg").unlink()
    bench = open_bench(qtbot, benches, garage)

    bench.does["sequence.next"]()

    qtbot.waitUntil(lambda: camera_of(bench)._words == "There is no image of this scan")


@pytest.mark.parametrize(
    ("damage", "said"),
    [("P2: 1 2\n", "000001.txt: P2 needs 12 numbers"), (None, "No calibration lies beside it")],
)
def test_a_bad_calibration_is_a_sentence_over_the_image(
    qtbot: QtBot, benches: list[CloudWorkbench], garage: Path, damage: str | None, said: str
) -> None:
    place = garage / "calib" / "000001.txt"
    place.unlink()
    if damage is not None:
        place.write_text((garage / "calib" / "000000.txt").read_text() + damage)
    bench = open_bench(qtbot, benches, garage)
    camera = camera_of(bench)

    bench.does["sequence.next"]()

    qtbot.waitUntil(lambda: said in camera._words)
    assert camera.image is not None
    assert camera.points is None
    click(camera, QPointF(300, 200))


def test_a_damaged_image_is_a_sentence(
    qtbot: QtBot, benches: list[CloudWorkbench], garage: Path
) -> None:
    place = garage / "image_2" / "000000.jpg"
    place.write_bytes(place.read_bytes()[:3000])

    bench = open_bench(qtbot, benches, garage)

    qtbot.waitUntil(lambda: "the image is damaged" in camera_of(bench)._words)


def test_the_wheel_zooms_to_the_cursor_and_a_double_click_shows_all(
    qtbot: QtBot, opened: CloudWorkbench
) -> None:
    camera = camera_of(opened)
    qtbot.waitUntil(lambda: camera.stage() is not None)
    whole = camera.stage()
    assert whole is not None

    camera._zoom_by(3, QPointF(100, 100))
    closer = camera.stage()

    assert closer is not None
    assert closer.scale > 1.5 * whole.scale
    np.testing.assert_allclose(
        closer.to_image(QPointF(100, 100)), whole.to_image(QPointF(100, 100)), atol=1e-6
    )
    QTest.mouseDClick(camera, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    assert camera.stage() == whole


def test_the_panel_is_there_only_where_there_are_images(
    qtbot: QtBot,
    garage: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(elsewhere / "config"))
    plain = elsewhere / "plain"
    shutil.copytree(garage / "scans", plain)
    window = MainWindow(Workspace("annotator"), Settings(language="en"))
    qtbot.addWidget(window)
    window.show()

    window.open_path(garage)
    qtbot.waitUntil(window.docks.camera.isVisible, timeout=20_000)
    window.open_path(plain)
    qtbot.waitUntil(
        lambda: window.workbench is not None and not window.docks.camera.has_image, timeout=20_000
    )

    assert not window.docks.camera.isVisible()
    window.close()


def test_the_menu_says_whether_the_image_is_shown(qtbot: QtBot, garage: Path) -> None:
    window = MainWindow(Workspace("annotator"), Settings(language="en"))
    qtbot.addWidget(window)
    window.show()
    window.open_path(garage)
    qtbot.waitUntil(window.docks.camera.isVisible, timeout=20_000)
    before = window.menus["view.camera"].isChecked()

    window.docks.camera.close()
    closed = window.menus["view.camera"].isChecked()
    window.menus["view.camera"].trigger()

    assert before
    assert not closed
    assert window.menus["view.camera"].isChecked()
    assert not window.docks.camera.isHidden()
    window.close()

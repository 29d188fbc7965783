"""Every format there is, the tutorial plugin's included, and documents to try it on."""

import importlib.util
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from annotator.formats.format import Context, Format
from annotator.formats.kitti_calibration import NO_CAMERA
from annotator.formats.registry import Registry, built_in_formats
from annotator.model.annotations import Annotation, Origin
from annotator.model.cloud import PointCloud
from annotator.model.document import Document
from annotator.model.labels import CHEST, GARAGE
from annotator.model.layers import INSTANCE, SEMANTIC, Layer, LayerKey
from annotator.model.shapes import Box3D, Cylinder3D, Focus, Opening, Point3D, Polyline3D

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
SLICES, ROWS, COLUMNS = 4, 6, 8


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"plugin_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _all_formats() -> Registry:
    registry = built_in_formats()
    for path in sorted(PLUGINS.glob("[!_]*.py")):
        for kind in _module(path).FORMATS:
            registry.add(kind, path.name)
    assert not registry.refused()
    return registry


REGISTRY = _all_formats()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Ask each question of every format."""
    names = [entry.info.name for entry in REGISTRY.entries()]
    if "form" in metafunc.fixturenames:
        metafunc.parametrize("form", names, indirect=True)
    if "writer" in metafunc.fixturenames:
        writers = [e.info.name for e in REGISTRY.entries() if e.info.writes and e.info.reads]
        metafunc.parametrize("writer", writers, indirect=True)


@pytest.fixture(scope="session")
def registry() -> Registry:
    return REGISTRY


@pytest.fixture
def form(request: pytest.FixtureRequest) -> Format:
    return REGISTRY.load(request.param)


@pytest.fixture
def writer(request: pytest.FixtureRequest) -> Format:
    return REGISTRY.load(request.param)


@pytest.fixture(scope="session")
def cloud_context() -> Context:
    return Context(GARAGE, clouds=(_cloud(1, "000000.bin"),))


@pytest.fixture(scope="session")
def camera_context(cloud_context: Context) -> Context:
    """A scan with a camera's pictures, which see only some of what is around it."""
    return replace(cloud_context, calibration=replace(NO_CAMERA, size_px=(1200, 360)))


@pytest.fixture(scope="session")
def sequence_context() -> Context:
    clouds = tuple(_cloud(n, f"{n:06d}.bin") for n in range(2))
    turn = np.array([[0.0, -1, 0, 5], [1, 0, 0, -2], [0, 0, 1, 0.5], [0, 0, 0, 1]])
    return Context(GARAGE, clouds=clouds, world_from_cloud=(np.eye(4), turn))


@pytest.fixture(scope="session")
def ct_context(tmp_path_factory: pytest.TempPathFactory) -> Context:
    """A series of real DICOM files, as writers of DICOM need them."""
    from annotator.formats.dicom.series import find_series
    from annotator.formats.dicom.volume import read_volume

    folder = tmp_path_factory.mktemp("series")
    for number in range(SLICES):
        _write_slice(folder / f"{number}.dcm", number)
    (series,) = find_series(folder).series
    return Context(CHEST, series=series, volume=read_volume(series))


def cloud_document() -> Document:
    """A scan with something of everything that is usual."""
    car = Annotation("car", Box3D((1.0, 2.0, 0.3), (4.0, 2.0, 1.5), 0.3), origin=Origin.FIT)
    pillar = Annotation("pillar", Cylinder3D((-3.0, 1.0, 0.0), 0.4, 2.8))
    gate = (Opening(1.0, 2.0, 0.0, 2.0),)
    wall = Annotation("wall", Polyline3D(((-5.0, 5.0, -1.0), (5.0, 5.0, -1.0)), 2.5, 0.2, gate))
    layers = {
        LayerKey(SEMANTIC): layer((60,), {3: 1, 4: 1, 9: 5}),
        LayerKey(INSTANCE): layer((60,), {3: 2, 4: 2}),
    }
    return Document(((60,),), {a.id: a for a in (car, pillar, wall)}, layers)


def ct_document() -> Document:
    """A series with two foci and a point."""
    one = Annotation("calcification", Focus(1), attributes={"pattern": "solid"})
    two = Annotation("calcification", Focus(2), attributes={"note": "旁"})
    point = Annotation("nodule", Point3D((2.0, 3.0, 4.0)))
    shape = (SLICES, ROWS, COLUMNS)
    instances = layer(shape, {10: 1, 11: 1, 59: 1, 100: 2})
    semantic = layer(shape, {10: 1, 11: 1, 59: 1, 100: 1})
    layers = {LayerKey(SEMANTIC): semantic, LayerKey(INSTANCE): instances}
    return Document((shape,), {a.id: a for a in (one, two, point)}, layers)


@pytest.fixture
def sample(request: pytest.FixtureRequest) -> Callable[[Format], tuple[Document, Context]]:
    """Return a document that suits a format, with its data."""

    def suited(form: Format) -> tuple[Document, Context]:
        if {"volume", "series"} & {*form.info.needs}:
            return ct_document(), request.getfixturevalue("ct_context")
        return cloud_document(), request.getfixturevalue("cloud_context")

    return suited


def layer(shape: tuple[int, ...], values: dict[int, int]) -> Layer:
    made = Layer(shape)
    made.put(np.array(list(values)), np.array(list(values.values()), np.uint32))
    return made


def _cloud(seed: int, name: str) -> PointCloud:
    """Return points about the usual shapes; one is lost."""
    xyz = np.random.default_rng(seed).uniform((-6, -6, -1), (6, 6, 2), (60, 3)).astype(np.float32)
    xyz[7] = np.nan
    return PointCloud(xyz, {"intensity": np.arange(60, dtype=np.uint8)}, path=Path(name))


def _write_slice(path: Path, number: int) -> None:
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

    made = Dataset()
    made.SOPClassUID, made.SOPInstanceUID = CTImageStorage, f"1.2.826.0.1.3680043.2.1.{number + 1}"
    made.StudyInstanceUID, made.SeriesInstanceUID = "1.2.826.0.1.9.1", "1.2.826.0.1.9.2"
    made.FrameOfReferenceUID, made.Modality = "1.2.826.0.1.9.3", "CT"
    made.PatientID, made.PatientName, made.PatientBirthDate, made.PatientSex = "P", "P", "", ""
    made.StudyID, made.StudyDate, made.StudyTime, made.AccessionNumber = "1", "20200101", "0900", ""
    made.ReferringPhysicianName, made.SeriesNumber, made.InstanceNumber = "", 1, number + 1
    made.Manufacturer, made.ImageType = "Annotator", ["ORIGINAL", "PRIMARY", "AXIAL"]
    made.ImagePositionPatient = [-10.0, 5.0, 2.5 * number]
    made.ImageOrientationPatient, made.PixelSpacing = [1, 0, 0, 0, 1, 0], [0.5, 0.75]
    made.SliceThickness = 2.5
    made.Rows, made.Columns, made.SamplesPerPixel = ROWS, COLUMNS, 1
    made.PhotometricInterpretation = "MONOCHROME2"
    made.BitsAllocated, made.BitsStored, made.HighBit, made.PixelRepresentation = 16, 16, 15, 1
    made.RescaleIntercept, made.RescaleSlope, made.RescaleType = 0, 1, "HU"
    values = np.arange(ROWS * COLUMNS, dtype="<i2").reshape(ROWS, COLUMNS) + 100 * number
    made.PixelData = values.tobytes()
    made.file_meta = FileMetaDataset()
    made.file_meta.MediaStorageSOPClassUID = made.SOPClassUID
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made.save_as(path, enforce_file_format=True)

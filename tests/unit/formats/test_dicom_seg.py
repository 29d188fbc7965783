"""Segmentations: written so that others find the voxels, read whoever wrote them."""

import io
import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from annotator.errors import FileError, FormatError, WrongDataError
from annotator.formats.dicom_seg import DicomSeg
from annotator.formats.foci import uid_of
from annotator.formats.format import Context, Holds
from annotator.imaging.rules import CAL_130
from annotator.model.annotations import Annotation
from annotator.model.document import Document
from annotator.model.findings import Severity
from annotator.model.labels import CHEST
from annotator.model.shapes import Focus
from annotator.model.volume import Volume
from tests.unit.formats.oblique_ct import (
    BIG,
    SHAPE,
    SMALL,
    brighten,
    context_of,
    flat,
    in_order,
    places_mm,
    two_foci,
    write_ct,
)

SEG = DicomSeg()


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Context:
    return context_of(write_ct(tmp_path_factory.mktemp("ct")))


@pytest.fixture
def written(context: Context, tmp_path: Path) -> Path:
    (path,) = SEG.write(two_foci(), context, tmp_path / "foci.dcm")
    return path


def tool(name: str) -> str:
    import sys

    found = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    if found is None:
        pytest.skip(f"THE READER {name} IS ABSENT: install the dependency group 'readers'")
    return found


def edited(path: Path, change: Any) -> Path:
    import pydicom

    dataset = pydicom.dcmread(path)
    change(dataset)
    dataset.save_as(path, enforce_file_format=True)
    return path


def test_a_focus_comes_back_voxel_by_voxel_with_its_words(context: Context, written: Path) -> None:
    before = two_foci()

    after = SEG.read(written, context)

    assert after.instances() == before.instances()
    assert {a.label: dict(a.attributes) for a in after.annotations.values()} == {
        a.label: dict(a.attributes) for a in before.annotations.values()
    }


def test_a_focus_keeps_its_id_as_tracking_uid(context: Context, tmp_path: Path) -> None:
    import pydicom

    before = two_foci()
    (path,) = SEG.write(before, context, tmp_path / "foci.dcm")

    segments = pydicom.dcmread(path).SegmentSequence

    assert [s.TrackingUID for s in segments] == [uid_of(own) for own in before.annotations]
    assert set(SEG.read(path, context).annotations) == set(before.annotations)


def test_dcmqi_finds_both_foci_where_they_are_in_the_patient(written: Path) -> None:
    simpleitk = pytest.importorskip("SimpleITK", reason="dependency group 'readers'")
    program = tool("segimage2itkimage")
    subprocess.run(
        [program, "--inputDICOM", written, "--outputDirectory", written.parent, "-p", "s"],
        check=True,
        capture_output=True,
        timeout=60,
    )

    for number, voxels in ((1, BIG), (2, SMALL)):
        image = simpleitk.ReadImage(str(written.parent / f"s-{number}.nrrd"))
        kji = np.argwhere(simpleitk.GetArrayFromImage(image))
        found = [image.TransformIndexToPhysicalPoint(v) for v in kji[:, ::-1].tolist()]
        np.testing.assert_allclose(in_order(np.array(found)), places_mm(voxels), atol=1e-3)


def test_dciodvfy_has_no_error_to_report(written: Path) -> None:
    done = subprocess.run(
        [tool("dciodvfy"), written], check=False, capture_output=True, text=True, timeout=60
    )

    errors = [line for line in (done.stdout + done.stderr).splitlines() if "Error" in line]
    assert "Segmentation" in done.stdout + done.stderr
    assert not errors


def test_highdicom_reads_the_same_segments(written: Path) -> None:
    import highdicom as hd

    read = hd.seg.segread(written)

    assert read.number_of_segments == 2
    ids = [(s.TrackingID, s.TrackingUID) for s in read.SegmentSequence]
    assert sorted(read.get_tracking_ids()) == sorted(ids)
    volume = read.get_volume(segment_numbers=[1], combine_segments=False)
    assert int(np.count_nonzero(volume.array)) == len(BIG)


def test_the_study_of_the_ct_is_copied_and_nobodys_name(tmp_path: Path) -> None:
    import pydicom

    folder = write_ct(tmp_path / "ct", name="Wang^XiaoDong=王^小东", charset="GB18030")
    (path,) = SEG.write(two_foci(), context_of(folder), tmp_path / "foci.dcm")

    read = pydicom.dcmread(path)

    assert str(read.PatientName) == ""
    assert "小东".encode("gb18030") not in path.read_bytes()
    assert "小东".encode() not in path.read_bytes()
    assert read.FrameOfReferenceUID == "1.2.826.0.1.3680043.8.498.901"
    assert read.StudyInstanceUID == "1.2.826.0.1.3680043.8.498.900"


def named_everywhere(ct: Any) -> None:
    """Write a name into everything of a CT's header that people type."""
    from pydicom.dataset import Dataset

    for keyword in (
        "StudyDescription",
        "SeriesDescription",
        "ProtocolName",
        "PatientComments",
        "OtherPatientNames",
        "ResponsiblePerson",
        "AdditionalPatientHistory",
        "Occupation",
        "ReferringPhysicianName",
        "PhysiciansOfRecord",
        "AdmittingDiagnosesDescription",
        "ReasonForVisit",
        "ImageComments",
        "PositionReferenceIndicator",
        "ClinicalTrialSubjectID",
        "IssuerOfPatientID",
    ):
        setattr(ct, keyword, "ZHANGSANFENG")
    other = Dataset()
    other.PatientID = "ZHANGSANFENG"
    ct.OtherPatientIDsSequence = [other]
    ct.private_block(0x0011, "MAKER", create=True).add_new(1, "LO", "ZHANGSANFENG")


def test_no_description_or_comment_of_the_ct_is_copied(tmp_path: Path) -> None:
    import pydicom

    ct = context_of(write_ct(tmp_path / "ct", change=named_everywhere))

    (path,) = SEG.write(two_foci(), ct, tmp_path / "foci.dcm")

    assert b"ZHANG" not in path.read_bytes()
    assert pydicom.dcmread(path).PatientID == "P1"


def test_a_ct_in_an_archive_and_without_an_alphabet_can_be_written_for(tmp_path: Path) -> None:
    folder = write_ct(tmp_path / "ct", charset="")
    archive = shutil.make_archive(str(tmp_path / "ct"), "zip", folder)
    context = context_of(Path(archive))

    (path,) = SEG.write(two_foci(), context, tmp_path / "foci.dcm")

    assert SEG.read(path, context).instances() == two_foci().instances()


def test_what_an_anonymiser_took_away_does_not_stand_in_the_way(tmp_path: Path) -> None:
    def bare(ct: Any) -> None:
        for name in ("StudyID", "AccessionNumber", "PatientBirthDate", "ReferringPhysicianName"):
            delattr(ct, name)
        del ct.FrameOfReferenceUID, ct.SliceThickness

    context = context_of(write_ct(tmp_path / "ct", change=bare))
    (path,) = SEG.write(two_foci(), context, tmp_path / "foci.dcm")

    assert SEG.read(path, context).instances() == two_foci().instances()


def test_a_ct_in_which_nobody_found_a_focus_can_be_handed_over(
    context: Context, tmp_path: Path
) -> None:
    (path,) = SEG.write(Document((SHAPE,)), context, tmp_path / "none.dcm")

    assert SEG.read(path, context).is_empty()


def test_frames_may_come_in_any_order(context: Context, written: Path) -> None:
    def turned(dataset: Any) -> None:
        area = dataset.Rows * dataset.Columns
        bits = np.unpackbits(np.frombuffer(dataset.PixelData, np.uint8), bitorder="little")
        frames = bits[: area * dataset.NumberOfFrames].reshape(-1, area)[::-1]
        packed = np.packbits(frames.ravel(), bitorder="little").tobytes()
        dataset.PixelData = packed + b"\0" * (len(packed) % 2)
        groups = list(dataset.PerFrameFunctionalGroupsSequence)
        dataset.PerFrameFunctionalGroupsSequence = groups[::-1]

    after = SEG.read(edited(written, turned), context)

    assert after.instances() == two_foci().instances()


@pytest.mark.parametrize("kind", ["LABELMAP", "FRACTIONAL", "BINARY"])
def test_every_kind_of_segmentation_of_another_tool_is_read(
    context: Context, tmp_path: Path, kind: str
) -> None:
    path = of_another_tool(context, tmp_path, kind, [BIG, SMALL])

    after = SEG.read(path, context)

    where = {a.label: after.instances().where(a.shape.instance) for a in foci(after)}  # type: ignore[union-attr]
    assert where.keys() == {"their-1", "their-2"}
    np.testing.assert_array_equal(where["their-1"], flat(BIG))
    np.testing.assert_array_equal(where["their-2"], flat(SMALL))


def test_where_segments_overlap_the_smaller_keeps_the_voxel_and_the_larger_says_so(
    context: Context, tmp_path: Path
) -> None:
    path = of_another_tool(context, tmp_path, "BINARY", [BIG, BIG[:2]])

    after = SEG.read(path, context)

    one, other = foci(after)
    assert one.attributes["overlap_voxels"] == 2
    assert "overlap_voxels" not in other.attributes
    assert sorted(after.instances().counts().values()) == [2, 4]
    assert any("overlaps" in problem.message for problem in SEG.validate(path))


def test_the_same_file_opened_twice_gives_the_same_ids(context: Context, tmp_path: Path) -> None:
    path = of_another_tool(context, tmp_path, "BINARY", [BIG, SMALL])

    assert set(SEG.read(path, context).annotations) == set(SEG.read(path, context).annotations)


def test_a_segmentation_of_another_series_is_refused(written: Path, tmp_path: Path) -> None:
    other = context_of(write_ct(tmp_path / "other", series="2", change=brighten))

    with pytest.raises(WrongDataError, match="made for other images"):
        SEG.read(written, other)


def test_a_segmentation_that_names_no_image_is_known_by_its_place(
    context: Context, written: Path
) -> None:
    def nameless(dataset: Any) -> None:
        del dataset.ReferencedSeriesSequence
        dataset.remove_private_tags()

    path = edited(written, nameless)
    assert SEG.read(path, context).instances() == two_foci().instances()

    def elsewhere(dataset: Any) -> None:
        dataset.FrameOfReferenceUID = "1.2.3"

    with pytest.raises(WrongDataError, match="frame of reference"):
        SEG.read(edited(path, elsewhere), context)


@pytest.mark.parametrize("shift_px", [0.5, -3.0])
def test_a_segmentation_beside_the_voxels_is_refused(
    context: Context, written: Path, shift_px: float
) -> None:
    def shifted(dataset: Any) -> None:
        for frame in dataset.PerFrameFunctionalGroupsSequence:
            plane = frame.PlanePositionSequence[0]
            along = np.array(dataset.SharedFunctionalGroupsSequence[0].PlaneOrientationSequence[0]
                             .ImageOrientationPatient[:3], float)  # fmt: skip
            at = np.array(plane.ImagePositionPatient, float) + along * 0.75 * shift_px
            plane.ImagePositionPatient = [round(float(v), 5) for v in at]

    moved = edited(written, shifted)
    with pytest.raises(WrongDataError, match="between" if shift_px == 0.5 else "outside"):
        SEG.read(moved, context)


def test_attributes_too_long_for_a_segment_are_planned_as_lost(
    context: Context, tmp_path: Path
) -> None:
    document = two_foci()
    first = next(iter(document.annotations))
    long = Annotation("calcification", Focus(3), first, {"note": "x" * 2000})
    document.annotations[first] = long

    losses = SEG.plan(document, context)
    (path,) = SEG.write(document, context, tmp_path / "long.dcm")

    assert [(loss.subject, loss.kind) for loss in losses] == [(first, Holds.ATTRIBUTES)]
    assert SEG.read(path, context).annotations[first].attributes == {}


def test_a_ct_is_no_segmentation(context: Context, tmp_path: Path) -> None:
    ct = write_ct(tmp_path) / "0.dcm"

    with pytest.raises(FormatError, match="no segmentation"):
        SEG.read(ct, context)
    assert SEG.sniff(ct) == 0
    assert SEG.validate(ct)[0].severity is Severity.ERROR


def test_a_deflated_flood_is_refused_before_it_is_inflated(
    context: Context, tmp_path: Path
) -> None:
    path = tmp_path / "flood.dcm"
    head = io.BytesIO(b"\0" * 128 + b"DICM" + b"1.2.840.10008.1.2.1.99")
    path.write_bytes(head.getvalue() + b"\0" * 2_600_000)

    with pytest.raises(FormatError, match="more than a segmentation can need"):
        SEG.read(path, context)


def test_a_ct_that_is_gone_is_said_in_words(tmp_path: Path) -> None:
    folder = write_ct(tmp_path / "ct")
    context = context_of(folder)
    shutil.rmtree(folder)

    with pytest.raises(FileError):
        SEG.write(two_foci(), context, tmp_path / "foci.dcm")
    assert not list(tmp_path.glob("*foci*"))


def foci(document: Document) -> list[Annotation]:
    return list(document.annotations.values())


def of_another_tool(
    context: Context, folder: Path, kind: str, foci_kji: list[list[tuple[int, int, int]]]
) -> Path:
    """Write a segmentation with highdicom alone: no tracking, no description."""
    import highdicom as hd
    import pydicom
    from pydicom.sr.codedict import codes

    assert context.series is not None
    images = [pydicom.dcmread(s.path) for s in context.series.slices]
    stack = np.zeros((*SHAPE, len(foci_kji)), np.uint8)
    for n, voxels in enumerate(foci_kji):
        for k, j, i in voxels:
            stack[k, j, i, n] = 1
    pixels: Any = stack
    if kind == "LABELMAP":
        pixels = (stack * [n + 1 for n in range(len(foci_kji))]).max(axis=-1).astype(np.uint8)
    if kind == "FRACTIONAL":
        pixels = stack * 0.8 + (1 - stack) * 0.2
    made = hd.seg.Segmentation(
        images, pixels, kind,
        [hd.seg.SegmentDescription(n, f"Their {n}", codes.SCT.Organ, codes.SCT.Lung, "MANUAL")
         for n in range(1, len(foci_kji) + 1)],
        hd.UID(), 5, hd.UID(), 1, "Other", "Other", "1", "1",
    )  # fmt: skip
    made.save_as(folder / f"{kind}.dcm")
    return folder / f"{kind}.dcm"


def test_the_description_of_a_segment_is_json_that_others_can_show(written: Path) -> None:
    import pydicom

    said = json.loads(pydicom.dcmread(written).SegmentSequence[0].SegmentDescription)

    assert said["class"] == "calcification"
    assert said["attributes"] == {"pattern": "solid", "note": "主动脉"}
    assert "calcification" in CHEST


def test_a_segmentation_names_the_rule_it_was_made_by(context: Context, tmp_path: Path) -> None:
    import pydicom

    rule = replace(CAL_130, name="A rule of so long a name that it would not fit" * 2, version="7")

    (usual,) = SEG.write(two_foci(), context, tmp_path / "usual.dcm")
    (long,) = SEG.write(two_foci(), replace(context, rule=rule), tmp_path / "long.dcm")

    dataset, other = pydicom.dcmread(usual), pydicom.dcmread(long)
    assert dataset.SeriesDescription == "Foci CAL-130 v1 >= 130 HU"
    assert dataset.ContentDescription == "Foci by CAL-130 v1 >= 130 HU"
    assert dataset.private_block(0x0099, "ANNOTATOR FOCI")[3].value == "CAL-130 v1 >= 130 HU"
    assert len(other.SeriesDescription) == 64


def test_only_what_reaches_the_rule_everywhere_was_found_with_the_programs_help(
    context: Context, tmp_path: Path
) -> None:
    import pydicom

    assert context.series is not None
    hu = np.full(context.series.shape, 300, np.int16)
    hu.ravel()[flat(SMALL)[:1]] = 40
    seen = replace(context, volume=Volume(context.series, hu))

    (path,) = SEG.write(two_foci(), seen, tmp_path / "foci.dcm")

    told = [
        (s.SegmentAlgorithmType, s.get("SegmentAlgorithmName", ""))
        for s in pydicom.dcmread(path).SegmentSequence
    ]
    assert told == [("SEMIAUTOMATIC", "Annotator threshold and connection"), ("MANUAL", "")]

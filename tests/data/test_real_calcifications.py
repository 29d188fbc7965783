import json
from pathlib import Path

import numpy as np
import pytest

from annotator.formats.dicom.series import find_series
from annotator.formats.dicom.volume import read_volume
from annotator.imaging.candidates import find_candidates, residual
from annotator.imaging.components import components
from annotator.imaging.growing import Leak, grow
from annotator.imaging.leaks import leak_of
from annotator.imaging.measuring import measure_focus
from annotator.model.volume import Volume


@pytest.fixture(scope="module")
def real_chest(shared_data: Path) -> Volume:
    folder = shared_data / "ct" / "tcia_lung_pet_ct_dx"
    told = json.loads((folder / "foci_A0001_5mm_B.json").read_text("utf-8"))
    (series,) = (
        s for s in find_series(folder).series if s.series_uid == told["series_instance_uid"]
    )
    return read_volume(series)


@pytest.fixture(scope="module")
def told(shared_data: Path) -> list[dict[str, object]]:
    path = shared_data / "ct" / "tcia_lung_pet_ct_dx" / "foci_A0001_5mm_B.json"
    return list(json.loads(path.read_text("utf-8"))["foci"])


@pytest.mark.shared
def test_one_click_takes_each_real_calcification_whole(
    real_chest: Volume, told: list[dict[str, object]]
) -> None:
    bright = components(real_chest.hu, at_least_hu=131)  # the list says "> 130"
    for focus in told:
        where = np.array(focus["index_zyx_zsorted"])
        number = int(np.abs(bright.centroid - where).sum(axis=1).argmin())
        k, j, i = np.unravel_index(int(bright.seeds()[number]), real_chest.hu.shape)

        grown = grow(
            real_chest.hu,
            (int(k), int(j), int(i)),
            at_least_hu=131,
            spacing_mm=real_chest.series.spacing_mm,
        )
        measured = measure_focus(real_chest, grown.where)

        assert grown.leak is Leak.NONE
        assert measured.voxels == focus["voxels"]
        assert measured.max_hu == focus["peak_HU"]
        assert measured.volume_mm3 == pytest.approx(focus["volume_mm3"], abs=0.1)
        assert measured.mean_hu == pytest.approx(focus["mean_HU"], abs=0.1)


@pytest.mark.shared
def test_no_real_calcification_is_taken_for_bone_or_a_vessel(
    real_chest: Volume, told: list[dict[str, object]]
) -> None:
    candidates = find_candidates(real_chest)
    peaks = [focus["peak_HU"] for focus in told]
    found = candidates.found
    numbers = [n for n in candidates.in_order().tolist() if found.max_hu[n] in peaks]

    leaks = {leak_of(found.where(n), real_chest, candidates) for n in numbers}

    assert len(numbers) >= len(told)
    assert leaks == {Leak.NONE}


@pytest.mark.shared
def test_a_raised_threshold_hides_no_real_vertebra(real_chest: Volume) -> None:
    spacing_mm = real_chest.series.spacing_mm
    candidates = find_candidates(real_chest)

    grown = grow(real_chest.hu, (42, 357, 257), at_least_hu=180, spacing_mm=spacing_mm)

    assert len(grown.where)
    assert leak_of(grown.where, real_chest, candidates) is Leak.BONE


@pytest.mark.shared
def test_a_click_on_a_real_vertebra_is_a_leak(real_chest: Volume) -> None:
    grown = grow(
        real_chest.hu, (42, 357, 257), at_least_hu=130, spacing_mm=real_chest.series.spacing_mm
    )

    assert grown.leak is Leak.BONE_SIZED


@pytest.mark.shared
def test_the_real_calcifications_lead_the_list_and_close_the_scan_when_decided(
    real_chest: Volume, told: list[dict[str, object]]
) -> None:
    candidates = find_candidates(real_chest)
    order = candidates.in_order()
    everything = candidates.found.where_all(candidates.asked)

    peaks = candidates.found.max_hu[order[:5]].tolist()

    assert {focus["peak_HU"] for focus in told} <= set(peaks)
    assert residual(candidates, everything, everything).is_finished
    assert not residual(candidates, everything[1:], everything[1:]).is_finished

"""Lists every connected structure of a scan, with its statistics."""

from collections.abc import Iterator

from annotator.imaging.candidates import find_candidates
from annotator.imaging.components import components
from bench import peers
from bench.rows import Row
from bench.timing import timed
from bench.volumes import THRESHOLD_HU, as_files, chest


def rows(*, quick: bool) -> Iterator[Row]:
    made = chest()
    hu_file, _labels = as_files(made)
    runs = 3 if quick else 7
    hu = made.volume.hu
    listed = timed(lambda _n: components(hu, at_least_hu=THRESHOLD_HU), runs)
    count = len(components(hu, at_least_hu=THRESHOLD_HU))
    cc3d = peers.number("candidates_ms", peers.CC3D, "cc3d_candidates", hu_file, str(THRESHOLD_HU))
    seed = ",".join(map(str, made.seeds[0]))
    simpleitk = peers.number(
        "candidates_ms", peers.SIMPLEITK, "sitk_volume", hu_file, str(THRESHOLD_HU), seed
    )
    note = f"{count} components of 300 slices"
    row = Row("components with statistics", listed.median_ms, "ms", 300.0, note=note)
    yield from row.beside({peers.title(peers.CC3D): cc3d, peers.title(peers.SIMPLEITK): simpleitk})
    ranked = timed(lambda _n: find_candidates(made.volume), runs)
    note = "bone, skin and specks set aside as well"
    yield Row("candidate list of the whole scan", ranked.median_ms, "ms", 300.0, note=note)

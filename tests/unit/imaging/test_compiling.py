import numpy as np

from annotator.imaging import components, cut_picture, growing, slabs
from annotator.imaging.compiling import compile_kernels
from annotator.imaging.cut_picture import Framing, picture
from annotator.imaging.slabs import Plane, cut
from annotator.imaging.windows import PRESETS


def compiled() -> dict[str, int]:
    kernels = {
        "draw": cut_picture._draw,
        "grow": growing._grow,
        "runs": components._runs,
        "across": slabs._across,
        "along": slabs._along,
    }
    return {name: len(getattr(kernel, "signatures")) for name, kernel in kernels.items()}  # noqa: B009 - numba's


def test_no_kernel_is_left_to_compile_when_a_scan_is_shown() -> None:
    compile_kernels()
    before = compiled()

    hu = np.zeros((4, 30, 30), np.int16)
    for plane in Plane:
        out = np.zeros((8, 8), np.uint32)
        picture(cut(hu, plane, 1), PRESETS[0].window, Framing(0, 0, 1, 1), out)
    growing.grow(hu, (1, 1, 1), at_least_hu=130, spacing_mm=(1, 1, 1))
    components.components(hu, at_least_hu=130)

    assert compiled() == before

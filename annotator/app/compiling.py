"""Compiles every kernel, at start beside the window or once when the program is installed.

``python -m annotator.app.compiling`` leaves the compiled code in the user's cache, so that nobody
waits for it at the first start.
"""

from annotator.app.warming import warm_up
from annotator.imaging.compiling import compile_kernels


def compile_all() -> None:
    """Run each kernel once on a few values; what is compiled already takes no time."""
    compile_kernels()
    warm_up()


if __name__ == "__main__":
    compile_all()

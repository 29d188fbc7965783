"""`annotator doctor`: what this system has and lacks."""

import importlib.metadata
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import platformdirs
import psutil

from annotator.app.plugins import plugin_folders
from annotator.cli.options import Json
from annotator.cli.output import as_json, table
from annotator.cli.program import FINDINGS, app
from annotator.i18n import gettext as _

LEAST_MEMORY_GB = 4.0
LEAST_DISK_GB = 2.0


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: what was found, whether it will do, and what to do if not."""

    name: str
    ok: bool
    found: str
    remedy: str = ""


@app.command()
def doctor(*, json: Json = False) -> int:
    """Say what this system has and lacks for the program."""
    checks = list(examined())
    if json:
        as_json({"ok": all(c.ok for c in checks), "checks": [asdict(c) for c in checks]})
    else:
        table([("✓" if c.ok else "✗", c.name, c.found, "" if c.ok else c.remedy) for c in checks])
    return 0 if all(check.ok for check in checks) else FINDINGS


def examined() -> Iterator[Check]:
    """Look at everything, one after the other; nothing is changed."""
    yield Check("python", sys.version_info >= (3, 11), platform.python_version(), "3.11–3.13")
    yield Check("system", ok=True, found=platform.platform())
    for package in ("PySide6-Essentials", "open3d", "numba", "pydicom", "highdicom"):
        yield _package(package)
    yield _in_child("window", "from PySide6.QtWidgets import QApplication; QApplication([])", QT)
    yield _in_child("open3d", "import open3d", OPEN3D)
    yield _in_child(
        "codecs",
        "import gdcm, openjpeg, rle, jpeg_ls",
        _("install the program again: a DICOM decoder is missing"),
    )
    yield _memory()
    for name, folder in (
        ("settings", platformdirs.user_config_path("annotator")),
        ("cache", platformdirs.user_cache_path("annotator")),
        ("data", platformdirs.user_data_path("annotator")),
    ):
        yield _writable(name, folder)
    yield _chinese()
    yield Check("plugins", ok=True, found=str(plugin_folders()[0]))


QT = "libegl1 libgl1 libxkbcommon0 libxcb-cursor0 libdbus-1-3 libfontconfig1"
OPEN3D = "libgl1 libgomp1 libusb-1.0-0"


def _package(name: str) -> Check:
    names = (name, "open3d-cpu") if name == "open3d" else (name,)
    for candidate in names:
        try:
            return Check(name, ok=True, found=importlib.metadata.version(candidate))
        except importlib.metadata.PackageNotFoundError:
            continue
    return Check(name, ok=False, found=_("missing"), remedy=_("install the program again"))


def _in_child(name: str, code: str, libraries: str) -> Check:
    """Try something that may abort the process, where it can do no harm."""
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and code
            [sys.executable, "-c", code],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Check(name, ok=False, found=_("no answer within a minute"), remedy=libraries)
    said = done.stderr.strip().splitlines()
    found = _("works") if done.returncode == 0 else (said[-1] if said else str(done.returncode))
    return Check(name, done.returncode == 0, found, _("install {what}").format(what=libraries))


def _memory() -> Check:
    total_gb = psutil.virtual_memory().total / 2**30
    text = _("{total:.0f} GB, {cores} cores").format(total=total_gb, cores=os.cpu_count())
    return Check("memory", total_gb >= LEAST_MEMORY_GB, text, _("4 GB or more"))


def _writable(name: str, folder: Path) -> Check:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        free_gb = shutil.disk_usage(folder).free / 2**30
    except OSError as error:
        return Check(name, ok=False, found=str(error), remedy=_("make this folder writable"))
    text = _("{folder}, {free:.0f} GB free").format(folder=folder, free=free_gb)
    return Check(name, free_gb >= LEAST_DISK_GB, text, _("free some space"))


def _chinese() -> Check:
    if sys.platform != "linux":
        return Check("chinese", ok=True, found=_("brought by the system"))
    fonts = _listed_fonts(shutil.which("fc-list"))
    found = fonts[0] if fonts else _("no Chinese font")
    return Check("chinese", bool(fonts), found, _("install fonts-wqy-microhei"))


def _listed_fonts(lister: str | None) -> list[str]:
    if lister is None:
        return []
    listing = subprocess.run(  # noqa: S603 - fontconfig's own tool
        [lister, ":lang=zh-cn", "family"], capture_output=True, text=True, check=False
    )
    return listing.stdout.splitlines()

"""A throw-away PostgreSQL on loopback, for tests that must hold on a team's database too."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

_BINARIES = ("/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt")
_ACCOUNT = "annotator"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a running server, without a database. Skipped only where none is installed."""
    binaries = _newest_binaries()
    if binaries is None:
        pytest.skip("POSTGRESQL IS ABSENT: install the package postgresql")
    folder = Path(tempfile.mkdtemp(prefix="annotator-pg-"))
    port = _free_port()
    data = folder / "data"
    try:
        _hand_over(folder)
        _run(binaries / "initdb", "-D", data, "-U", _ACCOUNT, "-A", "trust", "-E", "UTF8", "-N")
        options = f"-p {port} -h 127.0.0.1 -k {folder}"
        log = folder / "log"
        try:
            _run(binaries / "pg_ctl", "-D", data, "-o", options, "-l", log, "-w", "start")
        except AssertionError as error:
            said = log.read_text() if log.exists() else "no log"
            raise AssertionError(f"{error}\n{said}") from None
        yield f"postgresql+psycopg://{_ACCOUNT}@127.0.0.1:{port}"
    finally:
        if (data / "postmaster.pid").exists():
            _run(binaries / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """The URL of a new, empty database."""
    import psycopg

    name = f"test_{uuid4().hex[:12]}"
    plain = postgres_server.replace("+psycopg", "")
    with psycopg.connect(f"{plain}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return f"{postgres_server}/{name}"


def _newest_binaries() -> Path | None:
    on_path = shutil.which("initdb")
    found = [p for root in _BINARIES for p in Path(root).glob("*/bin") if (p / "initdb").exists()]
    if found:
        return max(found, key=lambda p: [int(n) for n in p.parent.name.split(".") if n.isdigit()])
    return Path(on_path).parent if on_path else None


def _run(program: Path, *arguments: object) -> None:
    done = subprocess.run(
        [*_unprivileged(), str(program), *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if program.name != "pg_ctl" else subprocess.DEVNULL,
        stderr=subprocess.PIPE if program.name != "pg_ctl" else subprocess.DEVNULL,
        timeout=60,
        check=False,
        cwd="/",
    )
    # The server keeps what it inherits open: pipes to pg_ctl would never end.
    said = (done.stdout or b"") + (done.stderr or b"")
    assert done.returncode == 0, f"{program.name} failed ({done.returncode}): {said.decode()}"


def _unprivileged() -> list[str]:
    """Return what to put before a command: PostgreSQL refuses to run as root."""
    if os.name == "nt" or os.geteuid() != 0:
        return []
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]


def _hand_over(folder: Path) -> None:
    if os.name != "nt" and os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

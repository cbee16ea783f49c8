"""What all tests share: the project, small data folders, the built site, a server for it, a browser."""

import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from learning_site import proof
from learning_site.loading import load_site
from learning_site.model import Site

PROJECT = Path(__file__).resolve().parent.parent
GOOD = PROJECT / "tests" / "unit" / "good"


@pytest.fixture(scope="session")
def project() -> Path:
    return PROJECT


@pytest.fixture(scope="session")
def artefacts(project: Path) -> Path:
    """Where reports and pictures for people go: artefacts/, or the folder that ARTEFACTS names."""
    folder = Path(os.environ.get("ARTEFACTS") or project / "artefacts")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def real_site(project: Path) -> Site:
    return load_site(project / "data")


SIGNS = {"en": "en", "fr": "fr", "ne": "ने"}  # the language of a test's words; Nepali in its own letters


def plain_words() -> str:
    """The real words of the site, but each shown as its own key, so that staff can reword them freely."""
    real = yaml.safe_load((PROJECT / "data" / "ui.yml").read_text(encoding="utf-8"))
    blanks = {
        key: "".join(f" {{{part.split('}')[0]}}}" for part in word["en"].split("{")[1:]) for key, word in real.items()
    }
    made = {
        key: {code: f"{sign} {key.replace('_', '-')}{blank}" for code, sign in SIGNS.items()}
        for key, blank in blanks.items()
    }
    return yaml.safe_dump(made, allow_unicode=True)


@pytest.fixture
def good_data(tmp_path: Path) -> Path:
    """A small valid data folder of one's own."""
    folder = tmp_path / "data"
    shutil.copytree(GOOD, folder)
    (folder / "ui.yml").write_text(plain_words(), encoding="utf-8")
    return folder


Build = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def build(project: Path) -> Build:
    """Build the site as its users do; `data` and `into` are folders."""

    def run(into: Path, data: Path | None = None, config: Path | None = None) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "SOURCE_DATE_EPOCH": "1700000000"}
        if data:
            environment["LEARNING_SITE_DATA"] = str(data)
        command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-d", str(into)]
        if config:
            command += ["-f", str(config)]
        return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)

    return run


@pytest.fixture(scope="session")
def built(build: Build, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real site, built once; in CI the one that is published, which BUILT_SITE names."""
    if ready := os.environ.get("BUILT_SITE"):
        return Path(ready)
    folder = tmp_path_factory.mktemp("built") / "site"
    done = build(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="session")
def measured(artefacts: Path, built: Path) -> Callable[[str, str, int, int], None]:
    """Note what a test looked at and the faults that it found, for the page that says how the site is checked."""
    of = proof.digest(built)

    def noted(figure: str, part: str, looked_at: int, faults: int) -> None:
        proof.note(artefacts / "measured", figure, part, of, proof.Measured(looked_at, faults))

    return noted


@pytest.fixture(scope="session")
def copy_project(project: Path) -> Callable[[Path], Path]:
    """Copy what the build reads into a new folder, to break at will; the package is the real one."""

    def copied(home: Path) -> Path:
        for name in ("data", "docs"):
            shutil.copytree(project / name, home / name)
        for name in ("mkdocs.yml", "macros.py", "pyproject.toml", "requirements.txt"):
            shutil.copy(project / name, home / name)
        (home / "src").symlink_to(project / "src")
        return home

    return copied


@pytest.fixture
def project_copy(copy_project: Callable[[Path], Path], tmp_path: Path) -> Path:
    """A copy of the project of one's own."""
    return copy_project(tmp_path / "project")


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[Path], str]]:
    """Serve a folder; the address, with a slash at the end."""
    servers: dict[Path, http.server.ThreadingHTTPServer] = {}

    def address(folder: Path) -> str:
        if folder not in servers:
            handler = functools.partial(_Quiet, directory=str(folder))
            servers[folder] = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
            threading.Thread(target=servers[folder].serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{servers[folder].server_port}/"

    yield address
    for server in servers.values():
        server.shutdown()
        server.server_close()

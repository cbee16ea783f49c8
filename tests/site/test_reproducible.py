"""Two builds of one commit are the same bytes, though all around them differs: place, day, zone, order of files."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from learning_site import browser, commit, downloads
from learning_site.commit import Commit
from learning_site.model import Site

HERE = {"TZ": "Etc/GMT+12", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"}
ELSEWHERE = {"TZ": "Etc/GMT-14", "LC_ALL": "C", "PYTHONHASHSEED": "2"}
LATER = "+400d"
HOW = "no {}: install it (Debian: apt-get install chromium faketime)"
OF_A_RUN = ("SOURCE_DATE_EPOCH", "LEARNING_SITE_DATA", "BUILT_SITE", "PYTHONPATH")


@pytest.fixture(scope="module")
def head(project: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Commit, Path]:
    """The last commit of the project, and a fresh clone at it."""
    return clone(project, tmp_path_factory.mktemp("here") / "site")


def clone(project: Path, into: Path, umask: int = 0o022) -> tuple[Commit, Path]:
    subprocess.run(["git", "clone", "-q", project, into], check=True, umask=umask)
    found = commit.of(into)
    assert found, "a fresh clone is a commit"
    return found, into


def built(project: Path, around: dict[str, str], before: tuple[str, ...] = (), umask: int = 0o022) -> Path:
    """The site of a clone, built with its own code."""
    paths = [*([around["PYTHONPATH"]] if "PYTHONPATH" in around else []), str(project / "src")]
    kept = {name: value for name, value in os.environ.items() if name not in OF_A_RUN}
    environment = {
        **kept, **around, "PYTHONPATH": os.pathsep.join(paths), "NO_MKDOCS_2_WARNING": "1",
        "LEARNING_SITE_HANDBOOK": "yes" if browser.installed() else "no",
    }  # fmt: skip
    command = [*before, sys.executable, "-m", "mkdocs", "build", "--strict"]
    done = subprocess.run(
        command, cwd=project, env=environment, umask=umask, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return project / "site"


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_two_builds_of_one_commit_are_the_same_bytes(
    project: Path, real_site: Site, head: tuple[Commit, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for needed, there in (("browser", browser.installed()), ("faketime", shutil.which("faketime"))):
        if not there:
            if os.environ.get("CI"):
                pytest.fail(HOW.format(needed), pytrace=False)
            pytest.skip(HOW.format(needed))
    now, here = head
    published = os.environ.get("BUILT_SITE")
    first = files(Path(published) if published else built(here, HERE))
    then, elsewhere = clone(project, tmp_path / "an other plåce" / "site", umask=0o077)
    assert now == then
    around = {**ELSEWHERE, "HOME": str(tmp_path), "PYTHONPATH": str(project / "tests" / "site" / "elsewhere")}
    second = files(built(elsewhere, around, ("faketime", "-f", LATER), umask=0o077))
    differing = sorted(path for path in first.keys() | second.keys() if first.get(path) != second.get(path))
    assert differing == []
    handbooks = [f"{downloads.FOLDER}/{downloads.HANDBOOK.format(language=one.code)}" for one in real_site.languages]
    assert first.keys() >= {*handbooks, f"{downloads.FOLDER}/{downloads.NAME}", f"{downloads.FOLDER}/{downloads.SBOM}"}
    with capsys.disabled():
        print(
            f"\nTwo builds of {now.hash[:12]}, the second in another place, zone, locale and order of files, {LATER}: "
            f"{len(first)} files, {sum(map(len, first.values())):,} bytes, {len(handbooks)} handbooks; 0 differ."
        )


def test_the_day_of_a_build_is_that_of_its_commit_unless_something_is_not_committed(
    head: tuple[Commit, Path], tmp_path: Path
) -> None:
    found, folder = head
    said = subprocess.run(["git", "log", "-1", "--format=%H %ct"], cwd=folder, capture_output=True, text=True)
    assert said.stdout.split() == [found.hash, str(found.time)]
    _, changed = clone(folder, tmp_path / "changed")
    (changed / "data" / "note.txt").write_text("not committed")
    assert commit.of(changed) is None
    assert commit.of(tmp_path) is None

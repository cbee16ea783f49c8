"""What `learning-site check` prints beside its list: what a rule means, and marks in a review on GitHub."""

import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from learning_site import annotations
from learning_site.__main__ import main
from learning_site.messages import Problem


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    result = CliRunner(env={"LEARNING_SITE_DATA": str(folder)}).invoke(main, list(arguments))
    return subprocess.CompletedProcess(arguments, result.exit_code, result.output)


# ------------------------------------------------------------ what a rule means, on the terminal


def test_a_rule_is_explained_with_its_example(good_data: Path) -> None:
    assert run(good_data, "check", "--explain", "spelt-right").stdout == (
        "spelt-right\n\n"
        "  A word is spelt right.\n\n"
        "  What to do: Look it up, write `en: …`.\n\n"
        "  Not like this, in cases/beta.yml:\n\n"
        '      name:\n        en: "<b>{{ Btea }}</b> & *so*"\n\n      summary: x\n\n'
        "  Like this:\n\n"
        "      name:\n      →en: Beta\n"
    )
    assert run(good_data, "check", "--explain", "[in-order]").stdout == (
        "in-order\n\n  One comes after the other.\n\n  What to do: Put both in order.\n"
    )


def test_a_rule_is_explained_while_the_content_is_broken(good_data: Path) -> None:
    (good_data / "questions.yml").write_text("how: [\n")
    (good_data / "rules.yml").write_text(
        (good_data / "rules.yml").read_text(encoding="utf-8").replace("about: file", "about: fiel"), encoding="utf-8"
    )
    assert "One comes after the other." in run(good_data, "check", "--explain", "in-order").stdout
    done = run(good_data, "check", "--explain", "spelt-right")
    assert done.returncode == 1
    assert "rules.yml:2:10: error: `fiel` is not one of the choices for `about`" in done.stdout
    assert "questions.yml" not in done.stdout


@pytest.mark.parametrize("broken", ["\tin-order:\n", None])
def test_rules_that_cannot_be_read_are_said_as_every_problem(broken: str | None, good_data: Path) -> None:
    rules = good_data / "rules.yml"
    rules.unlink() if broken is None else rules.write_text(broken)
    done = run(good_data, "check", "--explain", "in-order")
    assert done.returncode == 1
    assert "rules.yml:1:1: error: " in done.stdout
    assert "Traceback" not in done.stdout


def test_a_rule_that_there_is_not_gets_the_nearest(good_data: Path) -> None:
    done = run(good_data, "check", "--explain", "spelt-rihgt")
    assert done.returncode == 2
    assert "there is no rule `spelt-rihgt`; did you mean: spelt-right" in done.stdout
    assert "there is no rule `x`; there are: spelt-right, in-order" in run(good_data, "check", "--explain", "x").stdout


def test_the_list_ends_with_how_its_rules_are_explained(good_data: Path) -> None:
    def last_line() -> str:
        return run(good_data, "check").stdout.splitlines()[-1]

    (good_data / "questions.yml").write_text("how: [\n")
    assert last_line() == "Explained: learning-site check --explain open-bracket"
    (good_data / "cases" / "beta.yml").write_text("name: Beta\nnaem: Beta\n")
    assert last_line() == "Explained: learning-site check --explain missing-key (also: unknown-key, open-bracket)"


# ------------------------------------------------------------ marks in a review on GitHub


def test_a_problem_is_a_workflow_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    problem = Problem("data/a, b: c.yml", 3, 7, "bad-id", "50 % of\r\nit: a, b", "the line", allowed="x", paste="y: z")
    assert annotations.annotation(problem, tmp_path) == (
        "::error file=data/a%2C b%3A c.yml,line=3,col=7,title=bad-id::"
        "50 %25 of%0D%0Ait: a, b%0Aallowed: x%0Awrite: y: z"
    )


@pytest.mark.parametrize("here", [".", "data", "docs/maintain"])
def test_a_workflow_command_names_the_file_from_the_project(
    here: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / here).mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(tmp_path / here)
    (tmp_path / "mkdocs.yml").touch()
    (tmp_path / "data").mkdir(exist_ok=True)
    (tmp_path / "data" / "site.yml").write_text("name:\n\ten: x\n")
    said = CliRunner(env={"LEARNING_SITE_DATA": None}).invoke(main, ["check", "--format", "github"]).output
    assert "::error file=data/site.yml,line=2,col=1,title=tab::" in said


def test_on_github_lines_are_marked_and_the_text_stays(good_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (good_data / "questions.yml").write_text("how: [\n")
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    text = run(good_data, "check").stdout
    assert "::error" not in text
    marked = run(good_data, "check", "--format", "github").stdout
    assert [line for line in marked.splitlines() if not line.startswith("::error ")] == text.splitlines()
    assert len(marked.splitlines()) == len(text.splitlines()) + 1
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert run(good_data, "check").stdout == marked
    assert run(good_data, "check", "--format", "text").stdout == text

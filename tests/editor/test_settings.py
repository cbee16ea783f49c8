"""The settings of VS Code: nothing is sent anywhere, and what the check says is listed among the problems."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from learning_site.loading import load


@pytest.fixture
def settings(project: Path) -> dict[str, Any]:
    """Every file of .vscode/ by its name; plain JSON, so that other editors read them too."""
    files = list((project / ".vscode").glob("*.json"))
    return {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in files}


def test_the_editor_asks_nobody_and_changes_nothing_by_itself(settings: dict[str, Any]) -> None:
    chosen = settings["settings"]
    for key in ("redhat.telemetry.enabled", "yaml.schemaStore.enable", "yaml.kubernetesCRDStore.enable"):
        assert chosen[key] is False, key
    assert chosen["yaml.format.enable"] is False
    assert chosen["[yaml]"]["editor.formatOnSave"] is False
    assert (chosen["[yaml]"]["editor.tabSize"], chosen["[yaml]"]["editor.insertSpaces"]) == (2, True)
    assert chosen["files.encoding"] == "utf8"
    assert "redhat.vscode-yaml" in settings["extensions"]["recommendations"]


def test_tasks_start_what_there_is(settings: dict[str, Any], project: Path) -> None:
    show, check = settings["tasks"]["tasks"]
    assert (project / show["args"][0]).is_file()
    assert show["args"][1] == "serve"
    scripts = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    for command in (check["command"], check["windows"]["command"]):
        assert re.split(r"[/\\]", command.removesuffix(".exe"))[-1] in scripts


def test_what_the_check_says_is_listed_among_the_problems(settings: dict[str, Any], good_data: Path) -> None:
    (good_data / "cases" / "alpha.yml").write_text("name: [x]\nsumary: {en: A text: with a colon}\n", encoding="utf-8")
    (good_data / "cases" / "beta.yml").write_text("name: {en: Beta}\nsumary: {en: Done.}\n", encoding="utf-8")
    problems = load(good_data).problems
    assert len(problems) > 2
    pattern = settings["tasks"]["tasks"][1]["problemMatcher"]["pattern"]
    lines = "\n".join(map(str, problems)).splitlines()
    listed = [found for line in lines if (found := re.search(pattern["regexp"], line))]
    parts = ("file", "line", "column", "severity", "message", "code")
    assert [tuple(found[pattern[part]] for part in parts) for found in listed] == [
        (p.file, str(p.line), str(p.column), "error", p.what, p.rule) for p in problems
    ]

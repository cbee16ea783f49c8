"""Each slip that people make gets one message, in their words, with a line to paste that mends it."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from learning_site.loading import load
from learning_site.messages import Problem

HERE = Path(__file__).parent
KEPT = HERE / "golden" / "slips.txt"
GALLERY = yaml.safe_load((HERE / "slips.yml").read_text(encoding="utf-8"))
RECORD, SLIPS = GALLERY["record"], GALLERY["slips"]
DIDS = [slip["did"] for slip in SLIPS]
HEADING = "== "

MACHINE_WORDS = re.compile(
    r"\b(None|Input should|Traceback|null|mapping|scalar|sequence|token|string|dict|parse[rd]?|parsing|YAML|schema"
    r"|boolean|integer|float|decimal|regex|pattern|validation|fields?|invalid|syntax|codec|\w+_(type|error))\b"
)


def made(slip: dict[str, Any], folder: Path) -> None:
    """The slip, made in a data folder."""
    path = folder / slip.get("file", RECORD["file"])
    before = path.read_text(encoding="utf-8")
    after = slip.get("whole", before) + slip.get("append", "")
    if "there" in slip:
        assert slip["there"] in before, f"{slip['there']!r} does not stand in {path.name}"
        after = before.replace(slip["there"], slip["wrote"], 1)
    path.write_text(after, encoding=slip.get("encoding", "utf-8"))
    if other := slip.get("renamed", slip.get("copied")):
        (folder / other).parent.mkdir(parents=True, exist_ok=True)
        (folder / other).write_text(after, encoding="utf-8")
    if "renamed" in slip or slip.get("deletes"):
        path.unlink()
    assert slip.get("deletes") or other or after != before or "encoding" in slip


@pytest.fixture
def folder(good_data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small valid data with one more record, written as staff write."""
    monkeypatch.chdir(good_data.parent)
    (good_data / RECORD["file"]).write_text(RECORD["text"], encoding="utf-8")
    return good_data


def kept() -> dict[str, str]:
    """What is kept for each slip."""
    parts = KEPT.read_text(encoding="utf-8").split(HEADING)[1:] if KEPT.exists() else []
    return {did: message.strip("\n") for did, _, message in (part.partition("\n") for part in parts)}


def keep(did: str, said: str) -> None:
    """Keep a message, in the order of the slips; one process at a time."""
    messages = kept() | {did: said}
    parts = [f"{HEADING}{did}\n{messages[did]}\n" for did in DIDS if did in messages]
    KEPT.write_text("\n".join(parts), encoding="utf-8")


def pasted(problem: Problem, folder: Path) -> None:
    """What a message says to write, put over the line, or made the name of the file if there is no line."""
    path = folder.parent / problem.file
    assert problem.paste
    if not problem.source:
        path.rename(path.with_name(problem.paste))
        return
    lines = path.read_text(encoding="utf-8").split("\n")
    line = lines[problem.line - 1]
    lines[problem.line - 1] = line[: len(line) - len(line.lstrip())] + problem.paste
    path.write_text("\n".join(lines), encoding="utf-8")


def test_the_data_is_valid_before_a_slip(folder: Path) -> None:
    assert load(folder).problems == []
    assert len(SLIPS) > 200
    assert len(set(DIDS)) == len(DIDS)


@pytest.mark.parametrize("slip", SLIPS, ids=DIDS)
def test_a_slip_gets_one_message_that_mends_it(slip: dict[str, Any], folder: Path) -> None:
    made(slip, folder)
    problems = load(folder).problems
    said = "\n".join(map(str, problems))
    assert len(problems) == 1, f"one slip, one message:\n{said}"
    assert not MACHINE_WORDS.search(f"{problems[0].what} {problems[0].allowed}".replace(" None", ""))
    if os.environ.get("UPDATE_GOLDEN"):
        keep(slip["did"], said)
    assert said == kept()[slip["did"]]
    if problems[0].paste and "…" not in problems[0].paste:
        pasted(problems[0], folder)
        after = load(folder).problems
        left = {slip["left"]} if "left" in slip else set()
        assert {problem.rule for problem in after} == left, f"{said}\nafter pasting:\n" + "\n".join(map(str, after))


def test_no_kept_message_is_left_over() -> None:
    assert list(kept()) == DIDS

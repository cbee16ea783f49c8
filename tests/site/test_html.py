"""Every built page is valid HTML, every stylesheet valid CSS and every picture valid SVG, says the Nu HTML checker."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

JAR = "tests/outside/node_modules/vnu-jar/build/dist/vnu.jar"
HOW = (
    "no HTML checker: install Java 17 or newer (Debian: apt-get install default-jre-headless), "
    "then run `npm ci --omit=dev --ignore-scripts` in tests/outside"
)
# A page read from a disk has no address of its own, so the checker takes every file for another host's. Whether the
# policy of a page lets its files in is seen by real browsers: test_pages.py fails on any message of theirs.
NOT_SEEN_FROM_DISK = r".*Resource violates Content Security Policy.*"
# It takes data for a script that runs; the policy is only about those that do. Browsers know: see test_pages.py too.
INLINE, DATA = "Inline scr", '<script type="application/ld+json">'
# It guesses the language from letters alone. What is not translated stands in English, each text in its own `lang`.
GUESSED_LANGUAGE = r".*This document appears to be written in English but.*"
WRONG = "<!doctype html><html lang=en><title>Wrong</title><p id=same><p id=same>"


def faults(jar: Path, *places: Path) -> list[str]:
    """What the checker finds in folders and files, errors and warnings: file:line, kind, what, and where."""
    java = shutil.which("java")
    if not java or not jar.is_file():
        if os.environ.get("CI"):
            pytest.fail(HOW, pytrace=False)
        pytest.skip(HOW)
    command = [java, "-jar", jar, "--also-check-css", "--also-check-svg", "--skip-non-html", "--format", "json"]
    done = subprocess.run(
        [*command, "--filterpattern", f"{NOT_SEEN_FROM_DISK}|{GUESSED_LANGUAGE}", *places],
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    return [
        f"{said['url']}:{said.get('lastLine', '')}: {said.get('subType', said['type'])}: {said['message']}: "
        f"{' '.join(said.get('extract', '').split())}"
        for said in json.loads(done.stderr)["messages"]
        if not (said["message"].startswith(INLINE) and DATA in said["extract"])
    ]


def test_all_that_is_built_is_valid(
    built: Path, project: Path, tmp_path: Path, measured: Callable[[str, str, int, int], None]
) -> None:
    wrong = tmp_path / "wrong.html"
    wrong.write_text(WRONG, encoding="utf-8")
    found = faults(project / JAR, wrong, built)
    # It found what is wrong on purpose, so it was looking; and nothing else.
    assert any("Duplicate ID" in line for line in found)
    others = [line for line in found if "wrong.html" not in line]
    measured("html", "all", len(list(built.rglob("*.html"))), len(others))
    assert others == []

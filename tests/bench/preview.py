"""How long an edit takes to be seen in the preview, beside a build of the whole site; run it on a quiet machine.

Usage: .venv/bin/python tests/bench/preview.py [how often]
"""

import itertools
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from learning_site import browser

PROJECT = Path(__file__).resolve().parents[2]
NUMBERS = itertools.count(1000)
LOOK = "text => document.body && document.body.textContent.includes(text)"


def main() -> None:
    """Measure and print a table of medians, in seconds."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder) / "project"
        for name in ("data", "docs", "src"):
            shutil.copytree(PROJECT / name, home / name)
        for name in ("mkdocs.yml", "macros.py"):
            shutil.copy(PROJECT / name, home / name)
        environment = {
            **os.environ,
            "PYTHONPATH": str(home / "src"),
            "PYTHONUNBUFFERED": "1",
            "NO_MKDOCS_2_WARNING": "1",
        }
        run = [sys.executable, "-m"]
        command = [*run, "learning_site", "preview", "--port", "0"]
        begun = time.perf_counter()
        server = subprocess.Popen(command, cwd=home, env=environment, text=True, stdout=subprocess.PIPE)
        assert server.stdout
        address = next(line.split()[4] for line in server.stdout if "http://" in line)
        page = browser.launch(playwright).new_page()
        page.goto(address)
        print(f"start to home page: {time.perf_counter() - begun:.2f} s")
        element = next((home / "data/elements").glob("*.yml"))
        shown = f"elements/{element.stem}/"
        edits = [
            ("a text of data/, English page", shown, element, "name: {en: "),
            ("a text of data/, Nepali page", f"ne/{shown}", element, ", ne: "),
            ("a page of docs/", "about/", home / "docs/about.md", "\n# "),
            ("the frame of a page", "about/", home / "docs/overrides/main.html", "<body>"),
            ("a template of a component", shown, home / "src/learning_site/templates/pages/element.md.j2", "\n## "),
        ]
        for what, path, file, before in edits:
            page.goto(address + path)
            took = [_seen(page, file, before) for _ in range(times)]
            print(f"{what}: median {statistics.median(took):.2f} s, longest {max(took):.2f} s")
        slip = home / "data/elements/zzz.yml"
        page.goto(address + shown)
        print(f"a slip: {_until(page, lambda: slip.write_text('nam: x'), 'is not a key'):.2f} s")
        server.terminate()
        begun = time.perf_counter()
        slip.unlink()
        subprocess.run([*run, "mkdocs", "build", "-q", "-d", f"{folder}/site"], cwd=home, env=environment, check=True)
        print(f"a build of the whole site: {time.perf_counter() - begun:.2f} s")


def _seen(page: Page, file: Path, before: str) -> float:
    """Seconds from an edit to its text in the page."""
    text = file.read_text(encoding="utf-8")
    new = f"edit-{next(NUMBERS)}"
    return _until(page, lambda: file.write_text(text.replace(before, f"{before}{new} ", 1), encoding="utf-8"), new)


def _until(page: Page, edit: Callable[[], object], text: str) -> float:
    time.sleep(random.uniform(0.5, 0.9))  # edits come at any moment between two looks at the files
    begun = time.perf_counter()
    edit()
    while True:
        try:
            page.wait_for_function(LOOK, arg=text, polling=20)
        except Exception as error:
            if "navigat" not in str(error):
                raise
        else:
            return time.perf_counter() - begun


if __name__ == "__main__":
    main()

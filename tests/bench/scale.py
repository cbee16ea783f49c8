"""What many records cost: build, memory, reload after an edit, search and page weight, beside plain Markdown.

Four projects stand side by side, of the same pages in one language: ours, from YAML; ours with a search index in chunks
(`chunked`); the stock theme with pruned navigation over the finished Markdown that our components make (`same`); and
over the same words as a person would type them, without ids and classes (`typed`). The stock theme lists all neighbours
of a page, pruned or not, so its pages stand in sections of a few, which is where pruning helps it most. Runs take
turns. An answer is the first one for a reader who opens a page and types at once, over a slow connection, with a
browser on this machine: seconds and kB since the page was asked for. Run it on a quiet machine.

Usage: .venv/bin/python tests/bench/scale.py [--sizes 100,1000,5000] [--runs 3] [--no-reload] [--json FILE]
"""

import argparse
import gzip
import itertools
import json
import os
import random
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from host import Line, served
from playwright.sync_api import Browser

from learning_site import browser
from learning_site.loading import load_site
from learning_site.model import MAIN_LANGUAGE, Localized, Site, leaves
from learning_site.pages import pages, sources_of
from learning_site.rendering import Renderer

PROJECT = Path(__file__).resolve().parents[2]
SMALL = PROJECT / "tests" / "unit" / "good"
MANY = 1000  # from here on one run of a kind is enough, and the first is told from the others by nothing
EDITED = "case-00001"
HOME = """---
title: Home
hide: [navigation, toc]
---

{{ hero() }}

## Elements {: #elements }

{{ element_cards() }}
"""
SAFETY = "# Safety {: #safety }\n\nWhat pages that speak of violence lead to.\n"
STOCK = {
    "site_name": "Stock",
    "theme": {"name": "material", "font": False, "features": ["navigation.prune"]},
    "plugins": ["search"],
    "validation": {"links": {"absolute_links": "relative_to_docs"}},
}
LATENCY, RATE = 0.15, 1_600_000 / 8  # seconds, bytes a second: Lighthouse's slow 4G
NEIGHBOURS = 25  # pages in a section of the stock theme
EXTENSIONS = ["attr_list", "def_list", "fenced_code", "md_in_html", "tables", "toc"]
ENVIRONMENT = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(PROJECT / "src")}


# ---------------------------------------------------------------- content


class Words:
    """Sentences of the site's own English words, as often as they are used; the same for each size."""

    def __init__(self) -> None:
        texts = [
            value.en
            for _, _, record in load_site(PROJECT / "data").every()
            for _, value, _ in leaves(record)
            if isinstance(value, Localized)
        ]
        self._words = [word for text in texts for word in re.findall(r"\b[a-z]{2,}\b", text)]
        self._chance = random.Random(1)

    def some(self, count: int) -> str:
        """So many words."""
        return " ".join(self._chance.choices(self._words, k=count))

    def sentence(self, count: int = 24) -> str:
        """A sentence of so many words."""
        return f"{self.some(count).capitalize()}."

    def one_of(self, ids: list[str]) -> str:
        """Any id."""
        return self._chance.choice(ids)


def make_content(folder: Path, size: int) -> None:
    """Write `size` records in one language: cases, and for them sources and terms, with a few of all other kinds."""
    said = Words()
    shutil.copytree(SMALL, folder)
    shutil.copy(PROJECT / "data" / "ui.yml", folder)
    shutil.rmtree(folder / "cases")
    settings = _read(folder / "site.yml")
    settings["languages"] = settings["languages"][:1]
    _write(folder / "site.yml", settings)
    _write(
        folder / "testimonies.yml",
        {
            "voice": {
                "quote": {"en": "So it was."},
                "original": "en",
                "role": "husband",
                "place": "Here",
                "sources": ["s3"],
            }
        },
    )
    _write(
        folder / "questions.yml",
        {
            "how": {
                "question": {"en": "How was it done?"},
                "short": {"en": "How"},
                "summary": {"en": "It helps to plan."},
            }
        },
    )
    sources = [f"source-{number:04}" for number in range(size // 10)]
    terms = [f"term-{number:03}" for number in range(size // 50)]
    cases = [f"case-{number:05}" for number in range(size - len(sources) - len(terms))]
    elements = sorted(path.stem for path in (folder / "elements").glob("*.yml"))
    glossary = _read(folder / "glossary.yml")
    for number, term in enumerate(terms):
        words = {"en": f"{said.some(2)} {number}"}
        glossary[term] = {"term": words, "definition": {"en": said.sentence(12)}, "sources": [said.one_of(sources)]}
    _write(folder / "glossary.yml", glossary)
    register = _read(folder / "sources.yml")
    for number, source in enumerate(sources):
        register[source] = {
            "title": f"{said.some(5).capitalize()} {number}", "publisher": said.some(2), "published": "2014",
            "language": "en", "read": "whole", "url": f"https://example.org/documents/{number}",
        }  # fmt: skip
    _write(folder / "sources.yml", register)
    for number, case in enumerate(cases):
        source = [sources[number % len(sources)], said.one_of(sources)]
        to_case = f"[{said.some(2)}](cases:{said.one_of(cases)})"
        to_term = f"[{said.some(1)}](glossary:{said.one_of(terms)})"
        linked = f"{said.some(8)} {to_case} {said.some(6)} {to_term} {said.some(4)}."
        record = {
            "name": {"en": f"{said.some(2).capitalize()} {number}"},
            "programme": {"en": said.some(3)},
            "summary": {"en": said.sentence(12)},
            "context": [{"text": {"en": linked.capitalize()}, "sources": source[:1]}, _claim(said, source)],
            "evolution": [_claim(said, source[:1], when="2014")],
            "strategies": [_claim(said, source, element=said.one_of(elements), placed_by="editors")],
            "results": [_claim(said, source[1:], reported_by="care")],
            "lessons": [_claim(said, source[:1], placed_by="editors")],
            "gaps": [{"question": {"en": said.sentence(10)}}],
        }
        _write(folder / "cases" / f"{case}.yml", record)


def _claim(said: Words, sources: list[str], **more: str) -> dict[str, Any]:
    return {**more, "text": {"en": said.sentence()}, "sources": list(dict.fromkeys(sources))}


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _write(path: Path, content: Any) -> None:
    path.parent.mkdir(exist_ok=True)
    dumped = yaml.dump(content, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=1000)
    path.write_text(dumped, encoding="utf-8")


def make_ours(home: Path, size: int) -> Site:
    """A project like this one, with so many records and one page of docs/."""
    make_content(home / "data", size)
    for name in ("assets", "overrides"):
        shutil.copytree(PROJECT / "docs" / name, home / "docs" / name)
    (home / "docs" / "index.md").write_text(HOME, encoding="utf-8")
    (home / "docs" / "safety.md").write_text(f"---\ntitle: Safety\n---\n{SAFETY}", encoding="utf-8")
    for name in ("mkdocs.yml", "macros.py", "pyproject.toml", "requirements.txt"):
        shutil.copy(PROJECT / name, home)
    (home / "src").symlink_to(PROJECT / "src")
    return load_site(home / "data")


def make_chunked(home: Path, ours: Path) -> None:
    """Ours, with the other search index."""
    shutil.copytree(ours, home, symlinks=True)
    with (home / "data" / "site.yml").open("a", encoding="utf-8") as settings:
        settings.write("search_index: chunked\n")


def make_same(home: Path, site: Site) -> None:
    """The stock theme over the Markdown that our components make of the same records."""
    components = Renderer(site, MAIN_LANGUAGE).components()
    for page in pages(site):
        drawn = components[page.component](*([page.record_id] if page.record_id else []))
        _write_page(home, page.path, page.title.en, drawn)
    _write_page(home, "index.md", "Home", components["hero"]() + components["element_cards"]())
    _write_page(home, "safety.md", "Safety", SAFETY)
    _write_settings(home)


def make_typed(home: Path, same: Path, site: Site) -> None:
    """The stock theme over the words of the same records, typed as a person would; all other pages as in `same`."""
    shutil.copytree(same / "docs", home / "docs")
    for case_id, case in site.cases.items():
        parts = {
            "Context": case.context,
            "Evolution": case.evolution,
            "Strategies": case.strategies,
            "Results": case.results,
            "Lessons": case.lessons,
        }
        lines = [f"# {case.name.en}", case.summary.en, f"Programme: {case.programme.en}"]
        for heading, claims in parts.items():
            lines += [
                f"## {heading}",
                *(f"- {_linked(claim.text.en)} ({', '.join(claim.sources)})" for claim in claims),
            ]
        used = dict.fromkeys(source for claims in parts.values() for claim in claims for source in claim.sources)
        lines += ["## Not known", *(f"- {gap.question.en}" for gap in case.gaps), "## Sources"]
        lines += [
            f"- {site.sources[source].publisher}: [{site.sources[source].title}]({site.sources[source].url})"
            for source in used
        ]
        _write_page(home, f"cases/{case_id}.md", case.name.en, "\n\n".join(lines))
    _write_settings(home)


def _write_settings(home: Path) -> None:
    """The settings of the stock theme, with a navigation of small sections."""
    paths = sorted(path.relative_to(home / "docs").as_posix() for path in (home / "docs").rglob("*.md"))
    nav = [{f"From {paths[at]}": paths[at : at + NEIGHBOURS]} for at in range(0, len(paths), NEIGHBOURS)]
    _write(home / "mkdocs.yml", STOCK | {"markdown_extensions": EXTENSIONS, "nav": nav})


def _linked(text: str) -> str:
    return re.sub(r"\((\w+):([\w-]+)\)", lambda found: f"(../{sources_of(found[1], found[2])[0]})", text)


def _write_page(home: Path, path: str, title: str, text: str) -> None:
    place = home / "docs" / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(f"---\ntitle: {json.dumps(title)}\n---\n{text}\n", encoding="utf-8")


# ---------------------------------------------------------------- measurements


def build(home: Path) -> dict[str, float]:
    """Build a project as it is published; wall and CPU seconds, and the highest memory in MB."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-d", str(home / "site")]
    begun = time.perf_counter()
    process = subprocess.Popen(command, cwd=home, env=ENVIRONMENT, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, home
    return {
        "wall s": time.perf_counter() - begun,
        "CPU s": used.ru_utime + used.ru_stime,
        "memory MB": used.ru_maxrss / (1024 if sys.platform == "linux" else 1024**2),
    }


def weights(home: Path) -> dict[str, float]:
    """What hosts send, packed, in kB: the whole search index, and the median page of a record."""
    site = home / "site"
    index = [*site.glob("search/search_index.json"), *site.glob("pagefind/**/*.*")]
    cases = [path for path in (site / "cases").glob("*/index.html")]
    assert len(cases) > 50
    return {"index kB": sum(map(_packed, index)), "page kB": statistics.median(map(_packed, cases))}


def answer(shown: Browser, home: Path, typed: str) -> dict[str, float]:
    """What it takes until a search of a site, opened just now, shows a result."""
    line = Line(LATENCY, RATE)
    page = shown.new_context(viewport={"width": 1280, "height": 800}).new_page()
    begun = time.perf_counter()
    page.goto(f"{served(home / 'site', line)}cases/{EDITED}/", wait_until="domcontentloaded")
    page.locator(".md-search__input").first.press_sequentially(typed)
    page.locator(".md-search-result__item a").first.wait_for(state="attached", timeout=120_000)
    found = {"answer s": time.perf_counter() - begun, "answer kB": line.sent / 1000}
    page.context.close()
    return found


def _packed(file: Path) -> float:
    return len(gzip.compress(file.read_bytes(), 9)) / 1000


@contextmanager
def preview(home: Path, command: list[str]) -> Iterator[str]:
    """A running preview of a project, by its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", *command], cwd=home, env=ENVIRONMENT, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert process.stdout
    try:
        yield next(found[0] for line in process.stdout if (found := re.search(r"http://[\d.:]+/", line)))
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate()


def reload(home: Path, command: list[str], file: str, times: int) -> dict[str, float]:
    """Seconds from an edit to the served page that shows it: of a text amid a file, and of its title too."""
    path = home / file
    text = path.read_text(encoding="utf-8")
    found = {}
    with preview(home, command) as address:
        page = f"{address}cases/{EDITED}/"
        _wait(page, "")
        for what, begin in {"text edit s": len(text) // 2, "title edit s": 0}.items():
            took = []
            for number in range(times):
                time.sleep(random.uniform(0.5, 0.9))  # edits come at any moment between two looks at the files
                new = f"edited-{begin}-{number}"
                begun = time.perf_counter()
                changed = re.sub(r"([a-z]{4}) ", rf"\1 {new} ", text[begin:], count=9)
                path.write_text(text[:begin] + changed, encoding="utf-8")
                _wait(page, new)
                took.append(time.perf_counter() - begun)
            found[what] = statistics.median(took)
    path.write_text(text, encoding="utf-8")
    return found


def _wait(address: str, text: str) -> None:
    for _ in itertools.count():
        try:
            if text in urllib.request.urlopen(address, timeout=600).read().decode():
                return
        except (urllib.error.URLError, ConnectionError):
            pass
        time.sleep(0.01)


PROJECTS = ("ours", "chunked", "same", "typed")
OURS = (["learning_site", "preview", "--port", "0"], f"data/cases/{EDITED}.yml")
PLAIN = (["mkdocs", "serve", "-a", "127.0.0.1:8765"], f"docs/cases/{EDITED}.md")


def measure(size: int, runs: int, with_reload: bool) -> dict[str, dict[str, float]]:
    """Every figure of a size, by project: the median of its runs."""
    with tempfile.TemporaryDirectory() as folder:
        homes = {name: Path(folder) / name for name in PROJECTS}
        site = make_ours(homes["ours"], size)
        make_chunked(homes["chunked"], homes["ours"])
        assert sum(len(site.kind(kind)) for kind in ("cases", "sources", "glossary")) >= size
        make_same(homes["same"], site)
        make_typed(homes["typed"], homes["same"], site)
        taken: dict[str, list[dict[str, float]]] = {name: [] for name in homes}
        for _ in range(runs):
            for name, home in homes.items():
                taken[name].append(build(home))
        found = {
            name: {key: statistics.median(one[key] for one in taken[name]) for key in taken[name][0]} for name in homes
        }
        typed = site.cases[EDITED].name.en
        with browser.opened() as shown:
            for name, home in homes.items():
                found[name] |= weights(home)
                if name != "typed":
                    answers = [answer(shown, home, typed) for _ in range(runs)]
                    found[name] |= {key: statistics.median(one[key] for one in answers) for key in answers[0]}
        for name, (command, file) in {"ours": OURS, "same": PLAIN}.items() if with_reload else ():
            found[name] |= reload(homes[name], command, file, times=runs)
        return found


def main() -> None:
    """Measure and print a table for each size, with ratios to both plain projects."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="100,1000,5000")
    parser.add_argument("--runs", type=int, default=3, help="of each project up to 1,000 records; above that, one")
    parser.add_argument("--no-reload", action="store_true")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    asked = parser.parse_args()
    figures = {}
    for size in map(int, asked.sizes.split(",")):
        figures[size] = found = measure(size, asked.runs if size <= MANY else 1, not asked.no_reload)
        print(f"\n{size} records\n{'':12} {' '.join(f'{name:>9}' for name in PROJECTS)} {'of same':>8} {'of typed':>8}")
        for key, ours in found["ours"].items():
            values = [found[name].get(key) for name in PROJECTS]
            cells = [f"{value:9.2f}" if value else f"{'-':>9}" for value in values]
            ratios = [f"{ours / other:8.2f}" if other else f"{'-':>8}" for other in values[2:]]
            print(f"{key:12} {' '.join(cells + ratios)}", flush=True)
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()

"""The theme's own search in a real browser: what people type, and which page must come first."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Page

from learning_site import pages
from learning_site.model import LANGUAGES, LanguageCode, Site

pytestmark = pytest.mark.browser

QUERIES = yaml.safe_load((Path(__file__).parent / "golden_queries.yml").read_text(encoding="utf-8"))


def look(page: Page, root: str, typed: str) -> list[list[str]]:
    """Type into the search of an open page: per result, the addresses below `root` that it links to."""
    field = page.locator(".search__field")
    field.fill(typed)
    page.wait_for_timeout(300)
    items = page.evaluate(
        "() => [...document.querySelectorAll('.search__result')].slice(0, 10)"
        ".map(item => [...item.querySelectorAll('a')].map(link => link.href))"
    )
    return [[re.sub(r"\?[^#]*", "", address).removeprefix(root) for address in item] for item in items]


def ask(page: Page, root: str, typed: str) -> list[str]:
    """Open the home page and search: the addresses of the first result and of what it found on that page."""
    page.goto(root)
    page.locator(".search__field").click()
    for _ in range(20):
        if found := look(page, root, typed):
            return found[0]
    return [""]


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_people_type_finds_the_right_page_first(
    code: LanguageCode, page: Page, real_site: Site, built: Path, serve: Callable[[Path], str], artefacts: Path
) -> None:
    queries = QUERIES[code]
    assert len(queries) >= 30
    root = serve(built) + ("" if code == real_site.main_language else f"{code}/")
    ask(page, root, next(iter(queries)))
    rows = [f"| typed ({code}) | first | as wanted |", "| --- | --- | --- |"]
    missed = []
    for typed, wanted in queries.items():
        path, _, anchor = wanted.partition("#")
        first = next(iter(look(page, root, typed)), [""])
        place = next((address for address in first if "#" in address), "") if anchor else first[0].split("#")[0]
        rows.append(f"| {typed} | {place} | {'yes' if place == wanted else f'no: {wanted}'} |")
        if place != wanted or first[0].split("#")[0] != path:
            missed.append(f"{typed}: {wanted} is not first, but {first[:3]}")
    (artefacts / f"search-{code}.md").write_text("\n".join([*rows, ""]), encoding="utf-8")
    assert not missed, "\n".join(missed)


def test_a_word_that_nothing_holds_is_said_to_be_taken_for_another(
    page: Page, built: Path, serve: Callable[[Path], str]
) -> None:
    ask(page, serve(built), "patriachy")
    assert "“patriachy”" in page.inner_text(".search__status")
    assert "“patriarchy”" in page.inner_text(".search__status")
    look(page, serve(built), "patriarchy")
    assert "“" not in page.inner_text(".search__status")


def test_words_like_no_other_are_not_taken_for_any(page: Page, built: Path, serve: Callable[[Path], str]) -> None:
    ask(page, serve(built), "mali")
    assert look(page, serve(built), "zzyzxqqq") == []
    assert "Nothing found" in page.inner_text(".search__status")


def test_words_in_quotation_marks_are_searched_as_they_stand(
    page: Page, built: Path, serve: Callable[[Path], str]
) -> None:
    ask(page, serve(built), "mali")
    assert look(page, serve(built), "patriachy")
    assert look(page, serve(built), '"patriachy"') == []


@pytest.mark.parametrize(
    ("folder", "with_little_words"),
    [("", "how is pristina"), ("fr/", "à la pristina"), ("ne/", "pristina र के")],
)
def test_little_words_say_nothing_beside_others(
    folder: str, with_little_words: str, page: Page, built: Path, serve: Callable[[Path], str]
) -> None:
    root = serve(built) + folder
    ask(page, root, "pristina")
    alone = look(page, root, "pristina")
    assert len(alone) == 1
    assert look(page, root, with_little_words) == alone


@pytest.mark.parametrize(
    ("folder", "said"),
    [("", "1 page found"), ("fr/", "1 page trouvée"), ("ne/", "१ वटा पृष्ठ भेटियो")],
)
def test_one_page_is_counted_as_the_language_counts(
    folder: str, said: str, page: Page, built: Path, serve: Callable[[Path], str]
) -> None:
    ask(page, serve(built) + folder, "Pristina")
    assert page.inner_text(".search__status") == said


def test_every_record_with_a_page_of_its_own_is_found_by_its_title(
    page: Page, real_site: Site, built: Path, serve: Callable[[Path], str]
) -> None:
    asked = 0
    for kind in ("elements", "cases", "questions"):
        for record_id, record in real_site.kind(kind).items():
            typed = (record.question if kind == "questions" else record.name).en.rstrip("?")
            assert ask(page, serve(built), typed)[0].split("#")[0] == pages.location(kind, record_id), typed
            asked += 1
    assert asked > 10


def test_every_synonym_finds_its_record(page: Page, real_site: Site, built: Path, serve: Callable[[Path], str]) -> None:
    """One synonym of each record that has any; the record's page is among the first ten."""
    missed = []
    asked = 0
    root = serve(built)
    assert ask(page, root, "nepal") != [""]
    for kind, record_id, record in real_site.every():
        for alias in getattr(record, "aliases", [])[:1]:
            found = [address for item in look(page, root, alias) for address in item]
            asked += 1
            if pages.location(kind, record_id).split("#")[0] not in [address.split("#")[0] for address in found]:
                missed.append((kind, record_id, alias, found[:3]))
    assert asked > 30
    assert not missed, "\n".join(map(str, missed))

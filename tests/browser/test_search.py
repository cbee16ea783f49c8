"""The theme's own search in a real browser: what people type, and which page must come first."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from learning_site import pages
from learning_site.model import Site

pytestmark = pytest.mark.browser

# (folder of the language, what is typed, the address that must come first)
QUERIES = [
    ("", "conscientization", "elements/conscientization/"),
    ("", "intimate dialogues", "elements/intimate-dialogues/"),
    ("", "synchronization", "elements/synchronization/"),
    ("", "synchronisation", "elements/synchronization/"),
    ("", "mali", "cases/mali/"),
    ("", "nepal", "cases/nepal/"),
    ("", "kapilvastu", "cases/nepal/"),
    ("", "segou", "cases/mali/"),
    ("", "Ségou", "cases/mali/"),
    ("", "masculinities", "glossary/#masculinities"),
    ("", "VSLA", "glossary/#vsla"),
    ("", "patriarchy", "glossary/#patriarchy"),
    ("", "indashyikirwa", "evidence/#indashyikirwa"),
    ("", "EMAP resource package", "tools/#emap-resource-package"),
    ("", "key lessons", "questions/lessons/"),
    ("", "savings group", "glossary/#vsla"),
    ("", "joy has hatched", "sources/#m02"),
    ("", "firewood and water", "cases/mali/#results"),
    ("", "masculinity", "glossary/#masculinities"),
    ("", "facilitator card", "cards/"),
    ("", "safeguards", "safeguards/"),
    ("", "referral", "safeguards/#referral-ready"),
    ("", "action research", "cases/mali/"),
    ("", "Sakcham", "cases/nepal/"),
    ("", "GEWEP", "glossary/#gewep"),
    ("", "danger", "safety/#danger"),
    ("fr/", "conscientisation", "elements/conscientization/"),
    ("fr/", "egalite", "questions/evolution/"),
    ("fr/", "dialogues intimes", "elements/intimate-dialogues/"),
    ("fr/", "elements", "elements/"),
    ("fr/", "temoignages", "testimonies/"),
    ("fr/", "nepal", "cases/nepal/"),
    ("fr/", "garde-fous", "safeguards/"),
    ("ne/", "नेपाल", "cases/nepal/"),
    ("ne/", "शब्दावली", "glossary/"),
    ("ne/", "samanata", "glossary/#gender-equality"),
]


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


@pytest.mark.parametrize(("language", "typed", "first"), QUERIES)
def test_what_people_type_finds_the_right_page_first(
    language: str, typed: str, first: str, page: Page, built: Path, serve: Callable[[Path], str]
) -> None:
    found = ask(page, serve(built) + language, typed)
    path, _, anchor = first.partition("#")
    assert found[0].split("#")[0] == path
    if anchor:
        answers = [address for address in found if "#" in address]
        assert answers, found
        assert answers[0] == first


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

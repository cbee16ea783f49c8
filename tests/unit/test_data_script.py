"""A page's data script says just what it was given, and nothing in it can end the script."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from learning_site import structured_data
from learning_site.loading import load_site
from learning_site.model import Site
from learning_site.structured_data import Described

EVIL = '</script><script>alert(1)</script><!-- &amp; ]]> \u2028 \u2029 \\ " {{ x }}'
PAGE = Described("evil.md", "https://x.example/evil/", EVIL, "Said", "en", "https://x.example/")


@pytest.fixture
def site(good_data: Path) -> Site:
    return load_site(good_data)


def test_nothing_ends_the_script(site: Site) -> None:
    script = structured_data.script(site, PAGE)
    tree = LexborHTMLParser(f"<script type='application/ld+json'>{script}</script><p>after</p>")
    (found,) = tree.css("script")
    assert json.loads(found.text())["@graph"][0]["name"] == EVIL
    assert tree.css_first("p").text() == "after"
    assert not set("<>&\u2028\u2029") & set(script)


def test_a_day_is_said_only_if_it_is_known(site: Site) -> None:
    unknown, known = (
        json.loads(structured_data.script(site, replace(PAGE, changed=day)))["@graph"][0]
        for day in (None, date(2026, 11, 20))
    )
    assert "dateModified" not in unknown
    assert known["dateModified"] == "2026-11-20"


def test_a_source_is_what_its_type_says(site: Site) -> None:
    page = replace(PAGE, path="sources.md", kind="sources")
    works = json.loads(structured_data.script(site, page))["@graph"][0]["citation"]
    assert len(works) == len(site.sources) > 0
    types = [structured_data.WORKS.get(source.type or "", "CreativeWork") for source in site.sources.values()]
    assert [work["@type"] for work in works] == types
    assert {"CreativeWork", "Report"} == set(types)

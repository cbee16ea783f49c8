"""Each component draws what is kept for it, in each language; each is used and known; templates say what they need."""

import os
import re
from datetime import date
from pathlib import Path
from typing import get_args

import pytest
from jinja2 import Environment, meta

from learning_site import pages, rendering
from learning_site.loading import load_site
from learning_site.model import LANGUAGES, OWNERS, SUBJECTS, Figure, LanguageCode, Rule, SourceType, Value
from learning_site.rendering import COMPONENTS, ENVIRONMENT, PAGE_COMPONENTS, STAFF_COMPONENTS, Renderer

GOLDEN = Path(__file__).parent / "golden"
ARGUMENTS = {
    "element_page": ["first", "second"], "case_page": ["alpha", "beta"], "question_page": ["how", "why"],
    "card_page": ["first"], "card_two_up_page": ["first"],
    "testimonies": ["french-words"], "number_of": ["cases"], "say": ["evidence"],
}  # fmt: skip
DAY = date(2023, 11, 14)
CALLS = [(name, argument) for name in COMPONENTS for argument in ARGUMENTS.get(name, [None])]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "argument"), CALLS)
def test_component_draws_what_is_kept(name: str, argument: str | None, language: LanguageCode, good_data: Path) -> None:
    component = Renderer(load_site(good_data), language, DAY).components()[name]
    drawn = component(argument) if argument else component()
    kept = GOLDEN / language / f"{name}{f'-{argument}' if argument else ''}.md"
    if os.environ.get("UPDATE_GOLDEN"):
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(drawn, encoding="utf-8")
    assert drawn == kept.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    expected = {f"{name}{f'-{argument}' if argument else ''}.md" for name, argument in CALLS}
    for language in LANGUAGES:
        assert {path.name for path in (GOLDEN / language).iterdir()} == expected


def templates() -> list[str]:
    found = ENVIRONMENT.list_templates()
    assert len(found) > 20
    return found


@pytest.mark.parametrize("name", templates())
def test_template_says_its_context_and_holds_no_style_or_script(name: str) -> None:
    ENVIRONMENT.get_template(name)
    assert ENVIRONMENT.loader is not None
    source = ENVIRONMENT.loader.get_source(ENVIRONMENT, name)[0]
    assert name.endswith(".md.j2")
    assert source.startswith("{# Context: ")
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=|\{#id\}", source)


@pytest.mark.parametrize("name", templates())
def test_every_word_that_a_template_uses_is_there(name: str, project: Path) -> None:
    assert ENVIRONMENT.loader is not None
    source = ENVIRONMENT.loader.get_source(ENVIRONMENT, name)[0]
    used = set(re.findall(r'word\("(\w+)"[,)]', source)) | set(re.findall(r'word\("(\w+)" if', source))
    used |= {f"{word}_other" for word in re.findall(r'counted\("(\w+)"', source)}
    assert used <= set(load_site(project / "data").ui)


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("en", ["other 0", "one 1", "other 2"]),
        ("fr", ["one 0", "one 1", "other 2"]),
        ("ne", ["other ०", "one १", "other २"]),
    ],
)
def test_a_word_that_counts_has_the_form_of_the_number(
    language: LanguageCode, forms: list[str], good_data: Path
) -> None:
    renderer = Renderer(load_site(good_data), language)
    assert [renderer.counted("practices", count).split("practices-")[1] for count in range(3)] == forms


def test_every_choice_that_a_page_says_has_its_word(project: Path) -> None:
    words = load_site(project / "data").ui
    choices = {
        "subject_": SUBJECTS,
        "who_": get_args(Value.model_fields["who"].annotation),
        "reported_by_who_": get_args(Value.model_fields["who"].annotation),
        "owner_": OWNERS,
        "rules_": get_args(Rule.model_fields["about"].annotation),
        "type_": get_args(SourceType),
        "measure_": [m for m in get_args(Figure.model_fields["measure"].annotation) if m != "percent"],
    }
    for beginning, values in choices.items():
        assert len(values) > 1, beginning
        assert {beginning + value.replace("-", "_") for value in values} <= set(words)
        assert {w for w in words if w.startswith(beginning)} <= {beginning + v.replace("-", "_") for v in values}


def test_every_word_is_used(project: Path) -> None:
    places = [path for ending in ("j2", "py") for path in (project / "src").rglob(f"*.{ending}")]
    places += [path for path in (project / "docs" / "overrides").rglob("*") if path.is_file()]
    places += (project / "docs").rglob("*.md")
    text = "\n".join(path.read_text(encoding="utf-8") for path in places)
    beginnings = ("about_", "read_", "reported_by_", "placed_by_", "subject_", "who_", "measure_", "rules_", "owner_")
    beginnings += ("type_", "proof_")
    words = load_site(project / "data").ui
    used = {w for w in words if re.search(rf'["\'./]{w}["\'\s)}}]', text)}
    used |= {f"{w}_{form}" for w in re.findall(r'counted\("(\w+)"', text) for form in ("one", "other")}
    unused = [w for w in words if w not in used and not w.startswith(beginnings)]
    kinds = {"glossary", "sources", "tools", "evidence", "testimonies", "matrix", "cases", "elements", "questions"}
    assert set(unused) <= kinds


def test_every_component_is_used_and_every_page_calls_one(good_data: Path, project: Path) -> None:
    made = {page.component for page in pages.pages(load_site(good_data))}
    assert made == set(PAGE_COMPONENTS)
    calls: set[str] = set()
    written = list((project / "docs").rglob("*.md"))
    assert written
    for path in written:
        calls |= meta.find_undeclared_variables(Environment().parse(path.read_text(encoding="utf-8")))
    assert calls <= set(STAFF_COMPONENTS)


def test_every_staff_component_is_on_the_maintainers_page(project: Path) -> None:
    text = (project / "docs" / "maintain" / "components.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`\{\{ (\w+)\(", text)) == set(STAFF_COMPONENTS)


def test_a_value_that_no_template_should_write_is_refused() -> None:
    with pytest.raises(TypeError, match="cannot write None"):
        ENVIRONMENT.from_string("{{ x }}").render(x=None)


def test_what_a_template_writes_is_shown_as_typed() -> None:
    assert ENVIRONMENT.from_string("{{ x }}").render(x="*<b>{{") == "&#42;&#60;b&#62;&#123;&#123;"


def test_untranslated_text_stands_in_its_own_language(good_data: Path) -> None:
    renderer = Renderer(load_site(good_data), "fr")
    shown = renderer.shown(renderer.site.elements["second"].summary)
    assert shown == '<span class="untranslated" lang="en" data-mark="fr in-english">It comes second.</span>'
    assert renderer.shown(renderer.site.elements["first"].summary) == "Il vient en premier."


@pytest.mark.parametrize(
    ("language", "when", "said"),
    [
        ("en", "2014-10", "October 2014"),
        ("fr", "2014-10", "octobre 2014"),
        ("ne", "2014", "२०१४"),
        ("en", "2014-10-31", "31 October 2014"),
    ],
)
def test_dates_are_said_in_the_language(language: LanguageCode, when: str, said: str, good_data: Path) -> None:
    assert Renderer(load_site(good_data), language).date(when) == said


def test_sources_are_numbered_as_they_are_cited() -> None:
    citations = rendering.Citations()
    assert [citations.number(i) for i in ("b", "a", "b", "c")] == [1, 2, 1, 3]
    assert citations.used == ["b", "a", "c"]

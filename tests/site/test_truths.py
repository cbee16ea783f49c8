"""What a built page says is what the data says: numbers, terms, charts, notes, sheets."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from learning_site import pages
from learning_site.first_uses import Forms
from learning_site.model import Site, Statement, leaves

NUMBER = re.compile(r"\d+(?:[.,\u202f]\d+)*")
# What is counted or numbered at build time: citation numbers, numbered signs.
NUMBERED = ".cite, .page-sources__number, .sign, script, style, .chart__axis"


def article(root: Path, location: str) -> LexborNode:
    parser = LexborHTMLParser((root / location.partition("#")[0] / "index.html").read_text(encoding="utf-8"))
    node = parser.css_first("article")
    assert node is not None, location
    return node


def numbers(text: str) -> set[str]:
    return {found.replace("\u202f", ",") for found in NUMBER.findall(text)}


def locations(site: Site) -> list[str]:
    found = [page.path.removesuffix(".md").removesuffix("index") for page in pages.pages(site)]
    assert len(found) > 25
    return found


def counted(site: Site) -> set[str]:
    """Every number that the site may count for itself."""
    counts = [len(site.numbered), *(element.order for element in site.elements.values())]
    counts += [len(site.strategies(c, e)) for c in site.cases for e in site.elements]
    counts += [number for number in range(1, 1 + max(len(e.card.flow) for e in site.elements.values() if e.card))]
    counts += range(1, 1 + len(site.questions))
    return {str(count) for count in counts}


def test_every_number_on_a_page_stands_in_the_data(real_site: Site, built: Path, project: Path) -> None:
    sources = [*(project / "data").rglob("*.yml"), *(project / "docs").rglob("*.md")]
    known = numbers("\n".join(path.read_text(encoding="utf-8") for path in sources)) | counted(real_site)
    known |= {number.lstrip("0") for number in known} | {f"{count:,}" for count in (len(real_site.sources),)}
    seen: Counter[str] = Counter()
    for location in locations(real_site):
        page = article(built, location)
        for node in page.css(NUMBERED):
            node.decompose()
        shown = numbers(page.text(separator=" "))
        assert shown <= known, f"{location}: {sorted(shown - known)}"
        seen.update(shown)
    assert len(seen) > 150
    assert {"1,020", "0.44", "41.3", "2,904"} <= set(seen)


def test_every_number_of_a_figure_is_on_the_evidence_page_with_its_interval(real_site: Site, built: Path) -> None:
    said = " ".join(article(built, "evidence/").text(separator=" ").split())
    values = [v for study in real_site.evidence.values() for f in study.figures for v in f.values]
    assert len(values) > 15
    for value in values:
        assert f"{value.value}" in said
        if value.low is not None:
            assert f"({value.low} to {value.high})" in said
    alone = [v for study in real_site.evidence.values() for f in study.ratios for v in f.values if v.low is None]
    assert said.count(real_site.ui["no_interval"].en) == len(alone)
    crossing = [v for v in values if v.low is not None and v.high is not None and v.low < 1 < v.high]
    assert crossing, "one study whose interval includes no effect"
    marked = [node.text() for node in article(built, "evidence/").css(".chart__value em")]
    assert marked == [real_site.ui["includes_no_effect"].en] * len(crossing)


def test_figures_carry_population_place_year_unit_and_source(real_site: Site, built: Path) -> None:
    study = real_site.evidence["images-mali"]
    assert study.population
    for location in ("evidence/", "cases/mali/"):
        caption = article(built, location).css_first(".chart--shares .chart__caption")
        assert caption is not None
        said = " ".join(caption.text().split())
        for part in (study.population.en, study.place.en, str(study.years)):
            assert part in said
        assert len(caption.css(".cite a")) == len(study.figure_sources)
    groups = [" ".join(node.text().split()) for node in article(built, "evidence/").css(".chart__group")]
    assert len(groups) == len(real_site.compared_studies) > 3
    for group, trial in zip(groups, real_site.compared_studies.values(), strict=True):
        assert trial.population
        assert trial.place.en in group
        assert trial.population.en in group
        assert all(real_site.ui[f"reported_by_{who}"].en in group for who in trial.reporters)
    for value in article(built, "evidence/").css(".chart--shares .chart__value"):
        assert value.text().endswith("%")
    assert "ratio" in " ".join(n.text() for n in article(built, "evidence/").css(".chart--forest .chart__who"))


def test_a_bar_is_as_long_as_its_number_says(real_site: Site, built: Path) -> None:
    rows = article(built, "cases/mali/").css(".chart--shares .chart__row")
    values = [v for f in real_site.evidence["images-mali"].percentages for v in f.values]
    assert len(rows) == len(values) > 8
    for row, value in zip(rows, values, strict=True):
        bar = row.css_first(".chart__bar")
        assert bar is not None
        assert float((bar.attributes["width"] or "").rstrip("%")) == float(value.value)
        assert f"chart__bar--{value.who}" in (bar.attributes["class"] or "")


def test_every_chart_lane_is_a_picture_of_text_beside_it(real_site: Site, built: Path) -> None:
    seen = 0
    for location in locations(real_site):
        for lane in article(built, location).css("svg.chart__lane"):
            assert lane.attributes["aria-hidden"] == "true"
            row = lane.parent
            assert row is not None
            assert re.search(r"\w", " ".join(row.text().split())), location
            seen += 1
    assert seen > 60


def explained(node: LexborNode) -> Iterator[tuple[str, LexborNode, LexborNode]]:
    for term in node.css(".term"):
        word, definition = term.css_first("a.term__word"), term.css_first(".term__definition")
        assert word is not None
        assert definition is not None
        yield (word.attributes["href"] or "").partition("#")[2], word, definition


@pytest.mark.parametrize("language", ["en", "fr", "ne"])
def test_a_term_is_explained_once_on_a_page_with_its_definition(language: str, real_site: Site, built: Path) -> None:
    root = built if language == "en" else built / language
    seen: Counter[str] = Counter()
    for location in locations(real_site):
        here = [term for term, _, _ in explained(article(root, location))]
        assert len(here) == len(set(here)), location
        seen.update(here)
        for term, word, definition in explained(article(root, location)):
            assert word.attributes["aria-describedby"] == definition.attributes["id"] == f"term-{term}"
            own = real_site.glossary[term].definition.written_in(language)  # type: ignore[arg-type]
            assert definition.attributes["lang"] == (language if own else "en")
            assert len(definition.text().split()) >= 3
    assert len(seen) > 20


def test_no_first_use_of_a_term_on_a_page_of_claims_is_left_unexplained(real_site: Site, built: Path) -> None:
    """Every term that the claims of a case or an element use is explained on its page."""
    forms = Forms(real_site.glossary)
    found = 0
    for kind in ("cases", "elements"):
        for record_id, record in real_site.kind(kind).items():
            claims = [v.text.en for _, v, _ in leaves(record) if isinstance(v, Statement)]
            used = {
                term for text in claims for _, _, term in forms.uses(re.sub(r"\[[^\]]*\]\([^)]*\)", "", text), "en")
            }
            here = {term for term, _, _ in explained(article(built, pages.location(kind, record_id)))}
            assert used <= here, (record_id, used - here)
            found += len(used)
    assert found > 40


def test_pages_that_speak_of_violence_say_so_first_and_lead_to_the_safety_page(real_site: Site, built: Path) -> None:
    noted = 0
    for kind in ("cases", "elements", "questions", "evidence", "testimonies"):
        for record_id in real_site.kind(kind) if kind in ("cases", "elements", "questions") else [""]:
            location = pages.location(kind, record_id) if record_id else f"{kind}/"
            page = article(built, location)
            note = page.css_first(".content-note")
            assert (note is not None) == bool(real_site.subjects(kind, record_id)), location
            if note is not None:
                noted += 1
                link = note.css_first("a")
                assert link is not None
                target = (built / location / (link.attributes["href"] or "") / "index.html").resolve()
                assert target == (built / "safety" / "index.html").resolve()
                assert page.text().index(note.text()) < page.text().index(first_section(page))
    assert noted > 8


def first_section(page: LexborNode) -> str:
    heading = page.css_first("h2")
    assert heading is not None
    return heading.text()


def headings(node: LexborNode) -> Iterable[str]:
    return (" ".join(h.text().split()) for h in node.css("h1, h2, h3"))


def test_every_element_has_a_card_with_all_its_parts(real_site: Site, built: Path) -> None:
    assert set(real_site.with_card) == set(real_site.elements)
    for element_id, element in real_site.with_card.items():
        card = article(built, f"cards/{element_id}/")
        said = " ".join(card.text(separator=" ").split())
        assert element.card
        assert real_site.ui["card_ours"].en in said
        for step in element.card.flow:
            assert any(step.name.en in heading for heading in headings(card))
        for safeguard in (
            *real_site.safeguards_before(element_id).values(),
            *real_site.safeguards_beside(element_id).values(),
        ):
            assert safeguard.name.en in said
        for tool in real_site.tools_for(element_id).values():
            assert tool.name.en in said
        assert card.css_first(".sheet__referral") is not None
        two = article(built, f"cards/{element_id}/two-up/")
        sheets = two.css(".two-up > .sheet")
        assert len(sheets) == 2
        assert "inert" in sheets[1].attributes
        ids = [n.attributes["id"] for n in two.css("[id]")]
        assert len(ids) == len(set(ids))

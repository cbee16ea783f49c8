"""Truths about the real content that no rule for all sites can know."""

import re
from pathlib import Path

from learning_site.model import Evidence, Localized, Record, Refers, Result, Site, Statement, leaves

# The subject of the initiative, as its original page names it; the only place where tests know it.
ELEMENTS = [
    "synchronization", "conscientization", "intimate-dialogues", "building-the-base", "stepping-out-stepping-up",
    "alliances-for-advocacy",
]  # fmt: skip


def statements(record: Record) -> list[Statement]:
    return [value for _, value, _ in leaves(record) if isinstance(value, Statement)]


def test_the_six_elements_with_the_one_that_runs_through(real_site: Site) -> None:
    assert list(real_site.elements) == ELEMENTS
    assert list(real_site.through) == ["synchronization"]
    assert [e.order for e in real_site.numbered.values()] == [1, 2, 3, 4, 5]


def test_two_cases_three_questions_three_aims(real_site: Site) -> None:
    assert set(real_site.cases) == {"mali", "nepal"}
    assert len(real_site.questions) == 3
    assert len(real_site.initiative.aims) == 3


def test_every_element_has_a_definition_two_examples_and_a_lesson(real_site: Site) -> None:
    for element_id, element in real_site.elements.items():
        in_cases = [s for case_id in real_site.cases for s in real_site.strategies(case_id, element_id)]
        assert element.what_it_is, element_id
        assert len(in_cases) + len(element.examples) >= 2, element_id
        assert element.lessons or real_site.case_lessons(element_id), element_id
        assert element.synchronized, element_id


def test_every_case_has_strategies_results_and_an_answer_or_an_open_end_to_each_question(real_site: Site) -> None:
    for case_id, case in real_site.cases.items():
        assert len(case.strategies) >= 6
        assert case.results
        assert case.gaps
        for question_id in real_site.questions:
            answer = real_site.answer(case_id, question_id)
            assert answer
            assert answer.answer or answer.would_answer, (case_id, question_id)


def test_every_claim_has_a_source_in_the_register(real_site: Site) -> None:
    found = [s for _, _, record in real_site.every() for s in statements(record)]
    assert len(found) > 200
    for statement in found:
        assert statement.sources
        assert set(statement.sources) <= set(real_site.sources)


def test_every_source_is_cited(real_site: Site) -> None:
    assert len(real_site.sources) > 100
    assert [i for i in real_site.sources if not real_site.citing(i)] == []


def test_quotations_are_short_and_the_staff_testimony_is_there_word_for_word(real_site: Site) -> None:
    assert real_site.testimonies
    for testimony in real_site.testimonies.values():
        words = testimony.quote.written_in(testimony.original)
        assert words
        assert len(words.split()) < 60
        assert testimony.sources
        assert testimony.role.en
    staff = (
        "Men often talk of their relief at being able to let go of the psychological burden of always being in control "
        "and laying down the law, and of the comfort and support they draw form a more equitable partnership with "
        "their wives."
    )
    assert any(t.quote.en == staff and t.sources == ["c01"] for t in real_site.testimonies.values())


def test_what_care_reports_of_its_own_cases_is_marked_so(real_site: Site) -> None:
    for case in real_site.cases.values():
        for result in case.results:
            sources = [real_site.sources[i] for i in result.sources]
            if all("CARE" in source.publisher for source in sources):
                assert result.reported_by == "care"


def test_trial_results_show_their_limits(real_site: Site) -> None:
    trials = [e for e in real_site.evidence.values() if "trial" in e.design.en.lower()]
    assert len(trials) >= 3
    for trial in trials:
        assert isinstance(trial, Evidence)
        said = " ".join(f.text.en for f in trial.findings)
        assert re.search(r"interval|\bCI\b", said, re.I), trial.title.en
    assert any("EMAP" in e.title.en for e in real_site.evidence.values()), "the counter-example"
    sasa = [f for e in real_site.evidence.values() for f in e.findings if isinstance(f, Result) and "0.16" in f.text.en]
    assert sasa
    assert re.search(r"no effect|no change", " ".join(f.text.en for f in sasa))


def texts(site: Site) -> str:
    found = [
        text
        for _, _, record in site.every()
        for _, v, _ in leaves(record)
        if isinstance(v, Localized)
        for _, text in v.each()
    ]
    assert len(found) > 500
    return "\n".join(found)


def test_words_that_the_field_does_not_use(real_site: Site) -> None:
    assert not re.search(r"\bbeneficiar|\bfemales\b|\bmales\b|\bvictims?\b", texts(real_site), re.I)


def test_sensitive_finding_and_minors_stories_are_left_out(real_site: Site) -> None:
    assert not re.search(r"people of caste|traditional communicators", texts(real_site), re.I)


def test_links_to_records_and_ids_are_really_there(real_site: Site) -> None:
    referring = [
        (value, mark.kind)
        for _, _, record in real_site.every()
        for _, value, marks in leaves(record)
        for mark in marks
        if isinstance(mark, Refers)
    ]
    assert len(referring) > 300
    assert all(value in real_site.kind(kind) for value, kind in referring)


def test_interface_words_are_written_in_the_script_of_their_language(real_site: Site) -> None:
    assert len(real_site.ui) > 50
    for word_id, word in real_site.ui.items():
        assert re.search(r"[\u0900-\u097f]", word.ne), word_id


def test_the_original_page_is_used_in_full(real_site: Site) -> None:
    """Each element's definition and the initiative's why, selection, aims and approach cite the original page."""
    for element_id, element in real_site.elements.items():
        assert any("c01" in s.sources for s in element.what_it_is), element_id
    for part in ("why", "selection", "aims", "approach"):
        assert any("c01" in s.sources for s in getattr(real_site.initiative, part)), part


def test_no_number_of_elements_or_cases_is_typed_into_prose_pages(project: Path) -> None:
    written = list((project / "docs").glob("*.md"))
    assert written
    for path in written:
        assert not re.search(r"\b(six|6) (key )?elements|\b(six|6) éléments", path.read_text(encoding="utf-8")), path

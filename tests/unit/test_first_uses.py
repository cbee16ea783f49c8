"""Which words of a text are uses of a glossary term, and which use is the first on a page."""

from typing import Any

from learning_site.first_uses import FirstUses, Forms
from learning_site.model import LanguageCode, Term
from learning_site.staff_markdown import Explaining, markdown_on_page

GLOSSARY: dict[str, dict[str, Any]] = {
    "reflect": {"term": "REFLECT"},
    "gender": {"term": "Gender"},
    "norms": {"term": {"en": "Gender norms", "ne": "लैंगिक मान्यता"}, "forms": {"en": ["gender norm"]}},
    "champion": {"term": {"en": "Male champion"}, "forms": {"en": ["male champions"], "fr": ["homme champion"]}},
    "vsla": {"term": {"en": "VSLA"}, "forms": {"en": ["VSLAs", "village savings"]}},
}


def forms() -> Forms:
    return Forms(
        {i: Term.model_validate({**term, "definition": {"en": "x"}, "sources": []}) for i, term in GLOSSARY.items()}
    )


def used(text: str, language: LanguageCode = "en") -> list[tuple[str, str]]:
    return [(text[start:end], term) for start, end, term in forms().uses(text, language)]


def test_terms_are_found_in_every_form_small_or_at_the_start_of_a_sentence() -> None:
    assert used("Gender norms and a gender norm; male champions.") == [
        ("Gender norms", "norms"),
        ("gender norm", "norms"),
        ("male champions", "champion"),
    ]
    assert used("Male champions met.") == [("Male champions", "champion")]


def test_an_acronym_is_not_an_ordinary_word_and_words_are_whole() -> None:
    assert used("They reflect. Reflect! REFLECT centres, VSLAs, VSLAX, supergender norms") == [
        ("REFLECT", "reflect"),
        ("VSLAs", "vsla"),
    ]


def test_the_longest_form_wins() -> None:
    assert used("gender norms, not gender alone") == [("gender norms", "norms"), ("gender", "gender")]


def test_a_nepali_word_may_carry_its_postposition() -> None:
    assert used("लैंगिक मान्यताहरूले", "ne") == [("लैंगिक मान्यता", "norms")]
    assert used("अलैंगिक मान्यता", "ne") == []


def test_each_language_has_its_own_forms() -> None:
    assert used("un homme champion", "fr") == [("homme champion", "champion")]
    assert used("un homme champion", "en") == []


def explained(*texts: str) -> str:
    uses = FirstUses(forms())
    explaining = Explaining(lambda said: uses.parts(said, "en"), uses.first, lambda label, term: f"<{term}|{label}>")
    return " / ".join(markdown_on_page(text, lambda kind, i: f"/{kind}/{i}", explaining) for text in texts)


def test_only_the_first_use_on_a_page_is_explained() -> None:
    assert explained("A VSLA, a VSLA.", "Another VSLA.") == "A <vsla|VSLA>, a VSLA. / Another VSLA."


def test_a_link_to_the_glossary_is_a_use_and_later_ones_stay_links() -> None:
    assert explained("[savers](glossary:vsla) and VSLA, [more](glossary:vsla)") == (
        "<vsla|savers> and VSLA, [more](/glossary/vsla)"
    )


def test_nothing_is_explained_inside_code_links_and_their_targets() -> None:
    assert explained("`VSLA` [VSLA](https://vsla.example.org/VSLA) [about](cases:VSLA)") == (
        "`VSLA` [VSLA](https://vsla.example.org/VSLA) [about](cases:VSLA)"
    )
    assert explained("*a VSLA*") == "*a <vsla|VSLA>*"


def test_what_staff_type_stays_inert_around_a_term() -> None:
    assert explained("{{ VSLA }} <b> VSLA") == "&#123;&#123; <vsla|VSLA> &#125;&#125; &lt;b> VSLA"

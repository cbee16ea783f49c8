"""Where texts use glossary terms: the first use of each on a page. Knows the terms' written forms, no markup."""

import re
from collections.abc import Iterator

from learning_site.model import LANGUAGES, LanguageCode, Term

# Python does not count the vowel signs of Devanagari as parts of a word.
_LETTER = r"[\w\u0900-\u0963\u0970-\u097f]"


def written_forms(term: Term, language: LanguageCode) -> list[str]:
    """Every way in which a term is written in a language: the term itself, then its other forms."""
    own = term.term.written_in(language)
    return ([own] if own else []) + (getattr(term.forms, language) if term.forms else [])


class Forms:
    """The written forms of all terms, ready to be looked for; made once for a site."""

    def __init__(self, glossary: dict[str, Term]) -> None:
        self._terms: dict[LanguageCode, dict[str, str]] = {}
        self._patterns: dict[LanguageCode, re.Pattern[str]] = {}
        for language in LANGUAGES:
            forms = {form: i for i, term in glossary.items() for form in written_forms(term, language)}
            self._terms[language] = forms | {
                form[0].upper() + form[1:]: i for form, i in forms.items()
            } | {_small(form): i for form, i in forms.items()}  # fmt: skip
            longest_first = sorted(self._terms[language], key=len, reverse=True)
            # A Nepali word carries its postposition, so only its beginning must stand alone.
            end = "" if language == "ne" else rf"(?!{_LETTER})"
            self._patterns[language] = re.compile(
                rf"(?<!{_LETTER})(?:{'|'.join(map(re.escape, longest_first)) or '(?!)'}){end}"
            )

    def uses(self, text: str, language: LanguageCode) -> Iterator[tuple[int, int, str]]:
        """Every use of a term in a text, as (start, end, term id)."""
        for found in self._patterns[language].finditer(text):
            yield found.start(), found.end(), self._terms[language][found[0]]


def _small(form: str) -> str:
    """A form as it stands within a sentence; acronyms and names keep their capitals."""
    return form if any(letter.isupper() for letter in form[1:]) else form[0].lower() + form[1:]


class FirstUses:
    """Which terms one page has explained already."""

    def __init__(self, forms: Forms) -> None:
        self._forms = forms
        self.explained: list[str] = []

    def first(self, term_id: str) -> bool:
        """Whether a term is used here for the first time; from now on it counts as explained."""
        if term_id in self.explained:
            return False
        self.explained.append(term_id)
        return True

    def parts(self, text: str, language: LanguageCode) -> Iterator[tuple[str, str | None]]:
        """A text in parts, as (words, id of the term that they use for the first time on the page, or None)."""
        end = 0
        for start, stop, term_id in self._forms.uses(text, language):
            if self.first(term_id):
                yield text[end:start], None
                yield text[start:stop], term_id
                end = stop
        yield text[end:], None

"""The code of a language from what others write for it: a code of ISO 639, a name, or a name of LaTeX's babel.

The names and the longer codes are those of Unicode (CLDR), by Babel. What is not known is not guessed.
"""

import functools
import re

from babel import Locale
from babel.core import get_global
from babel.localedata import locale_identifiers

NO_LANGUAGE = frozenset({"und", "mul", "zxx", "mis"})  # codes for: not known, several, none, another
NORWEGIAN = {"nor": "no"}  # Unicode has one only for its written forms
LATEX = {
    "american": "en", "usenglish": "en", "british": "en", "ukenglish": "en", "australian": "en", "canadian": "en",
    "newzealand": "en", "ngerman": "de", "austrian": "de", "naustrian": "de", "swissgerman": "de", "nswissgerman": "de",
    "francais": "fr", "acadian": "fr", "canadien": "fr", "brazil": "pt", "brazilian": "pt", "portuges": "pt",
    "mexican": "es", "castilian": "es", "norsk": "no", "bokmal": "nb", "nynorsk": "nn", "magyar": "hu", "farsi": "fa",
    "slovene": "sl", "bahasa": "id", "bahasai": "id", "bahasam": "ms",
}  # fmt: skip


def code_of(said: str) -> str | None:
    """The code of a language, None where it is not known: `en-GB`, `eng`, `English (UK)`, `français` and `ngerman`."""
    plain = re.sub(r"\(.*?\)", "", said).strip().casefold()
    primary = re.split(r"[-_]", plain)[0] if re.fullmatch(r"[a-z]{2,3}([-_][a-z0-9]+)*", plain) else plain
    if primary in NO_LANGUAGE:
        return None
    if primary in _names("en").values():
        return primary
    longer: dict[str, str] = get_global("language_aliases")  # type: ignore[assignment]
    known = NORWEGIAN.get(primary) or longer.get(primary, "").partition("_")[0] or LATEX.get(primary)
    return known or _names("en").get(primary) or _own_names().get(primary)


@functools.cache
def _names(language: str) -> dict[str, str]:
    """The code of each language by its name in one of them."""
    return {name.casefold(): code for code, name in Locale.parse(language).languages.items() if "_" not in code}


@functools.cache
def _own_names() -> dict[str, str]:
    """The code of each language by what its speakers call it; slow, so it is asked last."""
    found: dict[str, str] = {}
    for code in sorted(locale_identifiers(), key=len):
        if "_" not in code and (name := Locale.parse(code).languages.get(code)):
            found.setdefault(name.casefold(), code)
    return found

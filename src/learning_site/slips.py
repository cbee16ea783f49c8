"""What a person meant who slipped: the line or the value that was very likely meant instead of the one that stands there.

A guess is only a guess. Whoever asks shows it to nobody before the file reads well with it, or the value fits its form.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePath

from babel.dates import get_month_names

from learning_site.messages import YAML_WORDINGS, Wording
from learning_site.model import LANGUAGES, Record

FARTHEST = 3  # spaces by which an indent is off by mistake
LINES_ABOVE = 10  # in which the right indent is looked for

LANGUAGE_NAMES = {
    "eng": "en", "english": "en", "anglais": "en", "uk": "en", "us": "en",
    "fra": "fr", "fre": "fr", "french": "fr", "français": "fr", "francais": "fr",
    "np": "ne", "nep": "ne", "npl": "ne", "nepali": "ne", "népalais": "ne", "नेपाली": "ne",
}  # fmt: skip
TRUE_OR_FALSE = {
    **dict.fromkeys(("yes", "y", "oui", "vrai", "on", "1", "true", "हो"), "true"),
    **dict.fromkeys(("no", "n", "non", "faux", "off", "0", "false", "होइन"), "false"),
}

HEAD = r"(?P<head>\s*(?:- +)*)"
KEY_WITHOUT_COLON = re.compile(HEAD + r"(?P<key>[A-Za-z_]+)(?P<sign>[ \u00a0]*[:：=;,][ \u00a0]*|\s+|$)(?P<rest>.*)$")
DASH = re.compile(r"(?P<head>\s*)(?:-(?=[^\s-])|[–—•·‣▪*] *)(?P<rest>[^\s*].*)$")
TEXT_OF_LINE = re.compile(HEAD + r"(?:[\w-]+ ?:\s+)?(?P<text>\S.*?)\s*$")
TEXT_IN_BRACES = re.compile(r"[\w-]+: +(?P<text>[^\s{\[].*?)(?=\s*(?:\}|, *[\w-]+:(?: |$)))")
CLOSING = {"[": "]", "{": "}"}


def keys() -> frozenset[str]:
    """Every key that a record can have."""
    kinds = list(Record.__subclasses__())
    for kind in kinds:
        kinds += kind.__subclasses__()
    return frozenset(name for kind in kinds for name in kind.model_fields)


KEYS = keys()


def quoted(text: str) -> str:
    """A text in the quotation marks that need the least change in it."""
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return f"'{text}'" if "'" not in text else '"{}"'.format(text.replace("\\", "\\\\").replace('"', '\\"'))


# What stands as a text, what was meant, and the wording where the reader's own would not fit.
TEXTS: tuple[tuple[str, Callable[[str], str], Wording | None], ...] = (
    (
        r"[“”„«].*",
        lambda text: quoted(text.strip("“”„«»").strip()),
        Wording("colon-in-text", "`“` and `”` are not the quotation marks of a keyboard: they do not hold a text together"),
    ),
    (
        r"'.*'.*'",
        lambda text: quoted(text[1:-1].replace("''", "'")),
        Wording("open-quote", "a text in ' ' ends at the first apostrophe in it"),
    ),
    (
        r'".*\\.*"',
        lambda text: quoted(text[1:-1]),
        None,
    ),
    (
        r'"[^"]*"[,;.]',
        lambda text: text[:-1],
        Wording("open-quote", "nothing can stand behind the quotation mark that closes a text"),
    ),
    (
        r'".*".*"',
        lambda text: quoted(text[1:-1]),
        Wording("open-quote", 'a text in " " ends at the first quotation mark in it'),
    ),
    (
        r'"[^"]*".+',
        lambda text: quoted(text),
        Wording("open-quote", 'a text that starts with a quoted word needs other quotation marks around the whole of it'),
    ),
    (r'"[^"]*', lambda text: quoted(text[1:].rstrip("”“»")), None),
    (r"'[^']*", lambda text: quoted(text[1:].rstrip("’‘"))),
    (
        r"\[[^\[\]]*\]\((?P<target>https?://[^()]*)\)",
        lambda text: text[text.index("](") + 2 : -1],
        Wording("bad-address", "an address stands here by itself, without words in brackets"),
    ),
    (
        r"(\[.*\]|\{.*\})..*",
        quoted,
        Wording("bad-first-character", "a text that starts with a bracket needs quotation marks around it"),
    ),
    (
        r"[-?] .*",
        quoted,
        Wording("bad-first-character", "a text cannot start with `-` or `?` unless it is in quotation marks"),
    ),
    (r"[@%`*&!>|].*", quoted, None),
    (r"[^\"'\[{].*:( .*)?", quoted, None),
) if False else ()  # fmt: skip

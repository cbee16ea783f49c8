"""What a person meant who slipped: the line or the value that very likely was meant instead of what stands there.

A guess is only a guess. Whoever asks shows none before the file can be read with it, or the value has the right form.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from babel.dates import get_month_names

from learning_site.messages import Wording
from learning_site.model import LANGUAGES, Record

FARTHEST = 3  # spaces by which an indent is off by mistake
FAR_ABOVE = 40  # lines above a failure that may be its reason
LINES_ABOVE = 10  # in which the right indent is looked for
LONGEST = 300  # signs of a line that is worth showing whole

LANGUAGE_NAMES = {
    **dict.fromkeys(("eng", "english", "anglais", "uk", "us"), "en"),
    **dict.fromkeys(("fra", "fre", "french", "français", "francais"), "fr"),
    **dict.fromkeys(("np", "nep", "npl", "nepali", "népalais", "नेपाली"), "ne"),
}
TRUE_OR_FALSE = {
    **dict.fromkeys(("true", "yes", "y", "on", "1", "oui", "vrai", "हो"), "true"),
    **dict.fromkeys(("false", "no", "n", "off", "0", "non", "faux", "होइन"), "false"),
}
MONTHS = {
    name.casefold().rstrip("."): number
    for language in LANGUAGES
    for width in ("wide", "abbreviated")
    for number, name in get_month_names(width, locale=language).items()
}

# ---------------------------------------------------------------- lines


@dataclass(frozen=True)
class Guess:
    """A line that was meant; the column of what is wrong, and the words for it where the reader's own do not fit."""

    line: str
    column: int
    wording: Wording | None = None
    not_a_line: bool = False  # it cannot be pasted as a line


HEAD = r"(?P<head>\s*(?:- +)*)"
KEY = re.compile(HEAD + r"(?P<key>[A-Za-z_]+)(?P<sign>[ \t\u00a0]*[:：=;,][ \t\u00a0]*|\s+|$)(?P<rest>.*)$")
TEXT_BESIDE_KEY = re.compile(HEAD + r"(?P<key>\w[^:]*): (?P<rest>[^\s\[{>|\"'].*)$")
NO_SPACE = re.compile(HEAD + r"[a-z_]+:[^\s/]")
OPEN_QUOTE = re.compile(r"""(?:: |- )(?:"[^"]*|'[^']*)$""")
DASH = re.compile(r"(?P<head>\s*)(?:-(?=[^\s-])|- *\t\s*|[–—•·‣▪] *|\* +)(?P<rest>\S.*)$")
TEXT_OF_LINE = re.compile(HEAD + r"(?:[\w-]+ ?:\s+)?(?P<text>\S.*?)(?:\s+# .*|\s*)$")
TEXT_IN_BRACES = re.compile(r"[\w-]+: +(?P<text>[^\s{\[].*?)(?=\s*(?:\}|, *[\w-]+:(?: |$)))")
CLOSING = {"[": "]", "{": "}"}

NO_COLON = Wording("missing-colon", "`{key}` needs a colon and a space after it")
NO_DASH = Wording("needs-a-list", "an entry of a list starts with a hyphen and a space")
NOT_CLOSED = Wording("open-quote", "a quotation mark that opens a text is never closed")
COMMA = Wording("open-bracket", "a comma is too many here")
UNBALANCED = Wording("open-bracket", "the brackets of this line do not belong together: one lacks, or is too many")


def _keys() -> frozenset[str]:
    kinds = Record.__subclasses__()
    for kind in kinds:
        kinds += kind.__subclasses__()
    return frozenset(name for kind in kinds for name in kind.model_fields) | {*LANGUAGES}


KEYS = _keys()


def quoted(text: str) -> str:
    """A text in the quotation marks that need the least change in it."""
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return f"'{text}'" if "'" not in text else '"{}"'.format(text.replace("\\", "\\\\").replace('"', '\\"'))


def _first_character(signs: str) -> Wording:
    return Wording("bad-first-character", f"a text that starts with {signs} needs quotation marks around it")


# What stands as a text, what was meant, and the words for it.
TEXTS: tuple[tuple[str, Callable[[str], str], Wording | None], ...] = (
    (
        r"[“”„«].*",
        lambda text: quoted(text.strip("“”„«» ")),
        Wording(
            "colon-in-text", "`“` and `”` are not the quotation marks of a keyboard, so they hold no text together"
        ),
    ),
    (
        r"'.*'.*'",
        lambda text: quoted(text[1:-1].replace("''", "'")),
        Wording("open-quote", "a text between ' and ' ends at the first apostrophe in it"),
    ),
    (
        r'".*\\.*"',
        lambda text: quoted(text[1:-1]),
        Wording("backslash", 'a backslash between " and " has a special meaning'),
    ),
    (
        r'"[^"]*"[,;.]',
        lambda text: text[:-1],
        Wording("open-quote", "nothing can follow the quotation mark that closes a text"),
    ),
    (
        r'".*".*"',
        lambda text: quoted(text[1:-1]),
        Wording("open-quote", 'a text between " and " ends at the first quotation mark in it'),
    ),
    (
        r'"[^"]+" .+',
        quoted,
        Wording("open-quote", "a text that starts with a quoted word needs other quotation marks around all of it"),
    ),
    (r"""["'][^"']*""", lambda text: quoted(text[1:].rstrip("”“»’‘")), NOT_CLOSED),
    (
        r"\[[^\[\]]*\]\(https?://[^()]*\)",
        lambda text: text[text.index("](") + 2 : -1],
        Wording("bad-address", "an address stands by itself, without words in brackets before it"),
    ),
    (r"(\[.*\]|\{.*\}).+", quoted, _first_character("a bracket")),
    (r"[-?] .*", quoted, _first_character("a hyphen or a question mark")),
    (r"[@%`].*", quoted, _first_character("@, % or `")),
    (r"[*&!].*", quoted, None),
    (r"[>|] .*", quoted, None),
    (
        r"[^\[{].*: .*|\S+ .*:",
        quoted,
        Wording("colon-in-text", "a text with `: ` in it needs quotation marks around it"),
    ),
    (r".* #.*", quoted, None),
)


def suspects(lines: list[str], number: int) -> list[int]:
    """Lines not far above one where reading failed that may be the reason: an open quotation mark, an odd indent."""
    above = range(number - 1, max(number - FAR_ABOVE, 0), -1)
    kinds: tuple[Callable[[str], object], ...] = (
        OPEN_QUOTE.search,
        lambda line: line.strip() and _indent_of(line) % 2,
        NO_SPACE.match,
    )
    return [n for looks_odd in kinds if (n := next((n for n in above if looks_odd(lines[n - 1])), 0))]


def guesses(lines: list[str], numbers: list[int]) -> Iterator[tuple[int, Guess]]:
    """What was meant by one of some lines, as (number of the line, guess); what explains most comes first."""
    for kind in (_key, _dash, _brackets, _text, _text_below, _indent):
        if kind is _indent:  # with two spaces per level, an odd indent is the slip
            numbers = sorted(numbers, key=lambda number: _indent_of(lines[number - 1]) % 2 == 0)
        for number in numbers:
            if len(lines[number - 1]) <= LONGEST:
                for guess in kind(lines, number):
                    if guess.line.rstrip() != lines[number - 1].rstrip():
                        yield number, guess


def _key(lines: list[str], number: int) -> Iterator[Guess]:
    found = KEY.match(lines[number - 1])
    if found and found["key"] in KEYS and found["sign"] != ": ":
        wording = Wording(NO_COLON.rule, NO_COLON.what.format(key=found["key"]))
        meant = f"{found['head']}{found['key']}: {found['rest']}".rstrip()
        yield Guess(meant, found.end("key") + 1, wording)


def _dash(lines: list[str], number: int) -> Iterator[Guess]:
    line = lines[number - 1]
    if found := DASH.match(line):
        yield Guess(f"{found['head']}- {found['rest']}", found.end("head") + 1, NO_DASH)
    above = next((earlier for earlier in reversed(lines[: number - 1]) if earlier.strip()), "")
    if above.lstrip().startswith("- ") and _indent_of(above) == _indent_of(line) and ":" not in line:
        yield Guess(f"{' ' * _indent_of(line)}- {line.strip()}", _indent_of(line) + 1, NO_DASH)


def dash_meant(lines: list[str], number: int) -> Guess | None:
    """The line as an entry of a list, if it starts with something like a dash."""
    return next(_dash(lines, number), None)


def text_meant(lines: list[str], number: int) -> Guess | None:
    """The line with its text in quotation marks."""
    return next(_text(lines, number), None) if len(lines[number - 1]) <= LONGEST else None


def _text(lines: list[str], number: int) -> Iterator[Guess]:
    line = lines[number - 1]
    texts = [*TEXT_OF_LINE.finditer(line), *TEXT_IN_BRACES.finditer(line)]
    for pattern, meant, wording in TEXTS:
        for found in texts:
            if line[: found.start("text")].strip() and re.fullmatch(pattern, found["text"]):
                right = line[: found.start("text")] + meant(found["text"]) + line[found.end("text") :]
                yield Guess(right, found.start("text") + 1, wording)


def text_in_braces(line: str, column: int) -> Guess | None:
    """The line with quotation marks around the text in braces in which a column is: a comma would end it."""
    for found in TEXT_IN_BRACES.finditer(line):
        if found.start("text") < column <= found.end("text") + 1:
            text = found["text"]
            right = number if (number := number_meant(text)) else quoted(text)
            return Guess(line[: found.start("text")] + right + line[found.end("text") :], found.start("text") + 1)
    return None


def _brackets(lines: list[str], number: int) -> Iterator[Guess]:
    line = lines[number - 1].rstrip()
    open_ones: list[str] = []
    for sign in line:
        if sign in CLOSING:
            open_ones.append(CLOSING[sign])
        elif open_ones and sign == open_ones[-1]:
            open_ones.pop()
    if open_ones:
        yield Guess(line + "".join(reversed(open_ones)), len(line) + 1, UNBALANCED)
    for found in re.finditer(r"\}\}|\]\]", line):
        yield Guess(line[: found.start()] + line[found.start() + 1 :], found.end(), UNBALANCED)
    for found in re.finditer(r",(?:\s*,)+", line):
        yield Guess(line[: found.start()] + "," + line[found.end() :], found.end(), COMMA)


def _text_below(lines: list[str], number: int) -> Iterator[Guess]:
    line, below = lines[number - 1], next((later for later in lines[number:] if later.strip()), "")
    found = TEXT_BESIDE_KEY.match(line)
    if found and found["key"] in KEYS and _indent_of(below) > _indent_of(line) and _is_a_text(below):
        wording = Wording(
            "colon-in-text",
            "a text that goes on over several lines and has `: ` in it cannot start beside its key",
            f"`{found['key']}: >-`, and the whole text on the lines below it",
        )
        meant = f"{found['head']}{found['key']}: >-\n{' ' * _indent_of(below)}{found['rest']}"
        yield Guess(meant, found.start("rest") + 1, wording, not_a_line=True)


def _indent(lines: list[str], number: int) -> Iterator[Guess]:
    line = lines[number - 1]
    own = _indent_of(line)
    if _is_a_text(line):
        return
    above = [n for n in range(number - 1, 0, -1) if lines[n - 1].strip()][:LINES_ABOVE]
    below = [n for n in range(number + 1, len(lines) + 1) if lines[n - 1].strip()][:1]
    for other in above + below:
        right = _indent_of(lines[other - 1])
        if right != own and abs(right - own) <= FARTHEST and right % 2 == 0:
            wording = Wording(
                "bad-indent",
                f"this line starts too far to the {'right' if own > right else 'left'}",
                f"{right or 'no'} spaces before it, as on line {other}",
            )
            yield Guess(" " * right + line.lstrip(), own + 1, wording, not_a_line=True)
    if above:
        deeper = _indent_of(lines[above[0] - 1]) + 2
        wording = Wording(
            NO_COLON.rule,
            "this line is neither a key with a colon, nor does it belong to the text above it",
            f"if it goes on with the text above: {deeper} spaces before it; if it is a key: `key: value`",
        )
        yield Guess(" " * deeper + line.lstrip(), own + 1, wording, not_a_line=True)


def _is_a_text(line: str) -> bool:
    """Whether what stands before the colon of a line is no key, so that the line is part of a text."""
    found = TEXT_BESIDE_KEY.match(line)
    return found is not None and found["key"] not in KEYS


def _indent_of(line: str) -> int:
    return len(line) - len(line.lstrip())


# ---------------------------------------------------------------- values


def key_name_meant(name: str) -> str:
    """The name of a key in the letters of keys, and a language by its code."""
    plain = re.split(r"[:：=]", name.strip().casefold())[0]
    return LANGUAGE_NAMES.get(plain) or re.sub(r"[\s-]+", "_", plain.strip())


def choice_meant(value: str) -> str:
    """A choice in the letters of choices."""
    return re.sub(r"[\s_]+", "-", value.strip("\"'“”«» ").casefold())


def id_meant(name: str, between: str = "-") -> str:
    """An id made of a name: small letters without accents, digits, and a sign between words."""
    letters = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", between, letters.lower()).strip(between)


def number_meant(value: str) -> str | None:
    """The number, in the digits and with the point that numbers have here."""
    figures = _digits(re.sub(r"[\s%\u066a]", "", value)).replace(",", ".")
    found = re.fullmatch(r"0*(\d*)(\.\d+)?", figures)
    return (found[1] or "0") + (found[2] or "") if found and figures else None


def date_meant(value: str) -> str | None:
    """The date, year first; None where it is not clear which of two numbers is the month."""
    parts = [part.rstrip(".") for part in re.split(r"[\s/.,–-]+", _digits(value.casefold())) if part]
    named = [part for part in parts if part in MONTHS]
    if not 1 <= len(parts) <= len(("day", "month", "year")) or len(named) > 1:
        return None
    if not all(part.isdecimal() or part in named for part in parts):
        return None
    if len(parts[0]) != len("2014") or parts[0] in named:
        day, month = (*parts, "", "")[:2]
        if len(parts) == 3 and day in named:
            parts[:2] = month, day
        elif len(parts) == 3 and not named and day != month and int(day) <= 12 and int(month) <= 12:
            return None
        parts.reverse()
    return "-".join(f"{MONTHS.get(part) or int(part):02}" for part in parts)


def address_meant(value: str) -> str:
    """The first address in a text, with its `https://`."""
    plain = value.strip("<>«»“”\"' ")
    first = re.split(r"[,;]?\s+(?=https?:|www\.)", plain)[0]
    rest = re.sub(r"^(https?)(:/+|//?:?/*|:)", r"\1://", first)
    if not re.match(r"https?://", rest) and re.match(r"[\w-]+(\.[\w-]+)+(/|$)", rest):
        rest = f"https://{rest}"
    return rest.replace(" ", "%20")


def ids_meant(value: str) -> list[str]:
    """The ids in a text, whatever stands between them."""
    return [word for word in re.findall(r"\w[\w-]*", value) if word not in ("and", "et", "or", "ou")]


def _digits(value: str) -> str:
    """A text with its digits, of whatever script, as 0 to 9."""
    return "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in value)

"""From machine wording to staff wording: what a problem looks like on the terminal, and in which words.

A problem is one line that an editor or a review tool can jump to, then indented help. The words for what Pydantic
and the YAML reader find are tables, so that a translator of messages finds them in one place.
"""

import difflib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from learning_site import model

WIDEST = 100


@dataclass(frozen=True, order=True)
class Problem:
    """Something to mend: where (line and column from 1), under which rule, and what would be right."""

    file: str
    line: int
    column: int
    rule: str
    what: str
    source: str = ""
    allowed: str | None = None
    nearest: str | None = None
    paste: str | None = None

    def __str__(self) -> str:
        shown = [f"{self.file}:{self.line}:{self.column}: error: {self.what} [{self.rule}]"]
        if self.marked:
            shown += [f"    {line}" for line in self.marked.split("\n")]
        return "\n".join([*shown, *(f"    {label}: {value}" for label, value in self.help)])

    @property
    def marked(self) -> str:
        """The line with its number, and below it a mark at the column; empty where there is no line."""
        if not self.source.strip():
            return ""
        text, column = _window(self.source, self.column)
        number = str(self.line)
        return f"{number} | {text}\n{' ' * len(number)} | {' ' * _columns(text[: column - 1])}^"

    @property
    def help(self) -> list[tuple[str, str]]:
        """What would be right, as (label, text)."""
        every = (("allowed", self.allowed), ("did you mean", self.nearest), ("write", self.paste))
        return [(label, value) for label, value in every if value]


def _window(line: str, column: int) -> tuple[str, int]:
    """A long line cut around the column, with tabs made visible."""
    line = line.rstrip("\r\n").replace("\t", "→")
    line = "".join(c if unicodedata.category(c) not in ("Cc", "Cs") else "�" for c in line)
    if len(line) <= WIDEST:
        return line, column
    start = max(0, min(column - 1 - WIDEST // 2, len(line) - WIDEST))
    cut = line[start : start + WIDEST]
    return ("…" + cut[1:] if start else cut) + ("…" if start + WIDEST < len(line) else ""), column - start


def _columns(text: str) -> int:
    return sum(unicodedata.category(c) not in ("Mn", "Me", "Cf") for c in text)


def nearest(word: str, choices: Iterable[str], likeness: float = 0.6) -> str | None:
    """The choice that is most like `word`, None where none is much like it or two are equally so."""
    found = difflib.get_close_matches(word.lower(), list(choices), n=2, cutoff=likeness)
    ratios = [difflib.SequenceMatcher(None, choice, word.lower()).ratio() for choice in found]
    return found[0] if found and ratios[0] not in ratios[1:] else None


def listed(choices: Iterable[str], most: int = 12) -> str:
    """Choices as one line, cut with a count where there are many."""
    every = list(choices)
    rest = len(every) - most
    return ", ".join(every[:most]) + (f" and {rest} more" if rest > 0 else "")


@dataclass(frozen=True)
class Wording:
    """The words for one kind of slip: its rule id, what is wrong, what is allowed. {key}, {value} are filled in."""

    rule: str
    what: str
    allowed: str | None = None

    def in_editor(self, **said: str) -> str:
        """The same words in one line, for an editor that marks what is wrong: `this` for what is not known before."""
        line = f"{self.what}; allowed: {self.allowed}" if self.allowed else self.what
        line = line.replace("{where}", "`{key}`")
        for name in ("key", "value"):
            if name not in said:
                line = line.replace(f"`{{{name}}}`", "this")
        return line.format(**said)


DAY = Wording("bad-date", "`{value}` is not a day", "year, month and day, such as 2027-11-30")

# What Pydantic finds, by its error type; a pattern that does not match is looked up by its pattern.
FIELD_WORDINGS = {
    "missing": Wording("missing-key", "`{key}` is missing here", "{help}"),
    "extra_forbidden": Wording("unknown-key", "`{key}` is not a key that belongs here", "{keys}"),
    "literal_error": Wording("not-a-choice", "`{value}` is not one of the choices for `{key}`", "{choices}"),
    "list_type": Wording(
        "needs-a-list",
        "{where} needs a list",
        "`- ` before each entry, also before the first key of an entry that has several",
    ),
    "model_type": Wording("needs-keys", "{where} needs keys with values below it", "{keys}"),
    "dict_type": Wording("needs-keys", "{where} needs keys with values below it", "{keys}"),
    "string_type": Wording(
        "needs-a-text", "{where} needs one text, not a list or keys", "one value, without [ ] or {{ }} around it"
    ),
    "string_too_short": Wording("empty-text", "{where} is empty", "a text; or take this line out until there is one"),
    "too_short": Wording(
        "empty-list",
        "{where} needs at least one entry",
        "an entry after `- `; a key that is not needed can be taken out",
    ),
    "whole_number": Wording("not-a-number", "`{value}` is not a whole number for `{key}`", "0, 1, 2, 3 and so on"),
    "number": Wording("not-a-number", "`{value}` is not a number for `{key}`", "0.44, 63 and so on, with a point"),
    "day": DAY,
    "yes_or_no": Wording("not-true-or-false", "`{value}` is neither true nor false for `{key}`", "true, false"),
    "text_form": Wording("needs-a-text", "{where} needs a text, or a text per language", "en: …, fr: …, ne: …"),
    "text_keys": Wording("unknown-key", "`{key}` is not a language of this site", "en, fr, ne"),
    model.ID_PATTERN: Wording("bad-id", "`{value}` cannot be an id", "small letters, digits, single hyphens"),
    model.DATE_PATTERN: Wording(
        "bad-date", "`{value}` is not a date", "2014, 2014-10 or 2014-10-31; if it lasted, `when:` and `until:`"
    ),
    model.DAY_PATTERN: DAY,
    model.WEB_PATTERN: Wording(
        "bad-address", "`{value}` is not a web address", "one address, https://… without spaces"
    ),
    model.MARK_PATTERN: Wording(
        "bad-mark",
        "`{value}` is not a mark that a command has written",
        "take it out, then run: learning-site translations mark (or review)",
    ),
    model.PLACE_PATTERN: Wording(
        "bad-place",
        "`{value}` is not an address on this site",
        "an address without the name of the site, such as elements/first/ or glossary/#word",
    ),
    model.PAGE_PATTERN: Wording(
        "bad-place",
        "`{value}` is not the address of a page on this site, or of a place on one",
        "an address that ends with /, perhaps with # and a place behind it: elements/first/ or glossary/#word",
    ),
    model.CLAIM_PATTERN: Wording(
        "bad-claim-id",
        "`{value}` is not an id that a command has written",
        "take it out; the next release gives the statement an id",
    ),
    model.LINE_PATTERN: Wording(
        "one-paragraph",
        "`{key}` has more than one paragraph or line",
        "one paragraph; start a longer text with `>-` and leave no empty line in it",
    ),
}

# What the YAML reader finds, by words of its message.
YAML_WORDINGS = {
    "mapping values are not allowed": Wording(
        "colon-in-text",
        "a text with `: ` in it needs quotation marks around it, or this line is indented too far",
    ),
    "character that cannot start any token": Wording(
        "bad-first-character", "a text cannot start with this character unless it is in quotation marks"
    ),
    "did not find expected key": Wording(
        "bad-indent",
        "this line does not fit what is above it: its indent is off, or a quotation mark above is not closed",
        "the same indent as the keys that it belongs with",
    ),
    "did not find expected '-' indicator": Wording(
        "bad-indent",
        "this line does not fit the list above it",
        "a `-` under the other `-`, or an indent deeper than it",
    ),
    "could not find expected ':'": Wording("missing-colon", "a key needs `: ` after it"),
    "did not find expected ',' or ']'": Wording("open-bracket", "a list in [ ] is not closed or lacks a comma"),
    "did not find expected ',' or '}'": Wording("open-bracket", "keys in { } are not closed or lack a comma"),
    "did not find expected node content": Wording("open-bracket", "something is missing between brackets or commas"),
    "unexpected end of stream": Wording("open-quote", "a quotation mark that opens a text is never closed"),
    "unexpected document indicator": Wording("open-quote", "a quotation mark that opens a text is never closed"),
    "unknown escape character": Wording(
        "backslash", 'a backslash in " " has a special meaning', "' ' instead of \" \", or two backslashes"
    ),
    "did not find expected comment or line break": Wording(
        "block-sign",
        "`>` or `|` at the start of a text announces lines below it, so nothing else can follow on its line",
        "quotation marks around the text if the sign is part of it",
    ),
    "alias": Wording("unknown-alias", "`*` at the start of a text needs quotation marks around the text"),
    "anchor": Wording("unknown-alias", "`&` at the start of a text needs quotation marks around the text"),
    "did not find expected <document start>": Wording(
        "bad-indent", "this line does not belong to what is above it", "`key: value`, with the indent of its neighbours"
    ),
    "block sequence entries are not allowed": Wording("bad-indent", "a `- ` cannot stand here"),
    "block mapping": Wording("bad-indent", "this line does not fit what is above it"),
    "tag": Wording("no-tags", "`!` at the start of a text needs quotation marks around the text"),
    "directive": Wording("bad-first-character", "`%` at the start of a line needs quotation marks around the text"),
    "hexdecimal": Wording("backslash", 'a backslash in " " has a special meaning', "two backslashes"),
}
YAML_OTHER = Wording("not-yaml", "this line cannot be read")

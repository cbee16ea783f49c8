"""The Markdown that staff may write in a text, and how texts are put on a page so that nothing in them runs.

Two kinds of text: plain, where every character is shown as typed, and Markdown, which is one paragraph with
emphasis, code and links. What records mean is not known here.
"""

import functools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

import markdown

ALLOWED_TAGS = {"p", "em", "strong", "code", "a"}
RECORD_LINK = re.compile(r"^([a-z]+):([a-z0-9-]+)$")
_CODE = re.compile(r"(?P<code>(?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`))")
_CODE_OR_LINK = re.compile(_CODE.pattern + r"|(?<!\\)\[(?P<label>[^\[\]]*)\]\(\s*(?P<target>[^\s()]*)[^()]*\)")
_LINK_TARGET = re.compile(r"\]\(\s*([a-z]+):([a-z0-9-]+)(?=[\s)])")
GLOSSARY = "glossary"
_LOOSE_LINK = re.compile(
    r"\[(?P<words>[^\[\]]*)\]\s+\((?P<target>(?:https?://|[a-z]+:)[^\s()]+)\)"
    r"|\((?P<swapped>[^()]*)\)\s*\[(?P<first>(?:https?://|[a-z]+:)[^\s\[\]]+)\]"
    r"|\[(?P<open>[^\[\]]*)\]\((?P<cut>[^\s()]+)(?![^()]*\))"
)
_ONLY_WORDS = re.compile(r"[^\W\d_][^\\`*_\[\]<>&!\n\x02\x03]*")  # a paragraph in which nothing is Markdown
_TAG = re.compile(r"</?[a-zA-Z!][^<>]*>")
_BLOCK_START = re.compile(r"^(?:[#>+\-*:=~!?|]|\d+(?=[.)]))")
_PLAIN = {ord(c): f"&#{ord(c)};" for c in '\\`*_{}[]<>#|&~^"!'}
_INERT = {ord("{"): "&#123;", ord("}"): "&#125;", ord("|"): "&#124;", ord("~"): "&#126;", ord("^"): "&#94;"}

NAMES = {
    "h1": "a heading", "h2": "a heading", "h3": "a heading", "h4": "a heading", "h5": "a heading", "h6": "a heading",
    "ul": "a list", "ol": "a list", "li": "a list", "blockquote": "a quotation block",
    "pre": "a code block", "img": "a picture",
    "hr": "a line across the page", "br": "a line break",
}  # fmt: skip


class _Reader(HTMLParser):
    """Collects tags and link targets."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.targets: list[str] = []
        self.words = ""

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.targets += [value or "" for name, value in attrs if name in ("href", "src")]


_PARSER = markdown.Markdown(output_format="xhtml")  # made once: making it takes longer than a text


@functools.cache  # several rules ask about the same text, and so does the next reading after an edit
def _parse(text: str) -> tuple[_Reader, bool]:
    """The tags and targets of a Markdown text, and whether it holds raw HTML."""
    reader = _Reader()
    if _ONLY_WORDS.fullmatch(text):
        reader.tags, reader.words = ["p"], text
        return reader, False
    reader.feed(_PARSER.reset().convert(text))
    raw = any(not re.fullmatch(r"&[\w#]+;", str(block)) for block in _PARSER.htmlStash.rawHtmlBlocks)
    return reader, raw


def record_links(text: str) -> Iterator[tuple[str, str]]:
    """The records that a Markdown text links to, as (kind, id)."""
    for target in _parse(text)[0].targets:
        if found := RECORD_LINK.match(target):
            yield found[1], found[2]


Fault = tuple[str, str, str, tuple[str, str]]


def faults(text: str) -> Iterator[Fault]:
    """What a Markdown text may not hold, as (rule, what is wrong, what is allowed, (the wrong words, the right ones)).

    The words are empty where nobody can tell.
    """
    reader, raw = _parse(text)
    if raw:
        tag = _TAG.search(text)
        allowed = "plain words; a `<` that is meant as such goes into `code`"
        yield "raw-html", "HTML cannot be used in a text", allowed, (tag[0] if tag else "", "")
        return
    for named in sorted({NAMES.get(tag, f"<{tag}>") for tag in set(reader.tags) - ALLOWED_TAGS}):
        allowed = "one paragraph, which does not start with a sign such as #, - or >"
        yield "only-a-paragraph", f"a text cannot hold {named}", allowed, ("", "")
    for target in reader.targets:
        if not re.match(r"https?://[^\s]+$", target) and not RECORD_LINK.match(target):
            small = target.lower() if RECORD_LINK.match(target.lower()) else ""
            yield (
                "link-target",
                f"`{target}` is not a link that a text can hold",
                "https://… or a record, such as elements:… or glossary:…",
                (target, small),
            )
    for found in _LOOSE_LINK.finditer(_CODE_OR_LINK.sub(lambda found: "\0" * len(found[0]), text)):
        words, target = found["words"] or found["swapped"] or found["open"], found["target"] or found["first"]
        yield (
            "link-target",
            "this link is not whole, so readers would see its brackets",
            "[words](target) without a space between ] and (",
            (found[0], f"[{words}]({target or found['cut']})"),
        )


def with_targets(text: str, target_of: Callable[[str, str], str]) -> str:
    """A Markdown text as it was written, but with links to records leading to `target_of` their kind and id."""
    shown = []
    end = 0
    for found in _CODE.finditer(text):
        shown += [_with_targets(text[end : found.start()], target_of), found[0]]
        end = found.end()
    return "".join([*shown, _with_targets(text[end:], target_of)])


def _with_targets(words: str, target_of: Callable[[str, str], str]) -> str:
    return _LINK_TARGET.sub(lambda found: f"]({target_of(found[1], found[2])}", words)


def plain_on_page(text: str) -> str:
    """A plain text as page source in which every character is shown as it was typed."""
    return _starts_no_block(text.strip().translate(_PLAIN))


def part_on_page(text: str) -> str:
    """A part of a line as page source, as `plain_on_page` has it, with the space between it and its neighbours."""
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}{plain_on_page(text)}{after}" if text.strip() else text


def words(text: str) -> str:
    """The words of a Markdown text without its markup, as one line."""
    return " ".join(_parse(text)[0].words.split())


@dataclass(frozen=True)
class Explaining:
    """How terms are explained on a page.

    `parts` splits words at the first use of a term, `first` asks whether a use is the first by the term's id, and
    `drawn` makes page source of a term's words, which are page source already, and its id.
    """

    parts: Callable[[str], Iterable[tuple[str, str | None]]]
    first: Callable[[str], bool]
    drawn: Callable[[str, str], str]


def markdown_on_page(text: str, target_of: Callable[[str, str], str], explaining: Explaining | None = None) -> str:
    """A Markdown text as page source: links to records resolved, nothing in it beyond the allowed takes effect."""
    text = text.strip()

    def inert(words: str) -> str:
        return _with_targets(_inert(words), target_of)

    def explained(words: str) -> str:
        if explaining is None:
            return inert(words)
        parts = explaining.parts(words)
        return "".join(explaining.drawn(inert(part), term) if term else inert(part) for part, term in parts)

    def code_or_link(found: re.Match[str]) -> str:
        if found["code"]:
            return found[0]
        record = RECORD_LINK.match(found["target"])
        if explaining and record and record[1] == GLOSSARY and explaining.first(record[2]):
            return explaining.drawn(inert(found["label"]), record[2])
        return inert(found[0])

    shown = []
    end = 0
    for found in _CODE_OR_LINK.finditer(text):
        shown += [explained(text[end : found.start()]), code_or_link(found)]
        end = found.end()
    shown.append(explained(text[end:]))
    return _starts_no_block("".join(shown))


def _starts_no_block(page: str) -> str:
    """Page source whose first signs start no list, heading or block: `1. May` is a date, `*so*` stays emphasis."""
    found = _BLOCK_START.match(page)
    if not found or (found[0] == "*" and not page[1:2].isspace()):
        return page
    sign = len(found[0]) if found[0].isdigit() else 0
    return f"{page[:sign]}&#{ord(page[sign])};{page[sign + 1 :]}"


def _inert(text: str) -> str:
    return re.sub(r"<(?!https?://)", "&lt;", text.translate(_INERT))

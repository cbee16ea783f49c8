"""How the translations stand: what is missing, unmarked, stale or unreviewed, where it stands, and marking it.

Covers the texts of data/, the words of the site, and the pages of docs/. What a mark is, model.py says.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from learning_site import prose, yaml_edit
from learning_site.model import (
    KINDS,
    LANGUAGES,
    MAIN_LANGUAGE,
    LanguageCode,
    Place,
    Site,
    Standing,
    text_mark,
)
from learning_site.yaml_source import Document

LINE_OF_FILE = re.compile(r"(.*?)(?::(\d+)(?::\d+)?:?)?")
LANGUAGE_SUFFIX = re.compile(rf"^(.+)\.({'|'.join(LANGUAGES)})\.md$")  # of a page of docs/ in another language
STATES = ("missing", "stale", "unmarked", "unreviewed")
FRONT_MATTER = re.compile(r"^---\n(.*?)\n---\n", re.DOTALL)
MARK_LINE = re.compile(r"^(?:made_from|reviewed): .*\n", re.MULTILINE)


@dataclass(frozen=True)
class Translation:
    """A text in one language: in which file it is, from and to which line, the English, and how it stands."""

    file: str
    first_line: int
    last_line: int
    column: int
    language: LanguageCode
    english: str
    own: str | None
    standing: Standing
    reviewed: bool
    place: Place = ()

    @property
    def states(self) -> list[str]:
        """What there is to do about it, words of STATES; nothing once it is reviewed."""
        found: list[str] = [self.standing] if self.standing in STATES else []
        return found if self.reviewed or self.own is None else [*found, "unreviewed"]


def in_data(site: Site, documents: dict[str, Document], language: LanguageCode) -> Iterator[Translation]:
    """Every text of data/ in a language, by the documents that the site was read from."""
    for kind, record_id, place, text in site.texts(language):
        held = KINDS[kind]
        document = documents[held.file(record_id)]
        whole: Place = (record_id, *place) if held.form == "a mapping of ids" else place
        start = document.mark(whole, of_key=True)
        yield Translation(
            document.file, start.line, document.last_line(whole), start.column, language,
            text.en, text.written_in(language), text.standing(language), text.is_reviewed(language), whole,
        )  # fmt: skip


def in_pages(docs: Path, language: LanguageCode, shown: Callable[[Path], str]) -> Iterator[Translation]:
    """Every page of docs/ in a language; `shown` makes of a path what messages call it."""
    suffix = f".{language}.md"
    for path in sorted(docs.rglob("*.md")):
        if "." in path.stem or path.name == "README.md":
            continue
        translated = path.with_name(path.stem + suffix)
        english = path.read_text(encoding="utf-8")
        own = translated.read_text(encoding="utf-8") if translated.exists() else None
        standing, reviewed = page_standing(english, own, language)
        where = shown(translated if own else path)
        yield Translation(
            where, 1, len((own or english).splitlines()), 1, language,
            prose.title(english) or path.stem, own and prose.title(own),
            standing, reviewed,
        )  # fmt: skip


def page_standing(english: str, own: str | None, language: LanguageCode) -> tuple[Standing, bool]:
    """How a page's translation stands and whether a native speaker has checked it, by its front matter."""
    if own is None:
        return "missing", False
    mark, checked = (_marked(own, key) for key in ("made_from", "reviewed"))
    if mark is None:
        return "unmarked", False
    if mark != _page_mark(MAIN_LANGUAGE, english):
        return "stale", False
    return "fresh", checked == _page_mark(language, english, own)


def _page_mark(language: LanguageCode, *sources: str) -> str:
    """The mark of pages as they are now, whatever marks they hold themselves."""
    return text_mark(language, *map(without_marks, sources))


def with_page_marks(english: str, own: str, language: LanguageCode, review: bool) -> str:
    """A page's translation marked as made from the English as it is, and if asked as reviewed."""
    newline = "\r\n" if "\r\n" in own else "\n"
    own = own.replace("\r\n", "\n")
    bare = without_marks(own)
    reviewed = _page_mark(language, english, own)
    marks = f"made_from: {_page_mark(MAIN_LANGUAGE, english)}\n"
    if review or _marked(own, "reviewed") == reviewed:
        marks += f"reviewed: {reviewed}\n"
    if found := FRONT_MATTER.match(bare):
        marked = bare[: found.end(1)] + f"\n{marks}" + bare[found.end(1) + 1 :]
    else:
        marked = f"---\n{marks}---\n{bare}"
    return marked.replace("\n", newline)


def _marked(source: str, key: str) -> str | None:
    head = FRONT_MATTER.match(source)
    found = re.search(rf"^{key}: (\S+)$", head[1], re.MULTILINE) if head else None
    return found[1] if found else None


def without_marks(source: str) -> str:
    """A page's source without the marks that commands write into its front matter."""
    head = FRONT_MATTER.match(source)
    if not head:
        return source
    kept = MARK_LINE.sub("", head[1] + "\n")
    return (f"---\n{kept}---\n" if kept else "") + source[head.end() :]


def standing_at(every: Iterable[Translation], asked: str) -> list[Translation]:
    """The texts of a file, or those on a line of it, asked for as `path`, `path:line` or `path:line:column`.

    Raises LookupError, whose text says why, where there is none.
    """
    path, line = LINE_OF_FILE.fullmatch(asked).groups()  # type: ignore[union-attr]
    here = [text for text in every if Path(text.file).resolve() == Path(path).resolve()]
    if not line and (here or Path(path).is_file()):
        return here
    if not here:
        raise LookupError(f"there is no text to translate in {path}")
    at = [text for text in here if text.first_line <= int(line) <= text.last_line]
    if not at:
        raise LookupError(f"there is no text to translate on line {line} of {path}")
    return at


def mark(chosen: Iterable[Translation], review: bool) -> list[str]:
    """Write marks into the files of translations: made from the English as it is, and if asked reviewed.

    Returns the files that changed. Raises CannotEdit where a file would change in another way.
    """
    files: dict[str, list[Translation]] = {}
    for text in chosen:
        files.setdefault(text.file, []).append(text)
    return [file for file, held in files.items() if _written(Path(file), held, review)]


def _written(path: Path, held: list[Translation], review: bool) -> bool:
    before = path.read_bytes().decode("utf-8")
    if path.suffix == ".md":
        english = path.with_name(path.name.replace(f".{held[0].language}.md", ".md")).read_text(encoding="utf-8")
        after = with_page_marks(english, before, held[0].language, review)
    else:
        after = yaml_edit.put(before, _marks(held, review))
    if after == before:
        return False
    path.write_bytes(after.encode("utf-8"))
    return True


def _marks(held: list[Translation], review: bool) -> dict[Place, str]:
    made: dict[Place, str] = {}
    for text in held:
        made[*text.place, "made_from", text.language] = text_mark(MAIN_LANGUAGE, text.english)
        if review:
            made[*text.place, "reviewed", text.language] = text_mark(text.language, text.english, text.own or "")
    return made


def shown(text: Translation, site: Site) -> str:
    """A text as the terminal shows it to a translator: where, what to do, English, translation, agreed words."""
    lines = [f"{text.file}:{text.first_line}:{text.column}: {', '.join(text.states)}", f"    en: {text.english}"]
    if text.own is not None:
        lines.append(f"    {text.language}: {text.own}")
    if agreed := ", ".join(f"{english} = {own}" for english, own in _agreed(text, site)):
        lines.append(f"    agreed: {agreed}")
    return "\n".join(lines)


def _agreed(text: Translation, site: Site) -> Iterator[tuple[str, str]]:
    """The words of the English that have an agreed translation, as (English, translation)."""
    terms = ((term.term.en, term.term.written_in(text.language)) for term in site.glossary.values())
    words = ((word.en, getattr(word, text.language)) for word in site.agreed_words.values())
    for english, own in (*terms, *words):
        case = 0 if english.isupper() else re.IGNORECASE  # REFLECT is a method, to reflect is a word
        if own and re.search(rf"\b{re.escape(english)}(?:s|es)?\b", text.english, case):
            yield english, own


def summary(every: list[Translation], language: LanguageCode, percent: int) -> str:
    """How many texts of a language stand how, in one line."""
    counted = ", ".join(f"{sum(state in text.states for text in every)} {state}" for state in STATES)
    return f"{language}: {len(every)} texts, {counted}; {percent} % of the words of the content are translated."

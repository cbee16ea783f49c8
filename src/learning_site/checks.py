"""Rules between records, and rules about texts. Each is a generator; its docstring is the rule in staff words.

A rule's function name, with hyphens, is its id: the same word in a message, in data/rules.yml, which explains it, and
on the maintainers' page. Where a finding stands in a file is not known here: a finding names the record and the key.
"""

import functools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from learning_site import slips, staff_markdown
from learning_site.first_uses import written_forms
from learning_site.messages import listed
from learning_site.messages import nearest as nearest_of
from learning_site.model import (
    KINDS,
    LANGUAGES,
    WEB_PATTERN,
    Case,
    Claim,
    Element,
    Evidence,
    Figure,
    Gap,
    Localized,
    MarkdownText,
    Partner,
    Place,
    PlainText,
    Record,
    Safeguard,
    Settings,
    Source,
    Statement,
    Term,
    Testimony,
    Tool,
    Translated,
    Value,
    Word,
    Wording,
    leaves,
    once,
    sources_cited,
)

R = TypeVar("R", bound=Record)

MOST_WORDS_QUOTED = 60  # a quotation must stay below this
MOST_PERCENT = 100
LIKE_A_NAME = 0.8  # two different names are often a little alike
LONGEST_NUMERAL = 1  # a single capital letter is no name: Program H

# Where names are looked for: words, what may stand before the first word of a sentence, and the end of a link.
WORD_IN_TEXT = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
STARTS = re.compile(r"(?:^|[.!?:;…])\W*$")
LINK_END = re.compile(r"\]\([^)]*\)|</?[a-zA-Z][^<>]*>")
SENTENCE_END = re.compile(r"[\w\u093e-\u094d][.?!।]$")
DEVANAGARI = re.compile(r"[\u0904-\u0939]")
PREETI_SIGN = re.compile(r"[A-Za-z][\]\[{}|\\;+~^@][A-Za-z]")
CODE_OR_LABEL = re.compile(r"`[^`]*`|\[|\]")
RUNNING = ("summary", "quote", "role", "place", "country", "population")
CALENDAR = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December", "I", "II", "III", "IV", "V",
]  # fmt: skip


@dataclass(frozen=True)
class Content:
    """All records that could be read, by kind and id, and every id that exists even if its record has slips."""

    records: dict[str, dict[str, Record]]
    ids: dict[str, set[str] | None]
    complete: bool

    def every(self) -> Iterator[tuple[str, str, Record]]:
        """Every record, as (kind, id, record)."""
        for kind, records in self.records.items():
            for record_id, record in records.items():
                yield kind, record_id, record

    def of(self, model: type[R]) -> dict[str, R]:
        """The records of a model by id."""
        kind = next(kind for kind in KINDS.values() if kind.model is model)
        return {i: record for i, record in self.records[kind.name].items() if isinstance(record, model)}

    def texts(self) -> Iterator[tuple[str, str, Place, Localized]]:
        """Every text, as (kind, id, place, text)."""
        for kind, record_id, record in self.every():
            for place, value in _texts(record):
                yield kind, record_id, place, value

    def markdown(self) -> Iterator[tuple[str, str, Place, str]]:
        """Every Markdown text in every language in which it is there, as (kind, id, place, text)."""
        for kind, record_id, record in self.every():
            for place, text in _markdown(record):
                yield kind, record_id, place, text

    def running_texts(self) -> Iterator[tuple[str, str, Place, str]]:
        """What is read as text, as (kind, id, place, text); nothing of what the rules say of slips."""
        for kind, record_id, record in self.every():
            if kind != "rules":
                for place, text in _running(record):
                    yield kind, record_id, place, text


@once
def _texts(record: Record) -> list[tuple[Place, Localized]]:
    return [(place, value) for place, value, _ in leaves(record) if isinstance(value, Localized)]


@once
def _markdown(record: Record) -> list[tuple[Place, str]]:
    return [
        (place if value.neutral else (*place, language), text)
        for place, value in _texts(record)
        if isinstance(value, MarkdownText)
        for language, text in value.each()
    ]


@once
def _running(record: Record) -> list[tuple[Place, str]]:
    """What is read as text, in languages with capitals, without link targets.

    Titles and names of works do not count, nor what a record says is not known.
    """
    gaps = [place for place, value, _ in leaves(record) if isinstance(value, Gap)]
    found = []
    for place, value in _texts(record):
        said = place and place[-1] in RUNNING and isinstance(value, PlainText)
        if (said or isinstance(value, MarkdownText)) and not any(place[: len(gap)] == gap for gap in gaps):
            for language, text in value.each():
                if language != "ne":
                    found.append((place if value.neutral else (*place, language), LINK_END.sub("]", text)))
    return found


@dataclass(frozen=True)
class Finding:
    """What a rule found: the record, the key in it, what is wrong, what would be right.

    `instead` is the word in the text that is wrong, and what to write in its place, empty if nobody can tell.
    """

    kind: str
    record_id: str
    place: Place
    what: str
    allowed: str | None = None
    nearest: str | None = None
    instead: tuple[str, str] | None = None
    of_key: bool = False


Rule = Callable[[Content], Iterator[Finding]]
RULES: dict[str, Rule] = {}
NEED_ALL: set[str] = set()
LEFT_TO_DO = frozenset({"unused-source", "element-order"})  # what may stand while somebody works; no site is built so


def rule(check: Rule) -> Rule:
    """Make a generator a rule under its own name."""
    RULES[check.__name__.replace("_", "-")] = check
    return check


def rule_on_all(check: Rule) -> Rule:
    """A rule that would say wrong things while some record cannot be read; it waits for all of them."""
    NEED_ALL.add(check.__name__.replace("_", "-"))
    return rule(check)


def rule_on_one(check: Callable[[str, str, Record], Iterator[Finding]]) -> Rule:
    """A rule about a record, whatever the others are, as (kind, id, record): it looks again only once that changed."""

    @once
    def found(record: Record, kind: str, record_id: str) -> list[Finding]:
        return list(check(kind, record_id, record))

    @functools.wraps(check)
    def on_each(content: Content) -> Iterator[Finding]:
        for kind, record_id, record in content.every():
            yield from found(record, kind, record_id)

    return rule(on_each)


def findings(content: Content) -> Iterator[tuple[str, Finding]]:
    """What all rules find, as (rule id, finding)."""
    for name, check in RULES.items():
        if content.complete or name not in NEED_ALL:
            for found in check(content):
                yield name, found


@rule
def unknown_id(content: Content) -> Iterator[Finding]:
    """An id that a record names, in a key or in a link, belongs to a record that exists."""
    for kind, record_id, place, text in content.markdown():
        for target, named in staff_markdown.record_links(text):
            if target in LINKABLE:
                yield from _unknown(content, kind, record_id, place, target, named, f"{target}:")
            else:
                what = f"`{target}:{named}` is not a link to a record"
                allowed = listed(f"{linkable}:…" for linkable in LINKABLE)
                holding = [linkable for linkable in LINKABLE if named in (content.ids[linkable] or ())]
                right = nearest_of(target, LINKABLE) or (holding[0] if len(holding) == 1 else None)
                instead = (f"({target}:", f"({right}:") if right else None
                yield Finding(kind, record_id, place, what, allowed, right, instead)
    for kind, record_id, record in content.every():
        for place, target, named in _named(record):
            yield from _unknown(content, kind, record_id, place, target, named)


@once
def _named(record: Record) -> list[tuple[Place, str, str]]:
    """The ids that stand in fields for them, as (place, kind, id)."""
    return [(place, mark.kind, value) for place, value, marks in leaves(record) for mark in marks]


LINKABLE = (
    "elements", "cases", "questions", "glossary", "sources", "evidence", "tools", "testimonies", "safeguards",
)  # fmt: skip


def _unknown(
    content: Content, kind: str, record_id: str, place: Place, target: str, named: str, before: str = ""
) -> Iterator[Finding]:
    ids = content.ids.get(target)
    if ids is None or named in ids:
        return
    several = slips.ids_meant(named)
    if len(several) > 1 and isinstance(place[-1], int) and ids.issuperset(several):
        right: str | None = ", ".join(several)
        what, allowed = f"`{named}` is not one id", "one id in each entry, with a comma between two"
    else:
        right = nearest_of(slips.id_meant(named), ids)
        what, allowed = f"there is no `{named}` in {target}", listed(sorted(ids))
    instead = (before + named, f"{before}{right}") if right else None
    yield Finding(kind, record_id, place, what, allowed, right, instead)


@rule_on_all
def unused_source(content: Content) -> Iterator[Finding]:
    """A source in the register is cited by at least one claim."""
    cited = {source_id for _, _, record in content.every() for source_id in sources_cited(record)}
    for source_id in content.of(Source):
        if source_id not in cited:
            yield Finding(
                "sources", source_id, (), f"no claim cites the source `{source_id}`",
                "name it under `sources:` of a claim that rests on it, or delete it here", of_key=True,
            )  # fmt: skip


@rule
def claim_without_source(content: Content) -> Iterator[Finding]:
    """Every claim, quotation, tool and term names at least one source under `sources:`."""
    ids = sorted(content.ids.get("sources") or ())
    for kind, record_id, record in content.every():
        for place in _without_source(record):
            yield Finding(
                kind, record_id, place, "this has no source", f"sources: [{listed(ids, 4)}]", of_key=place == ()
            )


@once
def _without_source(record: Record) -> list[Place]:
    claims = (Statement, Partner, Testimony, Tool, Term, Figure)
    return [place for place, value, _ in leaves(record) if isinstance(value, claims) and not value.sources]


@rule
def claim_twice(content: Content) -> Iterator[Finding]:
    """No statement has the id of another statement."""
    seen: set[str] = set()
    for kind, record_id, record in content.every():
        for place, claim_id in _claim_ids(record):
            if claim_id in seen:
                what = f"`{claim_id}` is the id of another statement already"
                allowed = "take this line out; a copy is a new statement"
                yield Finding(kind, record_id, (*place, "id"), what, allowed)
            seen.add(claim_id)


@once
def _claim_ids(record: Record) -> list[tuple[Place, str]]:
    return [(place, value.id) for place, value, _ in leaves(record) if isinstance(value, Claim) and value.id]


@rule
def element_order(content: Content) -> Iterator[Finding]:
    """The elements are numbered 0, 1, 2 and so on, no number twice and none left out; 0 runs through the others."""
    elements = content.of(Element)
    free = [number for number in range(len(elements)) if number not in {e.order for e in elements.values()}]
    allowed = f"order: {free[0]}" if free and content.complete else None
    taken: dict[int, str] = {}
    for element_id, element in elements.items():
        instead = (str(element.order), str(free[0])) if allowed else None
        if element.order in taken:
            what = f"the number {element.order} is taken by `{taken[element.order]}`"
            yield Finding("elements", element_id, ("order",), what, allowed, instead=instead)
        elif content.complete and element.order >= len(elements):
            what = f"the numbers jump to {element.order}, while no element has the number {free[0]}"
            yield Finding("elements", element_id, ("order",), what, allowed, instead=instead)
        taken.setdefault(element.order, element_id)


@rule
def same_name(content: Content) -> Iterator[Finding]:
    """Two records of a kind never have the same name: a reader could not tell them apart."""
    for kind, records in content.records.items():
        seen: dict[str, str] = {}
        for record_id, record in records.items():
            key = next((k for k in ("name", "term", "title") if k in type(record).model_fields), None)
            name = getattr(record, key) if key else None
            if not isinstance(name, PlainText) or key is None:
                continue
            said = name.en.casefold()
            if said in seen:
                what = f"`{seen[said]}` has the same name"
                yield Finding(kind, record_id, (key,), what, "another name, or one record for both")
            seen.setdefault(said, record_id)


@rule
def source_twice(content: Content) -> Iterator[Finding]:
    """A document is in the register of sources once: no two sources have the same address."""
    seen: dict[str, str] = {}
    for source_id, source in content.of(Source).items():
        if source.url in seen:
            what = f"`{seen[source.url]}` has the same address"
            allowed = f"its own address; or, if it is the same document, cite `{seen[source.url]}` and delete this one"
            yield Finding("sources", source_id, ("url",), what, allowed)
        seen.setdefault(source.url, source_id)


@rule_on_one
def text_markup(kind: str, record_id: str, record: Record) -> Iterator[Finding]:
    """A text with Markdown is one paragraph with *emphasis*, **strong**, `code` and links; no HTML, no headings."""
    for place, text in _markdown(record):
        for _, what, allowed, (wrong, right) in staff_markdown.faults(text):
            right = right or _target_meant(wrong) or ""
            yield Finding(kind, record_id, place, what, allowed, right or None, (wrong, right) if wrong else None)


def _target_meant(target: str) -> str | None:
    """The target of a link that was meant by a page of the site or by an address without its start."""
    page = re.search(r"(\w+)/#?([a-z0-9-]+)/?$", target)
    if page and page[1] in LINKABLE:
        return f"{page[1]}:{page[2]}"
    address = slips.address_meant(target)
    return address if re.match(WEB_PATTERN, address) else None


@rule_on_one
def text_language(kind: str, record_id: str, record: Record) -> Iterator[Finding]:
    """A sentence says in which language it is, with `en:`; only a name may be the same in every language."""
    for place, text in _texts(record):
        if text.neutral and (isinstance(text, MarkdownText) or SENTENCE_END.search(text.en)):
            key = next((part for part in reversed(place) if isinstance(part, str)), "text")
            if found := re.match(rf"({'|'.join(LANGUAGES)}):(?=\S)", text.en):
                what = f"`{found[1]}:` needs a space after its colon"
                yield Finding(kind, record_id, place, what, instead=(found[0], f"{found[0]} "))
            else:
                what = "this text does not say in which language it is"
                instead = (f"{key}: {text.en}", f"{key}: {{en: {slips.quoted(text.en)}}}")
                yield Finding(kind, record_id, place, what, f"{key}: {{en: …}}", instead=instead)


@rule_on_one
def preeti_text(kind: str, record_id: str, record: Record) -> Iterator[Finding]:
    """A Nepali text is typed in Unicode; what is typed in Preeti or another old font is Latin letters to readers."""
    for place, text in _texts(record):
        if not isinstance(text, Translated) or (own := text.written_in("ne")) is None or own == text.en:
            continue
        said = LINK_END.sub("]", own)
        if DEVANAGARI.search(said):
            odd = next((word for word in said.split() if PREETI_SIGN.search(CODE_OR_LABEL.sub("", word))), None)
        else:
            odd = next((w for w in said.split() if any(part not in text.en for part in WORD_IN_TEXT.findall(w))), None)
        if odd:
            what = f"`{odd}` is not Nepali to readers: it is typed in Preeti or another old font, or in Latin letters"
            allowed = "the text in Unicode Devanagari: type it with a Unicode keyboard, or convert it first"
            yield Finding(kind, record_id, (*place, "ne"), what, allowed, instead=(odd, ""))


@rule
def quotation_length(content: Content) -> Iterator[Finding]:
    """A quotation is short, under 60 words in every language."""
    for testimony_id, testimony in content.of(Testimony).items():
        for language, text in testimony.quote.each():
            if (count := len(text.split())) >= MOST_WORDS_QUOTED:
                what = f"this quotation has {count} words"
                allowed = f"under {MOST_WORDS_QUOTED} words"
                yield Finding("testimonies", testimony_id, ("quote", language), what, allowed)


@rule
def quotation_original(content: Content) -> Iterator[Finding]:
    """A quotation is there in the language in which it was said."""
    for testimony_id, testimony in content.of(Testimony).items():
        if testimony.quote.written_in(testimony.original) is None:
            what = f"the words in the original language, `{testimony.original}`, are missing"
            allowed = f"{testimony.original}: the words as they were said"
            yield Finding("testimonies", testimony_id, ("quote",), what, allowed)


@rule
def answer_or_open(content: Content) -> Iterator[Finding]:
    """A guiding question has an answer with sources, or `would_answer` says what would answer it."""
    for case_id, case in content.of(Case).items():
        for index, answer in enumerate(case.answers):
            if not answer.answer and answer.would_answer is None:
                what = f"`{answer.question}` is neither answered nor shown as open"
                allowed = "answer: (a list of statements) or would_answer: (a text)"
                yield Finding("cases", case_id, ("answers", index), what, allowed)


@rule
def answered_twice(content: Content) -> Iterator[Finding]:
    """A case answers a guiding question in one place."""
    for case_id, case in content.of(Case).items():
        seen: set[str] = set()
        for index, answer in enumerate(case.answers):
            if answer.question in seen:
                what = f"`{answer.question}` is answered above already"
                yield Finding("cases", case_id, ("answers", index, "question"), what, "one entry for each question")
            seen.add(answer.question)


@rule
def refers_to_itself(content: Content) -> Iterator[Finding]:
    """A glossary term does not name itself as related."""
    for term_id, term in content.of(Term).items():
        for index, related in enumerate(term.see):
            if related == term_id:
                yield Finding("glossary", term_id, ("see", index), "a term cannot be related to itself", "another term")


@rule
def former_id(content: Content) -> Iterator[Finding]:
    """An id that a record had before belongs to no other record of its kind, now or before: it leads to one place."""
    for kind, records in content.records.items():
        seen: dict[str, str] = {}
        for record_id, record in records.items():
            for index, former in enumerate(getattr(record, "former_ids", ())):
                owner = former if former in (content.ids.get(kind) or ()) else seen.get(former)
                if owner is not None:
                    has = "has" if owner == former else "had"
                    what = f"`{owner}` in {kind} {has} this id too"
                    yield Finding(kind, record_id, ("former_ids", index), what, "take it out of one of the two")
                seen.setdefault(former, record_id)


@rule_on_one
def dates_in_order(kind: str, record_id: str, record: Record) -> Iterator[Finding]:
    """What lasted ends after it began, and has a beginning."""
    for place, value, _ in leaves(record):
        until = getattr(value, "until", None)
        if until and (not value.when or until < value.when):
            what = f"this ends ({until}) before it begins" if value.when else "this has an end but no beginning"
            yield Finding(kind, record_id, (*place, "until"), what, "when: the beginning, until: the end")


@rule
def review_days(content: Content) -> Iterator[Finding]:
    """A day on which somebody looked is not in the future, and the day to look again comes after it."""
    latest = date.today() + timedelta(days=1)  # it may be tomorrow already where the record was written
    for kind, record_id, record in content.every():
        review = getattr(record, "review", None)
        looked = {("review", "reviewed"): review and review.reviewed, ("seen",): getattr(record, "seen", None)}
        future = [(place, day) for place, day in looked.items() if day and day > latest]
        for place, day in future:
            yield Finding(kind, record_id, place, f"{day} has not come yet", "the day on which somebody looked")
        if not future and review and review.reviewed and review.review_by and review.review_by <= review.reviewed:
            what = f"this is due ({review.review_by}) before it was reviewed ({review.reviewed})"
            yield Finding(kind, record_id, ("review", "review_by"), what, "a day after the review")


@rule_on_all
def safeguard_circle(content: Content) -> Iterator[Finding]:
    """Safeguards come one after the other: none needs, directly or through others, what needs it."""
    needs = {i: safeguard.needs for i, safeguard in content.of(Safeguard).items()}
    way: list[str] = []
    done: set[str] = set()

    def circle(safeguard_id: str) -> list[str]:
        if safeguard_id in way:
            return [*way[way.index(safeguard_id) :], safeguard_id]
        if safeguard_id not in done:
            way.append(safeguard_id)
            for needed in needs.get(safeguard_id, []):
                if found := circle(needed):
                    return found
            done.add(way.pop())
        return []

    if found := next(filter(None, map(circle, needs)), None):
        last, first = found[-2:]
        what = f"these safeguards need each other in a circle: {' → '.join(found)}"
        place = ("needs", needs[last].index(first))
        yield Finding("safeguards", last, place, what, "take one of them out of `needs:`")


@rule_on_all
def no_exit(content: Content) -> Iterator[Finding]:
    """If a page speaks of violence, each language says where the control to leave a page at once leads."""
    if not any(getattr(record, "speaks_of", None) for _, _, record in content.every()):
        return
    for site_id, site in content.of(Settings).items():
        for number, language in enumerate(site.languages):
            if not language.exit_to:
                what = f"pages speak of violence, and nothing says where readers in `{language.code}` can leave them to"
                yield Finding("site", site_id, ("languages", number, "code"), what, "add `exit_to:` with a web address")


@rule
def chapter_twice(content: Content) -> Iterator[Finding]:
    """The chapters of a case study have ids of their own, no id twice."""
    for case_id, case in content.of(Case).items():
        seen: set[str] = set()
        for index, chapter in enumerate(case.chapters):
            if chapter.id in seen:
                what = f"`{chapter.id}` is the id of a chapter above already"
                yield Finding("cases", case_id, ("chapters", index, "id"), what, "an id of its own")
            seen.add(chapter.id)


@rule
def first_and_beside(content: Content) -> Iterator[Finding]:
    """A safeguard of an element comes before it or runs beside it, not both."""
    for element_id, element in content.of(Element).items():
        for index, safeguard_id in enumerate(element.beside):
            if safeguard_id in element.first:
                what = f"`{safeguard_id}` stands under `first:` too"
                yield Finding("elements", element_id, ("beside", index), what, "the one place where it belongs")


@rule
def interval_around_value(content: Content) -> Iterator[Finding]:
    """A confidence interval has two ends, and the value lies between them."""
    for study_id, study in content.of(Evidence).items():
        for place, value, _ in leaves(study):
            if isinstance(value, Value) and (value.low, value.high) != (None, None):
                if value.low is None or value.high is None:
                    yield Finding("evidence", study_id, place, "this interval has one end", "low: … and high: …")
                elif value.low > value.high:
                    what = f"the lower end, {value.low}, is above the upper one, {value.high}"
                    yield Finding("evidence", study_id, (*place, "low"), what, f"low: {value.high}, high: {value.low}")
                elif not value.low <= value.value <= value.high:
                    what = f"{value.value} does not lie between {value.low} and {value.high}"
                    yield Finding("evidence", study_id, (*place, "value"), what, "low ≤ value ≤ high")


@rule
def possible_figure(content: Content) -> Iterator[Finding]:
    """A percentage is at most 100, a ratio is above 0, and a study with figures says whom it studied."""
    for study_id, study in content.of(Evidence).items():
        if study.figures and study.population is None:
            what = "this study has figures, but does not say whom it studied"
            yield Finding("evidence", study_id, ("figures",), what, "population: {en: …}")
        for index, figure in enumerate(study.figures):
            for at, value in enumerate(figure.values):
                place = ("figures", index, "values", at, "value")
                if figure.measure == "percent" and value.value > MOST_PERCENT:
                    yield Finding("evidence", study_id, place, f"{value.value} is more than 100 percent", "0 to 100")
                elif figure.measure != "percent" and (value.value == 0 or value.low == 0):
                    yield Finding("evidence", study_id, place, "a ratio cannot be 0", "above 0")


@rule
def shared_form(content: Content) -> Iterator[Finding]:
    """A written form belongs to one glossary term: else a reader would be shown the wrong definition."""
    for language in LANGUAGES:
        seen: dict[str, str] = {}
        for term_id, term in content.of(Term).items():
            for index, form in enumerate(written_forms(term, language)):
                said = form if form.isupper() else form.casefold()
                if (other := seen.setdefault(said, term_id)) != term_id:
                    what = f"`{form}` is a form of the term `{other}` too"
                    place: Place = ("forms", language) if index else ("term",)
                    yield Finding("glossary", term_id, place, what, "one of the two", instead=(form, ""))


@rule
def avoided_word(content: Content) -> Iterator[Finding]:
    """A text does not use a word that wording.yml avoids; what is not known may speak of it, and quotations keep it."""
    for wording in content.of(Wording).values():
        for avoided in wording.avoid:
            pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, avoided.words))})\b", re.IGNORECASE)
            for kind, record_id, place, text in content.running_texts():
                if found := pattern.search(text):
                    what = f"the site does not use the word `{found[0]}`: {avoided.why}"
                    yield Finding(kind, record_id, place, what, avoided.instead, instead=(found[0], ""))


@rule_on_all
def unknown_name(content: Content) -> Iterator[Finding]:
    """A name or an acronym in a text stands in wording.yml or in the glossary, so that no private name slips in."""
    wording = next(iter(content.of(Wording).values()))
    known = _capitalised(
        [*wording.places, *wording.organisations, *wording.programmes, *wording.people, *wording.other, *CALENDAR]
    )
    for _, _, record in content.every():
        named = (getattr(record, key, None) for key in ("name", "title", "term", "programme"))
        known |= _capitalised(text for name in named if isinstance(name, PlainText) for _, text in name.each())
    for term in content.of(Term).values():
        known |= _capitalised(form for language in LANGUAGES for form in written_forms(term, language))
    read = [(kind, record_id, record) for kind, record_id, record in content.every() if kind != "rules"]
    ordinary = {word for *_, record in read for word in _ordinary(record)}
    private = {i for i, source in content.of(Source).items() if source.names_private_people}
    for kind, record_id, record in read:
        for place, word, starts in _capitals(record):
            if word in known:
                continue
            if starts and (
                word.lower() in ordinary or not private.intersection(_cited(content, kind, record_id, place))
            ):
                continue
            what = f"`{word}` is a name or an acronym that is neither in wording.yml nor in the glossary"
            yield Finding(
                kind, record_id, place, what,
                "a place, an organisation or a programme: add it to wording.yml; an acronym: add it to glossary.yml; "
                "a private person's name: take it out",
                nearest_of(word, known, LIKE_A_NAME), (word, ""),
            )  # fmt: skip


@once
def _ordinary(record: Record) -> frozenset[str]:
    """The words of a record's texts that are not written as names."""
    words = (word for _, text in _running(record) for word in WORD_IN_TEXT.findall(text))
    return frozenset(word for word in words if word[0].islower())


@once
def _capitals(record: Record) -> list[tuple[Place, str, bool]]:
    """The words of a record's texts that may be names, each with whether it stands where every word is written so."""
    return [
        (place, found[0], bool(STARTS.search(text[: found.start()])))
        for place, text in _running(record)
        for found in WORD_IN_TEXT.finditer(text)
        if found[0][0].isupper() and not (found[0].isupper() and len(found[0]) <= LONGEST_NUMERAL)
    ]


def _cited(content: Content, kind: str, record_id: str, place: Place) -> set[str]:
    """The sources of the claim that a text belongs to."""
    record = content.records[kind][record_id]
    holding = [
        value for at, value, _ in leaves(record) if isinstance(value, (Statement, Testimony)) and place[: len(at)] == at
    ]
    return {source for claim in holding for source in claim.sources}


def _capitalised(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in WORD_IN_TEXT.findall(text) if not word[0].islower()}


@rule
def same_blanks(content: Content) -> Iterator[Finding]:
    """A word of the site has the same blanks, such as {count}, in every language."""
    for word_id, word in content.of(Word).items():
        blanks = set(re.findall(r"\{\w+\}", word.en))
        for language in ("fr", "ne"):
            if (found := set(re.findall(r"\{\w+\}", getattr(word, language)))) != blanks:
                what = f"the blanks are not those of the English ({listed(sorted(found)) or 'none'})"
                yield Finding("ui", word_id, (language,), what, listed(sorted(blanks)) or "none")


@rule
def private_name(content: Content) -> Iterator[Finding]:
    """A quotation says who speaks by role; a name in the role of a private person is refused."""
    for testimony_id, testimony in content.of(Testimony).items():
        if re.search(r"\b(named|called|Mr|Mrs|Ms|Mme|M\.)\b", testimony.role.en):
            what = "the role seems to name the person"
            yield Finding("testimonies", testimony_id, ("role",), what, "a role, such as: husband, participant, staff")


@rule_on_all
def empty_kind(content: Content) -> Iterator[Finding]:
    """There is at least one element, one case and one guiding question: without them there is no site."""
    for kind in ("elements", "cases", "questions"):
        if not content.records[kind]:
            yield Finding("site", "", (), f"there is no record in {KINDS[kind].place}", "at least one")

"""What valid content is: the records that staff write, and what each field of them means.

No input or output happens here. Rules that hold between records are in checks.py. The description of a field is
the help that an editor shows, so it is written for the person who fills it in.
"""

import functools
import hashlib
import itertools
import re
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any, Concatenate, Literal, ParamSpec, TypeVar, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, PydanticCustomError

LanguageCode = Literal["en", "fr", "ne"]
LANGUAGES: tuple[LanguageCode, ...] = get_args(LanguageCode)
MAIN_LANGUAGE: LanguageCode = "en"

ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
WORD_ID_PATTERN = r"^[a-z][a-z0-9_]*$"
DATE_PATTERN = r"^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"
DAY_PATTERN = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
LINE_PATTERN = r"^[^\n]*$"
WEB_PATTERN = r"^https?://[^\s<>\"]+$"
NUMBER_PATTERN = r"\d+(\.\d+)?"
MARK_PATTERN = r"^[a-z]{2}-[0-9a-f]{7}$"
PAGE_PATTERN = r"^(?:[\w-]+/)*(?:#[^\s#]+)?$"
PLACE_PATTERN = r"^(?:[\w-]+/)*(?:[\w-]+(?:\.[\w-]+)*)?(?:#[^\s#]+)?$"
CLAIM_PATTERN = r"^claim-[0-9a-f]{7}$"


@dataclass(frozen=True)
class Refers:
    """Marks a field that holds the id of a record of another kind."""

    kind: str

    def __get_pydantic_json_schema__(self, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"refers": self.kind}


def _whole_number(value: Any) -> Any:
    if isinstance(value, str):
        if not value.isascii() or not value.isdigit() or (len(value) > 1 and value.startswith("0")):
            raise PydanticCustomError("whole_number", "a whole number")
        return int(value)
    return value


def _number(value: Any) -> Any:
    if isinstance(value, str):
        if not value.isascii() or not re.fullmatch(NUMBER_PATTERN, value):
            raise PydanticCustomError("number", "a number")
        return Decimal(value)
    return value


def _yes_or_no(value: Any) -> Any:
    if isinstance(value, str):
        if value not in ("true", "false"):
            raise PydanticCustomError("yes_or_no", "true or false")
        return value == "true"
    return value


def _day(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return date.fromisoformat(re.fullmatch(DAY_PATTERN, value)[0])  # type: ignore[index]
        except (TypeError, ValueError):
            raise PydanticCustomError("day", "a day") from None
    return value


BY_COMMAND: dict[str, Any] = {"readOnly": True}  # of a field that a command writes, not a person


def is_written_by_commands(info: FieldInfo) -> bool:
    """Whether a field is written by commands alone."""
    return info.json_schema_extra == BY_COMMAND


Id = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, pattern=LINE_PATTERN)]
WebAddress = Annotated[str, StringConstraints(pattern=WEB_PATTERN)]
Lines = Annotated[str, StringConstraints(min_length=1)]
TextMark = Annotated[str, StringConstraints(pattern=MARK_PATTERN)]
PageOnSite = Annotated[str, StringConstraints(pattern=PAGE_PATTERN)]
PlaceOnSite = Annotated[str, StringConstraints(pattern=PLACE_PATTERN)]
ClaimId = Annotated[str, StringConstraints(pattern=CLAIM_PATTERN)]
PartialDate = Annotated[str, StringConstraints(pattern=DATE_PATTERN)]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "pattern": DAY_PATTERN})]
WholeNumber = Annotated[int, Field(ge=0), BeforeValidator(_whole_number)]  # in this order the schema says `minimum`
Number = Annotated[Decimal, BeforeValidator(_number), WithJsonSchema({"type": "number", "minimum": 0})]
YesOrNo = Annotated[bool, BeforeValidator(_yes_or_no)]

ElementId = Annotated[str, Refers("elements")]
CaseId = Annotated[str, Refers("cases")]
QuestionId = Annotated[str, Refers("questions")]
TermId = Annotated[str, Refers("glossary")]
SourceId = Annotated[str, Refers("sources")]
StudyId = Annotated[str, Refers("evidence")]
SafeguardId = Annotated[str, Refers("safeguards")]

Sources = Annotated[list[SourceId], Field(description="Ids from sources.yml. Every claim needs at least one.")]
Aliases = Annotated[
    list[Line],
    Field(
        description="Other words that people may type into the search for this: synonyms, acronyms, other spellings, "
        "words in other languages. They are not shown on the page."
    ),
]


FormerIds = Annotated[
    list[Id],
    Field(
        description="Ids that this record had before; their addresses lead to it. Written by `learning-site rename`. "
        "Leave them: other sites link to them.",
        json_schema_extra=BY_COMMAND,
    ),
]

Subject = Literal["violence-at-home", "child-marriage"]
SUBJECTS: tuple[Subject, ...] = get_args(Subject)
SpeaksOf = Annotated[
    list[Subject],
    Field(
        description="What a reader may want to be told before reading. The page says it at its top, with a link to the "
        "safety page."
    ),
]


class Record(BaseModel):
    """A piece of content. Unknown keys are errors, and nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


R = TypeVar("R", bound=Record)
T = TypeVar("T")
P = ParamSpec("P")


def once(find: Callable[Concatenate[R, P], T]) -> Callable[Concatenate[R, P], T]:
    """A function of a record that looks into each only once, because records never change.

    What it finds is kept as long as the record lives, so it must not hold the record itself. What else it is told, such
    as the record's id, has to be the same each time.
    """
    found: dict[int, tuple[object, T]] = {}

    def look(record: R, /, *told: P.args, **named: P.kwargs) -> T:
        key = id(record)
        if key not in found:
            found[key] = weakref.ref(record, lambda _: found.pop(key, None)), find(record, *told, **named)
        return found[key][1]

    return functools.update_wrapper(look, find)


Owner = Literal["editors", "country-team", "safeguarding"]
OWNERS: tuple[Owner, ...] = get_args(Owner)


class Review(Record):
    """Who looks after a record, when somebody who knows last read it against its sources, and when it is due again."""

    owner: Owner = Field(
        description="The role that looks after it, never a name: `editors`, `country-team` for what a country office "
        "knows best, `safeguarding` for what may do harm."
    )
    reviewed: Day | None = Field(
        None,
        description="The day on which somebody who knows last read it against its sources. Leave it out until then. "
        "`learning-site reviewed` writes it.",
    )
    review_by: Day | None = Field(None, description="The day by which it should be looked at again: 2027-11-30.")


MayBeReviewed = Annotated[
    Review | None, Field(description="Who looks after it, when it was last reviewed, and by which day it is due again.")
]


# ---------------------------------------------------------------- texts


def text_mark(language: LanguageCode, *texts: str) -> str:
    """A short name for texts as they are now, such as `en-3f92ac1`: others have another, white space aside."""
    said = "\n".join(" ".join(text.split()) for text in texts)
    return f"{language}-{hashlib.sha256(said.encode()).hexdigest()[:7]}"


class Marks(Record):
    """A mark for each language that is a translation."""

    fr: TextMark | None = Field(None, description="For the French text.")
    ne: TextMark | None = Field(None, description="For the Nepali text.")


Standing = Literal["main", "missing", "unmarked", "stale", "fresh"]
"""How a text stands in a language: it is the main language, or its translation is missing, does not say which English
it was made from, was made from an English that has changed since, or from the English as it is."""


class Translated(Record):
    """What is said in several languages, with marks of which English each translation was made from."""

    en: Line = Field(description="The English text.")
    fr: Line | None = Field(None, description="The French text. Leave it out if there is none yet.")
    ne: Line | None = Field(None, description="The Nepali text, in Devanagari. Leave it out if there is none yet.")
    made_from: Marks | None = Field(
        None,
        description="Which English each translation was made from. Written by `learning-site translations mark`, "
        "never by hand: it shows when the English has changed since.",
        json_schema_extra=BY_COMMAND,
    )
    reviewed: Marks | None = Field(
        None,
        description="Which translations a native speaker has checked. Written by `learning-site translations review`; "
        "it no longer counts once the text changes.",
        json_schema_extra=BY_COMMAND,
    )

    def written_in(self, language: LanguageCode) -> str | None:
        """The text in `language`, or None where it has not been translated."""
        return getattr(self, language)  # type: ignore[no-any-return]

    def standing(self, language: LanguageCode) -> Standing:
        """How the text in `language` stands to the English."""
        if language == MAIN_LANGUAGE:
            return "main"
        if self.written_in(language) is None:
            return "missing"
        mark = getattr(self.made_from, language, None)
        if mark is None:
            return "unmarked"
        return "fresh" if mark == text_mark(MAIN_LANGUAGE, self.en) else "stale"

    def is_reviewed(self, language: LanguageCode) -> bool:
        """Whether a native speaker has checked the text in `language` as it is, against the English as it is."""
        own = self.written_in(language)
        if self.standing(language) == "main":
            return True
        return own is not None and getattr(self.reviewed, language, None) == text_mark(language, self.en, own)


class Localized(Translated):
    """A text: either plain, which is the same in every language, or one text per language, English at least."""

    neutral: bool = Field(False, exclude=True)

    @model_validator(mode="before")
    @classmethod
    def _plain_is_neutral(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"en": value, "neutral": True}
        if isinstance(value, dict) and "neutral" in value:
            raise PydanticCustomError("text_keys", "unknown language", {"key": "neutral"})
        if not isinstance(value, dict):
            raise PydanticCustomError("text_form", "a text or one text per language")
        return value

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        schema = handler.resolve_ref_schema(handler(core_schema))
        schema["properties"].pop("neutral", None)
        schema["type"] = ["string", "object"]
        return schema

    def written_in(self, language: LanguageCode) -> str | None:
        """The text in `language`, or None where it has not been translated."""
        return self.en if self.neutral else super().written_in(language)

    def standing(self, language: LanguageCode) -> Standing:
        """How the text in `language` stands to the English; a plain text is the main language in every language."""
        return "main" if self.neutral else super().standing(language)

    def best(self, language: LanguageCode) -> tuple[str, LanguageCode]:
        """The text in `language`, or in the main language where it has not been translated; and in which it is."""
        own = self.written_in(language)
        return (self.en, MAIN_LANGUAGE) if own is None else (own, language)

    def each(self) -> Iterator[tuple[LanguageCode, str]]:
        """Every (language, text) that is there; a plain text counts as English."""
        for language in LANGUAGES:
            if (text := getattr(self, language)) is not None:
                yield language, text


class PlainText(Localized):
    """One line without markup: every character is shown as it was typed."""


class MarkdownText(Localized):
    """One short paragraph. May hold *emphasis*, **strong**, `code` and [links](https://... or kind:id)."""


# ---------------------------------------------------------------- claims


class Claim(Record):
    """Something that the site says about the world: others can point at it by an address of its own."""

    id: ClaimId | None = Field(
        None,
        description="Its address on every page that shows it. Written by `learning-site release`; leave it as it is "
        "when you change the text: other sites link to it.",
        json_schema_extra=BY_COMMAND,
    )

    @property
    def said(self) -> str:
        """What is said, in the main language."""
        raise NotImplementedError

    @property
    def anchor(self) -> str:
        """Its place on a page; as long as it was not released it follows from what is said."""
        return self.id or _anchor(self)


@once
def _anchor(claim: Claim) -> str:
    return f"claim-{text_mark(MAIN_LANGUAGE, claim.said).partition('-')[2]}"


class Statement(Claim):
    """Something that the site says about the world in a text, with the sources that it rests on."""

    text: MarkdownText = Field(description="What is said, in our own plain words, one short paragraph.")
    sources: Sources = []

    @property
    def said(self) -> str:
        """What is said, in the main language."""
        return self.text.en


class Event(Statement):
    """Something that happened at a time."""

    title: PlainText | None = Field(
        None, description="Two to five words for the picture of the timeline. Without it, it is not in the picture."
    )
    when: PartialDate | None = Field(None, description="2014, 2014-10 or 2014-10-31. Leave it out if no source tells.")
    until: PartialDate | None = Field(None, description="The end, if it lasted.")


PlacedBy = Annotated[
    Literal["care", "editors"],
    Field(description="Who says that this belongs to the element: `care` if a CARE text does, `editors` if we do."),
]
ReportedBy = Annotated[
    Literal["care", "independent"],
    Field(description="`care` if CARE reports its own work, `independent` if others measured it."),
]


class Example(Statement):
    """An element in practice in a country that is not a case study."""

    country: PlainText = Field(description="The country, as readers call it.")
    placed_by: PlacedBy


class Advice(Statement):
    """When an element is useful, or not enough, as a conclusion from what the sources tell."""

    placed_by: PlacedBy


class Lesson(Statement):
    """What was learnt about an element."""

    country: PlainText | None = Field(None, description="Where it was learnt, if in one country.")
    placed_by: PlacedBy


class Strategy(Statement):
    """What a case did to put an element into practice."""

    element: ElementId = Field(description="The element that it puts into practice.")
    placed_by: PlacedBy


class CaseLesson(Statement):
    """What was learnt in a case; with an element it also appears on that element's page."""

    element: ElementId | None = Field(None, description="The element that it teaches something about, if any.")
    placed_by: PlacedBy | None = None


class Result(Statement):
    """What changed, and who says so."""

    reported_by: ReportedBy


class Value(Record):
    """A number that a study found, for women or for men, with its confidence interval if there is one."""

    who: Literal["women", "men", "people", "unknown"] = Field(
        description="Who said so: `women`, `men`, `people` for both, `unknown` if the source does not tell."
    )
    value: Number = Field(description="The number as published, such as 0.44 or 63.")
    low: Number | None = Field(None, description="The lower end of the confidence interval.")
    high: Number | None = Field(None, description="The upper end of the confidence interval.")


class Figure(Claim):
    """A number for the charts. Its population, years and place are those of its study."""

    what: PlainText = Field(description="What was measured, in a few words: Physical violence by a partner, 21 months.")
    measure: Literal["percent", "risk-ratio", "odds-ratio", "ratio"] = Field(
        description="The unit. A ratio compares with the group outside the programme: below 1 is less, above 1 more."
    )
    values: list[Value] = Field(min_length=1, description="One number, or one for women and one for men.")
    sources: Sources = []

    @property
    def said(self) -> str:
        """What was measured and its numbers, in the main language."""
        return " ".join([self.what.en, *(f"{value.who} {value.value}" for value in self.values)])


class Gap(Record):
    """Something that a reader would want to know and that no source tells."""

    question: MarkdownText = Field(description="What is not known, as a sentence or a question.")
    would_answer: MarkdownText | None = Field(None, description="What would answer it: a report, a person, a count.")


class Answer(Record):
    """What a case says to a guiding question: an answer with sources, or what would answer it, or both."""

    question: QuestionId = Field(description="The guiding question.")
    answer: list[Statement] = Field([], description="The answer, a few sentences, each with its sources.")
    would_answer: MarkdownText | None = Field(None, description="What is still open, and what would answer it.")


class Chapter(Record):
    """A part of a case study with a heading of its own."""

    id: Id = Field(description="Its address on the page after `chapter-`, in small letters. It never changes.")
    title: PlainText = Field(description="Its heading.")
    text: list[Statement] = Field(min_length=1, description="What is told in it.")
    studies: list[StudyId] = Field([], description="Studies whose figures are shown in it, ids from evidence.yml.")


class Step(Record):
    """A step of a facilitator card: what the group talks about, and questions to start from."""

    name: PlainText = Field(description="The step in a few words.")
    questions: list[MarkdownText] = Field(min_length=1, description="Questions for reflection, written by us.")


class Card(Record):
    """A facilitator card: one printable sheet. We write it ourselves, and the sheet says so."""

    purpose: MarkdownText = Field(description="What a session is for.")
    who: MarkdownText = Field(description="Who takes part and who leads it.")
    flow: list[Step] = Field(min_length=1, description="A suggested order of steps.")


# ---------------------------------------------------------------- kinds of record


class Licence(Record):
    """Under which terms the site's own words may be used."""

    name: PlainText = Field(description="The name of the licence.")
    url: WebAddress = Field(description="Where its text stands.")


class Language(Record):
    """A language of the site."""

    code: LanguageCode = Field(description="The language's code, also its folder on the site.")
    name: Line = Field(description="The language's name in the language itself.")
    exit_to: WebAddress | None = Field(
        None, description="Where the control `Leave this page` leads: a page that surprises nobody, in the language."
    )
    search_ignores: list[Line] = Field(
        [], description="Little words that say nothing about what somebody looks for: and, the, with."
    )
    search_endings: list[Line] = Field(
        [], description="Endings that the search takes off what is typed, so that all forms of a word are found: s, को."
    )


SearchIndex = Literal["whole", "chunked"]


class Settings(Record):
    """The site itself: its name, where it lives, its languages."""

    name: PlainText = Field(description="The site's name, at the top of every page.")
    tagline: PlainText = Field(description="One sentence under the name on the home page.")
    description: PlainText = Field(description="One or two sentences for search engines.")
    address: WebAddress = Field(description="Where the site is published, with a slash at the end.")
    edit_address: WebAddress | None = Field(
        None,
        description="The web address under which the files of this project can be edited, with a slash at the end.",
    )
    languages: list[Language] = Field(min_length=1, description="The languages, the main one first.")
    licence: Licence = Field(description="The licence of the site's own words.")
    search_index: SearchIndex = Field(
        "whole",
        description="How the search gets its index: `whole`, in one file for each language, which forgives most; or "
        "`chunked`, in small files of which a phone fetches a few. Change to that once one file weighs over 200 kB.",
    )


class Partner(Claim):
    """An organisation that led the initiative."""

    name: PlainText = Field(description="The organisation's name.")
    role: MarkdownText = Field(description="What it did in the initiative.")
    sources: Sources = []

    @property
    def said(self) -> str:
        """Who did what, in the main language."""
        return f"{self.name.en} {self.role.en}"


class Publication(Statement):
    """Something that was published, with what it holds."""

    title: PlainText = Field(description="The title as published.")
    when: PartialDate | None = Field(None, description="When it was published.")
    languages: list[Line] = Field([], description="Codes of the languages in which it appeared: en, fr.")


class Initiative(Record):
    """The learning process: why, who, how the countries were chosen, what it aims at, what came of it."""

    name: PlainText = Field(description="The name of the initiative.")
    summary: PlainText = Field(description="What it is, in one sentence.")
    aliases: Aliases = []
    why: list[Statement] = Field(min_length=1, description="Why CARE works with men and boys.")
    partners: list[Partner] = Field(min_length=1, description="Who led it.")
    selection: list[Statement] = Field(min_length=1, description="How the case study countries were chosen.")
    aims: list[Statement] = Field(min_length=1, description="What the learning process is meant to do.")
    approach: list[Statement] = Field(min_length=1, description="What marks CARE's way of working.")
    milestones: list[Event] = Field([], description="What happened when. Shown in order of date.")
    publications: list[Publication] = Field([], description="What came of it, and what each text holds.")
    disagreements: list[Statement] = Field([], description="Where sources do not agree, and how we word it.")
    gaps: list[Gap] = Field([], description="What no source tells.")
    review: MayBeReviewed = None


class Element(Record):
    """One of the key elements of work with men and boys."""

    name: PlainText = Field(description="The element's name.")
    order: WholeNumber = Field(description="Its number. 0 for the element that runs through all the others.")
    summary: PlainText = Field(description="What it is, in one sentence.")
    aliases: Aliases = []
    what_it_is: list[Statement] = Field(min_length=1, description="What it means, and where the idea comes from.")
    synchronized: list[Statement] = Field([], description="How it is tied to work with women and girls.")
    when_to_use: list[Advice] = Field([], description="When it is useful.")
    not_enough: list[Advice] = Field([], description="When it is not enough by itself.")
    first: list[SafeguardId] = Field([], description="What must be in place before it, ids from safeguards.yml.")
    beside: list[SafeguardId] = Field([], description="Without what it must not run, ids from safeguards.yml.")
    examples: list[Example] = Field([], description="Practice in other countries. Case studies hold their own.")
    lessons: list[Lesson] = Field([], description="What was learnt, outside the case studies.")
    terms: list[TermId] = Field([], description="Related terms, ids from glossary.yml.")
    card: Card | None = Field(None, description="The sheet for facilitators.")
    speaks_of: SpeaksOf = []
    gaps: list[Gap] = Field([], description="What no source tells.")
    review: MayBeReviewed = None
    former_ids: FormerIds = []


class Case(Record):
    """A case study: one country's work with men and boys."""

    name: PlainText = Field(description="The country's name.")
    programme: PlainText = Field(description="The name of the work there.")
    summary: PlainText = Field(description="What it is, in one sentence.")
    aliases: Aliases = []
    context: list[Statement] = Field([], description="The setting that a reader needs to know.")
    chapters: list[Chapter] = Field([], description="Parts with a heading of their own: a survey, a film, a programme.")
    evolution: list[Event] = Field([], description="How the work came about and went on. Shown in order of date.")
    strategies: list[Strategy] = Field([], description="What was done, each under the element it puts into practice.")
    results: list[Result] = Field([], description="Contributions to gender equality.")
    lessons: list[CaseLesson] = Field([], description="What was learnt.")
    answers: list[Answer] = Field([], description="An answer for each guiding question. What is left out is open.")
    speaks_of: SpeaksOf = []
    disagreements: list[Statement] = Field([], description="Where sources do not agree, and how we word it.")
    gaps: list[Gap] = Field([], description="What no source tells.")
    review: MayBeReviewed = None
    former_ids: FormerIds = []


class Question(Record):
    """A guiding question of the collaboration."""

    question: PlainText = Field(description="The question, in full.")
    short: PlainText = Field(description="Two or three words for menus and table heads.")
    summary: PlainText = Field(description="What an answer helps a reader to do, in one sentence.")
    aliases: Aliases = []
    rests_on: list[Literal["evolution", "strategies", "results", "lessons"]] = Field(
        [], description="The parts of a case study that its answer rests on; they are shown below the answer."
    )
    overview: list[Statement] = Field([], description="What is known across CARE, beyond the case studies.")
    review: MayBeReviewed = None
    former_ids: FormerIds = []


class Testimony(Record):
    """What somebody said, word for word. Never with a private person's name."""

    quote: PlainText = Field(description="The words, under 60 of them, in the original language and in English.")
    original: LanguageCode = Field(description="The language in which it was said or published.")
    role: PlainText = Field(description="Who speaks, by role, never by name.")
    place: PlainText = Field(description="The country or region.")
    case: CaseId | None = Field(None, description="The case study that it belongs to, if any.")
    elements: list[ElementId] = Field([], description="The elements that it speaks of.")
    speaks_of: SpeaksOf = []
    sources: Sources = []
    review: MayBeReviewed = None
    former_ids: FormerIds = []


class Evidence(Record):
    """A study or an evaluation."""

    title: PlainText = Field(description="What was studied.")
    design: PlainText = Field(description="The kind of study: trial, review, survey.")
    place: PlainText = Field(description="Where.")
    population: PlainText | None = Field(None, description="Who was studied and how many. Needed if it has figures.")
    years: Line | None = Field(None, description="When, such as 2015-2018.")
    aliases: Aliases = []
    findings: list[Result] = Field(min_length=1, description="What was found, with intervals where there are any.")
    figures: list[Figure] = Field([], description="Numbers for the charts.")
    disagreements: list[Statement] = Field([], description="Where sources do not agree, and how we word it.")
    elements: list[ElementId] = Field([], description="The elements that it says something about.")
    speaks_of: SpeaksOf = []
    review: MayBeReviewed = None
    former_ids: FormerIds = []

    @property
    def percentages(self) -> list[Figure]:
        """The figures in percent."""
        return [figure for figure in self.figures if figure.measure == "percent"]

    @property
    def ratios(self) -> list[Figure]:
        """The figures that compare with the group outside the programme."""
        return [figure for figure in self.figures if figure.measure != "percent"]

    @property
    def reporters(self) -> list[str]:
        """Who reports its findings, each once."""
        return list(dict.fromkeys(finding.reported_by for finding in self.findings))

    @property
    def figure_sources(self) -> list[str]:
        """The sources of all its figures, each once."""
        return list(dict.fromkeys(source for figure in self.figures for source in figure.sources))


class Tool(Record):
    """A manual, guide or toolkit that practitioners can use."""

    name: PlainText = Field(description="Its title.")
    offers: MarkdownText = Field(description="What a trainer finds in it.")
    languages: list[Line] = Field(min_length=1, description="Codes of its languages: en, fr, pt, es, ar.")
    aliases: Aliases = []
    elements: list[ElementId] = Field([], description="The elements that it serves. Leave it out if it serves all.")
    sources: Sources = []
    review: MayBeReviewed = None
    former_ids: FormerIds = []


class Safeguard(Statement):
    """What keeps the work from doing harm: its name, why it matters, and what must be there before it."""

    name: PlainText = Field(description="What to do, in a few words: Know where to refer people.")
    placed_by: PlacedBy
    needs: list[SafeguardId] = Field([], description="Other safeguards that must be in place before this one.")
    aliases: Aliases = []
    review: MayBeReviewed = None
    former_ids: FormerIds = []


class Forms(Record):
    """Other ways in which a term is written in texts: plurals, acronyms, spellings."""

    en: list[Line] = Field([], description="In English: male champions, GBV.")
    fr: list[Line] = Field([], description="In French.")
    ne: list[Line] = Field([], description="In Nepali, without endings.")


class Term(Record):
    """A word of the field, and what it means."""

    term: PlainText = Field(description="The word or acronym.")
    definition: MarkdownText = Field(description="What it means, in our own words.")
    forms: Forms | None = Field(
        None, description="Other written forms of it. The first use of any form on a page is linked to the glossary."
    )
    aliases: Aliases = []
    see: list[TermId] = Field([], description="Related terms.")
    sources: Sources = []
    review: MayBeReviewed = None
    former_ids: FormerIds = []


SourceType = Literal[
    "report",
    "manual",
    "journal-article",
    "conference-paper",
    "book",
    "thesis",
    "news-article",
    "blog-post",
    "webpage",
    "entry",
    "slides",
    "video",
]


class Source(Record):
    """A public document that claims rest on."""

    title: Line = Field(description="Its title, in its own language.")
    type: SourceType | None = Field(
        None,
        description="What it is; `report` also for briefs and evaluations, `manual` also for toolkits, `entry` of a "
        "glossary or encyclopedia. Leave it out if neither title nor publisher nor address says so.",
    )
    authors: list[Line] = Field(
        [],
        description="Its authors as published; of a person the family name first, such as `Flood, M.`. Leave them out "
        "if it names none.",
    )
    publisher: Line = Field(description="Who published it.")
    published: PartialDate | None = Field(
        None, description="2014, 2014-10 or 2014-10-31. Leave it out if it is undated."
    )
    language: Line = Field(description="The code of its language: en, fr, de, no, cs.")
    read: Literal["whole", "excerpt", "abstract", "record", "contents"] = Field(
        description="How much of it we could read. `contents`: only its title page or table of contents."
    )
    note: PlainText | None = Field(None, description="What a reader should know about this copy.")
    url: WebAddress = Field(description="The address under which it was published.")
    also: list[WebAddress] = Field([], description="Other addresses of the same document.")
    archived: WebAddress | None = Field(
        None,
        description="An archived copy, if you have seen one: https://web.archive.org/web/… It is offered to readers, "
        "and shown first once the address itself no longer answers.",
    )
    seen: Day | None = Field(
        None,
        description="The day on which somebody last saw the document at its address. `learning-site seen` writes it.",
    )
    names_private_people: YesOrNo = Field(False, description="true if it names people who are not public figures.")
    former_ids: FormerIds = []

    @property
    def short_address(self) -> str:
        """Its address as one types it: without the scheme, `www.` and the slash at the end."""
        return self.url.partition("://")[2].removeprefix("www.").rstrip("/")

    @property
    def addresses(self) -> list[str]:
        """Every address under which it was published."""
        return [self.url, *self.also]

    @property
    def lookup(self) -> str:
        """Where the Internet Archive lists the copies that it has, if it has any."""
        return f"https://web.archive.org/web/*/{self.url}"


LONG_ENOUGH = timedelta(weeks=2)  # between two failures, before an address counts as gone


class Silent(Record):
    """An address that did not answer when it was last asked for."""

    url: WebAddress = Field(description="The address.")
    said: Line = Field(description="What came in place of an answer.")
    answered: Day | None = Field(None, description="The day on which it last answered, if it ever did.")
    failing_since: Day | None = Field(None, description="The first day on which it failed after it last answered.")
    failed_last: Day | None = Field(None, description="The last such day.")
    failures: WholeNumber = Field(0, description="On how many days it failed after it last answered.")

    @property
    def is_gone(self) -> bool:
        """Whether it failed twice, long enough apart that this is no bad day of a server."""
        if self.failing_since is None or self.failed_last is None:
            return False
        return self.failed_last - self.failing_since >= LONG_ENOUGH

    def is_outdone_by(self, seen: date | None) -> bool:
        """Whether somebody has seen the document since the address began to fail: those failures count no more."""
        return seen is not None and self.failing_since is not None and seen >= self.failing_since


class LinkStatus(Record):
    """What came of asking for the addresses of the sources. Written by `learning-site links --external` alone."""

    asked: Day | None = Field(None, description="The day on which they were last asked for. Left out if never.")
    answering: list[WebAddress] = Field([], description="The addresses that answered then.")
    silent: list[Silent] = Field([], description="The addresses that did not.")

    @functools.cached_property
    def by_address(self) -> dict[str, Silent]:
        """The addresses that did not answer, by address."""
        return {silent.url: silent for silent in self.silent}

    @functools.cached_property
    def answered(self) -> dict[str, date | None]:
        """The day on which each address last answered, None if it never did."""
        return {url: self.asked for url in self.answering} | {s.url: s.answered for s in self.silent}


class Avoided(Record):
    """A word that the site does not use, and what to write instead."""

    words: list[Line] = Field(min_length=1, description="The word in all its forms: beneficiary, beneficiaries.")
    instead: Line | None = Field(None, description="What to write instead.")
    why: Line = Field(description="Why it is not used.")


class Wording(Record):
    """Which names may occur in the texts and which words may not. A private person's name never stands here."""

    places: list[Line] = Field([], description="Countries, regions, towns and villages, and words made from them.")
    organisations: list[Line] = Field([], description="Organisations, networks and institutions.")
    programmes: list[Line] = Field([], description="Programmes, projects, methods, films and publications.")
    people: list[Line] = Field([], description="Only people who are public figures or authors.")
    other: list[Line] = Field(
        [],
        description="Other words with a capital letter: peoples, languages, religions, the first word of a quotation.",
    )
    avoid: list[Avoided] = Field([], description="Words that the site does not use.")


class Word(Translated):
    """A word or sentence of the site itself; needed in every language. {count} and the like are filled in."""

    en: Line = Field(description="In English.")
    fr: Line = Field(description="In French.")
    ne: Line = Field(description="In Nepali.")


class AgreedWord(Record):
    """How a word of the field is translated on this site: one word, always in the same way."""

    en: Line = Field(description="The English word, as it stands in texts.")
    fr: Line | None = Field(None, description="The French word. Leave it out if nothing is agreed yet.")
    ne: Line | None = Field(None, description="The Nepali word. Leave it out if nothing is agreed yet.")
    used_by: Line | None = Field(
        None, description="Whose publications use it so. Leave it out if the translation is our own choice."
    )


class Withdrawn(Record):
    """An address that was published and no longer holds what it held."""

    address: PageOnSite = Field(
        description="The address below the top of the site: elements/old/, or glossary/#word for a place on a page."
    )
    leads_to: PlaceOnSite = Field(description="Where readers who come there are led instead: glossary/#other-word.")
    why: PlainText | None = Field(None, description="Why it is gone, in one sentence, for those readers.")

    @property
    def page(self) -> str:
        """The page of the address."""
        return self.address.partition("#")[0]

    @property
    def anchor(self) -> str:
        """The place on the page, empty for a whole page."""
        return self.address.partition("#")[2]


class Released(Record):
    """A page that was published, with the places on it at which others may point."""

    page: PlaceOnSite = Field(description="Its address below the top of the site; empty for the home page.")
    anchors: list[Line] = Field([], description="The places on it.")


class Addresses(Record):
    """The addresses that the site has promised to keep, and where those lead that it could not keep."""

    withdrawn: list[Withdrawn] = Field(
        [], description="Addresses that no longer hold what they held. The build says when one is missing here."
    )
    released: list[Released] = Field(
        [],
        description="Every page that was published. Written by `learning-site release`.",
        json_schema_extra=BY_COMMAND,
    )
    files: list[PlaceOnSite] = Field(
        [],
        description="Every other file that was published. Written by `learning-site release`.",
        json_schema_extra=BY_COMMAND,
    )


class Slip(Record):
    """A slip as it looks in a file, and the same lines as they are right."""

    file: Line = Field(description="The file in which it may happen: sources.yml, elements/second.yml.")
    bad: Lines = Field(description="The lines with the slip, as they stand in a file.")
    good: Lines = Field(description="The same lines without it.")


class Rule(Record):
    """A rule of the check: what it says, what to do about a slip, and how a slip looks."""

    about: Literal["file", "field", "records", "page"] = Field(
        description="What the rule looks at: how a `file` is written, what a `field` holds, what holds between "
        "`records` and in their texts, or how a `page` of docs/ calls a component."
    )
    says: MarkdownText = Field(description="The rule in one sentence.")
    mend: MarkdownText = Field(description="What to do, in one to three short sentences, the likeliest cause first.")
    example: Slip | None = Field(None, description="A slip. Leave it out only where lines of a file cannot show it.")


# ---------------------------------------------------------------- where records live


@dataclass(frozen=True)
class Kind:
    """A kind of record: its name for many and for one, its model, and the file or folder of data/ where it lives."""

    name: str
    one: str
    model: type[Record]
    place: str
    form: Literal["one record", "a file each", "a mapping of ids"]

    @property
    def id_pattern(self) -> str:
        """What an id of this kind looks like."""
        return WORD_ID_PATTERN if self.model is Word else ID_PATTERN

    def file(self, record_id: str = "") -> str:
        """The file of a record, below data/."""
        return f"{self.place}/{record_id}.yml" if self.form == "a file each" else self.place


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("site", "site", Settings, "site.yml", "one record"),
        Kind("initiative", "initiative", Initiative, "initiative.yml", "one record"),
        Kind("elements", "element", Element, "elements", "a file each"),
        Kind("cases", "case", Case, "cases", "a file each"),
        Kind("questions", "question", Question, "questions.yml", "a mapping of ids"),
        Kind("testimonies", "testimony", Testimony, "testimonies.yml", "a mapping of ids"),
        Kind("evidence", "study", Evidence, "evidence.yml", "a mapping of ids"),
        Kind("tools", "tool", Tool, "tools.yml", "a mapping of ids"),
        Kind("safeguards", "safeguard", Safeguard, "safeguards.yml", "a mapping of ids"),
        Kind("glossary", "term", Term, "glossary.yml", "a mapping of ids"),
        Kind("sources", "source", Source, "sources.yml", "a mapping of ids"),
        Kind("link_status", "link-status", LinkStatus, "link_status.yml", "one record"),
        Kind("wording", "wording", Wording, "wording.yml", "one record"),
        Kind("agreed_words", "agreed-word", AgreedWord, "agreed_words.yml", "a mapping of ids"),
        Kind("ui", "word", Word, "ui.yml", "a mapping of ids"),
        Kind("rules", "rule", Rule, "rules.yml", "a mapping of ids"),
        Kind("addresses", "addresses", Addresses, "addresses.yml", "one record"),
    )
}

Place = tuple[str | int, ...]


Leaf = tuple[Place, Any, tuple[Any, ...]]
CITES = Refers("sources")


def leaves(record: Record) -> Iterator[Leaf]:
    """Every text, id and statement in a record, with its place in the YAML and the marks of its field.

    A Statement and a Localized come as wholes, and a Statement's parts come after it.
    """
    return itertools.chain([((), record, ())], _inside(record))


@once
def _inside(record: Record) -> list[Leaf]:
    return list(_parts(record, ()))


def _leaves(value: Any, place: Place, marks: tuple[Any, ...]) -> Iterator[Leaf]:
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _leaves(inner, (*place, index), marks)
        return
    yield place, value, marks
    if isinstance(value, Record):
        yield from _parts(value, place)


def _parts(record: Record, place: Place) -> Iterator[Leaf]:
    if not isinstance(record, Localized):
        for name, marks in marks_of(type(record)).items():
            if (value := getattr(record, name)) is not None:
                yield from _leaves(value, (*place, name), marks)


@once
def sources_cited(record: Record) -> list[str]:
    """The ids of the sources that a record cites, as often as it does."""
    return [value for _, value, marks in leaves(record) if CITES in marks]


@functools.cache
def marks_of(model: type[Record]) -> dict[str, tuple[Any, ...]]:
    """The marks of each field of a model."""
    return {name: _marks(info) for name, info in model.model_fields.items()}


def _marks(info: Any) -> tuple[Any, ...]:
    found = list(info.metadata)
    queue = [info.annotation]
    while queue:
        annotation = queue.pop()
        found += getattr(annotation, "__metadata__", ())
        queue += get_args(annotation)
    return tuple(mark for mark in found if isinstance(mark, Refers))


# ---------------------------------------------------------------- the whole


@dataclass(frozen=True)
class Site:
    """All records, and what follows from them: order, back links, matrix."""

    settings: Settings
    initiative: Initiative
    elements: dict[str, Element]
    cases: dict[str, Case]
    questions: dict[str, Question]
    testimonies: dict[str, Testimony]
    evidence: dict[str, Evidence]
    tools: dict[str, Tool]
    safeguards: dict[str, Safeguard]
    glossary: dict[str, Term]
    sources: dict[str, Source]
    link_status: LinkStatus = field(repr=False)
    wording: Wording = field(repr=False)
    agreed_words: dict[str, AgreedWord] = field(repr=False)
    ui: dict[str, Word] = field(repr=False)
    rules: dict[str, Rule] = field(repr=False)
    addresses: Addresses = field(repr=False)

    def kind(self, name: str) -> dict[str, Any]:
        """The records of a kind by id; a kind with a single record has it under an empty id."""
        if name == "site":
            return {"": self.settings}
        value = getattr(self, name)
        return value if isinstance(value, dict) else {"": value}

    def name(self, kind: str, record_id: str) -> Localized | str | None:
        """What a record is called, None where it has no name."""
        record = self.kind(kind)[record_id]
        named = (getattr(record, key) for key in ("name", "short", "term", "title", "role") if hasattr(record, key))
        return next(named, None)

    def every(self) -> Iterator[tuple[str, str, Record]]:
        """Every record, as (kind, id, record)."""
        for name in KINDS:
            for record_id, record in self.kind(name).items():
                yield name, record_id, record

    def texts(self, language: LanguageCode) -> Iterator[tuple[str, str, Place, Translated]]:
        """Every text that can be translated into a language, as (kind, id, place, text).

        A quotation in its original language is no translation, and a plain text needs none.
        """
        for kind, record_id, record in self.every():
            original = isinstance(record, Testimony) and record.original == language
            for place, value, _ in leaves(record):
                neutral = isinstance(value, Localized) and value.neutral
                if isinstance(value, Translated) and not neutral and not (original and place == ("quote",)):
                    yield kind, record_id, place, value

    def share_translated(self, language: LanguageCode) -> int:
        """How much of the content there is in a language, in whole percent of its English words, rounded down."""
        said = there = 0
        for kind, _, _, text in self.texts(language):
            if kind not in ("ui", "rules"):
                words = len(text.en.split())
                said += words
                there += words if text.written_in(language) is not None else 0
        return 100 * there // said if said else 100

    def is_reviewed(self, language: LanguageCode) -> bool:
        """Whether a native speaker has checked all that readers see in a language, the words of the site too."""
        found = (text for kind, *_, text in self.texts(language) if kind != "rules" and text.written_in(language))
        return all(text.is_reviewed(language) for text in found)

    @property
    def languages(self) -> list[Language]:
        """The languages of the site, the main one first."""
        return self.settings.languages

    def language(self, code: LanguageCode) -> Language:
        """A language of the site by its code."""
        return next(language for language in self.languages if language.code == code)

    @property
    def main_language(self) -> LanguageCode:
        """The language at the root of the site."""
        return self.languages[0].code

    @property
    def through(self) -> dict[str, Element]:
        """The elements that run through all the others."""
        return {i: e for i, e in self.elements.items() if e.order == 0}

    @property
    def numbered(self) -> dict[str, Element]:
        """The elements that are numbered, in order."""
        return {i: e for i, e in self.elements.items() if e.order > 0}

    def strategies(self, case_id: str, element_id: str) -> list[Strategy]:
        """A cell of the matrix: what a case did under an element."""
        return [s for s in self.cases[case_id].strategies if s.element == element_id]

    def case_lessons(self, element_id: str) -> list[tuple[str, CaseLesson]]:
        """What the cases teach about an element, as (case id, lesson)."""
        return [(i, lesson) for i, c in self.cases.items() for lesson in c.lessons if lesson.element == element_id]

    def answer(self, case_id: str, question_id: str) -> Answer | None:
        """A case's answer to a guiding question, None where it has none yet."""
        return next((a for a in self.cases[case_id].answers if a.question == question_id), None)

    def testimonies_of(self, kind: str, record_id: str) -> dict[str, Testimony]:
        """The testimonies of an element or a case."""
        return {
            i: t
            for i, t in self.testimonies.items()
            if (kind == "elements" and record_id in t.elements) or (kind == "cases" and t.case == record_id)
        }

    def evidence_for(self, element_id: str) -> dict[str, Evidence]:
        """The studies that say something about an element."""
        return {i: e for i, e in self.evidence.items() if element_id in e.elements}

    def tools_for(self, element_id: str) -> dict[str, Tool]:
        """The tools that serve an element; those that serve all come last."""
        own = {i: t for i, t in self.tools.items() if element_id in t.elements}
        return own | {i: t for i, t in self.tools.items() if not t.elements}

    @property
    def with_card(self) -> dict[str, Element]:
        """The elements that have a facilitator card."""
        return {i: e for i, e in self.elements.items() if e.card}

    def safeguards_before(self, element_id: str) -> dict[str, Safeguard]:
        """What must be in place before an element, each after what it needs itself."""
        found: dict[str, Safeguard] = {}

        def add(safeguard_id: str) -> None:
            if safeguard_id not in found:
                for needed in self.safeguards[safeguard_id].needs:
                    add(needed)
                found[safeguard_id] = self.safeguards[safeguard_id]

        for safeguard_id in self.elements[element_id].first:
            add(safeguard_id)
        return found

    def safeguards_beside(self, element_id: str) -> dict[str, Safeguard]:
        """Without what an element must not run."""
        return {i: self.safeguards[i] for i in self.elements[element_id].beside}

    def elements_after(self, safeguard_id: str) -> dict[str, Element]:
        """The elements before which a safeguard must be in place, whether they name it or need it over others."""
        return {i: e for i, e in self.elements.items() if safeguard_id in self.safeguards_before(i)}

    def elements_beside(self, safeguard_id: str) -> dict[str, Element]:
        """The elements that must not run without a safeguard."""
        return {i: e for i, e in self.elements.items() if safeguard_id in e.beside}

    @property
    def compared_studies(self) -> dict[str, Evidence]:
        """The studies that compare with a group outside the programme, for one chart of them all."""
        return {i: study for i, study in self.evidence.items() if study.ratios}

    def studies_in(self, case_id: str) -> dict[str, Evidence]:
        """The studies whose figures a case study shows."""
        return {i: self.evidence[i] for chapter in self.cases[case_id].chapters for i in chapter.studies}

    def subjects(self, kind: str, record_id: str = "") -> list[Subject]:
        """What the page of a record, or of a whole kind, speaks of that a reader may want to be told before."""
        shown: list[Any] = [self.kind(kind)[record_id]] if record_id else list(self.kind(kind).values())
        if kind == "elements" and record_id:
            shown += [*self.evidence_for(record_id).values(), *self.testimonies_of(kind, record_id).values()]
        if kind == "cases" and record_id:
            shown += [*self.studies_in(record_id).values(), *self.testimonies_of(kind, record_id).values()]
        if kind == "questions" and record_id:
            shown = list(self.cases.values())
        return [subject for subject in SUBJECTS if any(subject in record.speaks_of for record in shown)]

    def elements_with_term(self, term_id: str) -> dict[str, Element]:
        """The elements that name a glossary term as related."""
        return {i: e for i, e in self.elements.items() if term_id in e.terms}

    def last_seen(self, source_id: str) -> date | None:
        """The day on which somebody, or the check of the addresses, last saw a source; None if nobody did."""
        source = self.sources[source_id]
        days = (source.seen, self.link_status.answered.get(source.url))
        return max((day for day in days if day is not None), default=None)

    @property
    def never_seen(self) -> list[str]:
        """The sources that nobody has seen at their address since they were collected."""
        return [source_id for source_id in self.sources if self.last_seen(source_id) is None]

    def gone(self, source_id: str) -> Silent | None:
        """What is known of a source's address if it no longer answers, None while it does or may."""
        source = self.sources[source_id]
        found = self.link_status.by_address.get(source.url)
        return found if found and found.is_gone and not found.is_outdone_by(source.seen) else None

    def citing(self, source_id: str) -> list[tuple[str, str]]:
        """The records that cite a source, as (kind, id), each once."""
        return self._citations.get(source_id, [])

    @functools.cached_property
    def _citations(self) -> dict[str, list[tuple[str, str]]]:
        found: dict[str, list[tuple[str, str]]] = {}
        for kind, record_id, record in self.every():
            for source_id in dict.fromkeys(sources_cited(record)):
                found.setdefault(source_id, []).append((kind, record_id))
        return found

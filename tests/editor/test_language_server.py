"""The language server behind VS Code's YAML extension offers, explains and marks what staff write, in staff words."""

import dataclasses
import itertools
import os
import re
from pathlib import Path

import pytest
import yaml
from language_client import Editor

from learning_site import schema
from learning_site.loading import load_site
from learning_site.model import KINDS, Site
from learning_site.yaml_source import read_yaml

GOLDEN = Path(__file__).parent / "golden.txt"
ELEMENT = "name: {en: Alpha}\norder: 9\nsummary: {en: What it is.}\n"
CLAIM = ELEMENT + "what_it_is:\n  - text: {en: It is.}\n"
SOURCE = "s1:\n  title: First\n  publisher: Publisher\n  language: en\n  read: whole\n  url: https://example.org/1\n"
CASE = "name: {en: Alpha}\nprogramme: {en: Work}\nsummary: {en: What was done.}\n"
STRATEGY = CASE + "strategies:\n  - text: {en: Men met.}\n    placed_by: care\n"
STUDY = "s1:\n  title: x\n  design: x\n  place: x\n  findings: [{text: x, reported_by: care}]\n"
FIGURE = STUDY + "  figures:\n    - what: x\n      measure: percent\n"


# ---------------------------------------------------------------- what is offered


@pytest.mark.parametrize(
    ("kind", "text", "offered"),
    [
        ("elements", CLAIM + "    sources: [|]\n", "sources"),
        ("elements", CLAIM + "    sources: [c|]\n", "sources"),
        ("elements", CLAIM + "    sources: [c01, |]\n", "sources"),
        ("elements", CLAIM + "    sources:\n      - |\n", "sources"),
        ("elements", CLAIM + "    sources:\n      - c01\n      - c|\n", "sources"),
        ("cases", STRATEGY + "    element: |\n", "elements"),
        ("cases", CASE + "strategies:\n  - {element: |}\n", "elements"),
        ("cases", CASE + "answers:\n  - question: |\n", "questions"),
        ("testimonies", "alpha:\n  case: |\n", "cases"),
        ("glossary", "alpha:\n  term: x\n  definition: x\n  see: [|]\n", "glossary"),
        ("glossary", "alpha:\n  term: x\n  definition: x\n  see:\n    - |\n", "glossary"),
        ("elements", ELEMENT + "first: [|]\n", "safeguards"),
    ],
)
def test_ids_are_offered_with_their_names(kind: str, text: str, offered: str, editor: Editor, real_site: Site) -> None:
    items = editor.completions(kind, text)
    assert [item["textEdit"]["newText"] for item in items] == list(real_site.kind(offered))
    for item in items:
        name = real_site.name(offered, item["insertText"])
        shown = name if isinstance(name, str) else getattr(name, "en", "")
        assert item["documentation"] == shown
        assert f"{item['insertText']} — {shown}".startswith(item["label"].removesuffix("…"))


def test_keys_are_offered_with_their_help(editor: Editor) -> None:
    items = editor.completions("elements", ELEMENT + "examples:\n  - |\n")
    offered = {item["label"]: item for item in items}
    assert set(offered) == {"what is needed here", "text", "sources", "country", "placed_by"}
    assert offered["country"]["documentation"].startswith("The country, as readers call it.")
    assert offered["what is needed here"]["insertText"].splitlines()[0] == "text:"


@pytest.mark.parametrize(
    ("kind", "before", "indent"),
    [
        ("elements", ELEMENT + "what_it_is:\n  - ", "  "),
        ("elements", ELEMENT + "examples:\n  - ", "  "),
        ("cases", CASE + "evolution:\n  - ", "  "),
        ("cases", CASE + "strategies:\n  - ", "  "),
        ("sources", SOURCE, ""),
        ("glossary", "", ""),
        ("evidence", "", ""),
    ],
)
def test_a_new_entry_is_offered_whole_and_only_lacks_what_staff_know(
    kind: str, before: str, indent: str, editor: Editor
) -> None:
    items = editor.completions(kind, before + "|\n")
    entry = next(item for item in items if item["label"] in ("what is needed here", f"new {KINDS[kind].one}"))
    filled = entry["insertText"].replace("${1:new-id}", "alpha")
    values = {"sources": "[c01]", "element": "conscientization", "read": "whole", "language": "en",
              "placed_by": "care", "reported_by": "care", "url": "https://example.org/"}  # fmt: skip
    typed = re.sub(r"(\w+): \[?\$\d+\]?", lambda stop: f"{stop[1]}: {values.get(stop[1], 'Words.')}", filled)
    assert "$" not in typed
    text = before + typed.replace("\n", f"\n{indent}") + "\n"
    assert yaml.safe_load(text)
    depths = [(len(re.match(r"[ -]*", line)[0]), "- " in line) for line in text.splitlines()]
    assert all(deep - above <= (4 if dash else 2) for (above, _), (deep, dash) in itertools.pairwise(depths))
    marked = [mark["message"] for mark in editor.marked(editor.open(kind, text))]
    assert [said for said in marked if "`what_it_is` is missing" not in said] == []


# ---------------------------------------------------------------- what is explained


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("elements", CLAIM + "    sour|ces: [c01]\n", "Ids from sources.yml. Every claim needs at least one."),
        ("elements", "summ|ary: {en: x}\n", "What it is, in one sentence."),
        ("cases", CASE + "strategies:\n  - placed_|by: care\n", "Who says that this belongs to the element"),
        ("cases", CASE + "evolution:\n  - wh|en: 2014\n", "2014, 2014-10 or 2014-10-31."),
        ("cases", CASE + "strategies:\n  - elem|ent: zz\n", "The element that it puts into practice."),
        ("sources", SOURCE.replace("s1", "s|1"), "A public document that claims rest on."),
        ("site", "lice|nce: {name: x}\n", "The licence of the site's own words."),
    ],
)
def test_a_key_is_explained(kind: str, text: str, said: str, editor: Editor) -> None:
    assert said in editor.hover(kind, text)


def test_an_id_is_explained_by_its_name_alone(editor: Editor, real_site: Site) -> None:
    known, unknown = (editor.hover("elements", f"{CLAIM}    sources: [{word}]\n") for word in ("c0|1", "nowh|ere"))
    assert known.split("\n\n")[1].strip() == real_site.sources["c01"].title
    assert len(known.splitlines()) < 5
    assert unknown.strip() == "#### Source"
    both = editor.hover("cases", STRATEGY + "    element: conscien|tization\n")
    assert "The element that it puts into practice." in both
    assert real_site.elements["conscientization"].name.en in both


# ---------------------------------------------------------------- what is marked

SLIPS = {
    "a key is misspelt": ("elements", ELEMENT.replace("summary", "sumary") + "what_it_is: [{text: x}]\n"),
    "a key is missing": ("elements", CLAIM.replace("order: 9\n", "")),
    "keys are missing in a claim": ("elements", CLAIM + "examples:\n  - text: {en: There.}\n"),
    "a key belongs elsewhere": ("elements", CLAIM + "    country: {en: Alpha}\n"),
    "no such source": ("elements", CLAIM + "    sources: [c01, nowhere]\n"),
    "no such source in a block list": ("elements", CLAIM + "    sources:\n      - nowhere\n"),
    "an empty id": ("cases", STRATEGY + "    element:\n"),
    "no such element": ("cases", STRATEGY + "    element: consientization\n"),
    "an element as a text per language": ("cases", STRATEGY + "    element: {en: conscientization}\n"),
    "no such question": ("cases", CASE + "answers:\n  - question: whom\n"),
    "no such case": ("testimonies", "a:\n  quote: x\n  original: en\n  role: x\n  place: x\n  case: atlantis\n"),
    "no such term": ("glossary", "a:\n  term: x\n  definition: x\n  see: [nothing]\n"),
    "no such safeguard": ("elements", CLAIM + "first: [nothing]\n"),
    "no such study": ("cases", CASE + "chapters: [{id: a, title: x, text: [{text: x}], studies: [none]}]\n"),
    "a wrong choice": ("cases", CASE + "strategies:\n  - {element: conscientization, text: x, placed_by: us}\n"),
    "a wrong choice for a source": ("sources", SOURCE.replace("whole", "all")),
    "a wrong date": ("cases", CASE + "evolution:\n  - {text: x, when: 2014-13}\n"),
    "a date in words": ("sources", SOURCE + "  published: October 2014\n"),
    "no list": ("elements", CLAIM + "    sources: c01\n"),
    "no list of claims": ("elements", ELEMENT + "what_it_is: It is.\n"),
    "an empty list": ("elements", ELEMENT + "what_it_is: []\n"),
    "a claim without keys": ("elements", ELEMENT + "what_it_is:\n  - It is.\n"),
    "a list where a text belongs": ("sources", SOURCE.replace("First", "[First]")),
    "a language that is not there": ("elements", CLAIM.replace("{en: Alpha}", "{en: Alpha, de: Alpha}")),
    "no English": ("elements", CLAIM.replace("{en: Alpha}", "{fr: Alpha}")),
    "an empty translation": ("elements", CLAIM.replace("{en: Alpha}", "\n  en: Alpha\n  fr:")),
    "an empty text": ("elements", CLAIM.replace("en: Alpha", 'en: ""')),
    "two paragraphs": ("elements", CLAIM.replace("{en: It is.}", "\n      en: >-\n        One.\n\n        Two.")),
    "a list for a text": ("elements", CLAIM.replace("{en: Alpha}", "[Alpha]")),
    "an address without its beginning": ("sources", SOURCE.replace("https://", "www.")),
    "an id with capitals": ("sources", SOURCE.replace("s1", "Source One")),
    "an order in words": ("elements", CLAIM.replace("9", "ninth")),
    "a number with a comma": ("evidence", FIGURE + "      values: [{who: men, value: '0,44'}]\n"),
    "yes for true": ("sources", SOURCE + "  names_private_people: yes\n"),
    "a mark by hand": ("elements", CLAIM.replace("{en: Alpha}", "{en: Alpha, fr: Alpha, made_from: {fr: today}}")),
    "a record without keys": ("sources", "s1: First\n"),
    "a subject that is not there": ("cases", CASE + "speaks_of: [war]\n"),
    "a tab": ("elements", ELEMENT + "what_it_is:\n\t- text: x\n"),
    "a colon in a text": ("elements", CLAIM.replace("{en: It is.}", "Supportive: it is")),
    "a key twice": ("elements", ELEMENT + CLAIM),
    "a quotation mark not closed": ("elements", CLAIM.replace("{en: It is.}", '"It is.')),
    "a bracket not closed": ("elements", CLAIM + "    sources: [c01\n"),
}


def test_slips_are_marked_in_staff_words(editor: Editor) -> None:
    files = {name: editor.open(kind, text) for name, (kind, text) in SLIPS.items()}
    found = []
    for name, (kind, text) in SLIPS.items():
        marks = editor.marked(files[name])
        assert marks, name
        found.append(f"{name} ({kind})")
        for line, message in sorted((mark["range"]["start"]["line"], mark["message"]) for mark in marks):
            found.append(f"    {line} | {[*text.splitlines(), ''][line - 1].strip()}\n        {message}")
    said = "\n".join(found) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(said, encoding="utf-8")
    assert said == GOLDEN.read_text(encoding="utf-8")


def test_nothing_is_marked_in_the_real_content(editor: Editor, workspace: Path) -> None:
    files = sorted((workspace / "data").rglob("*.yml"))
    assert len(files) > 15
    opened = [editor.open_file(file, file.read_text(encoding="utf-8")) for file in files]
    assert {file.name: marks for file in opened if (marks := editor.marked(file))} == {}


ACCEPTED = {
    "elements": CLAIM.replace("Alpha", "2014")
    .replace("9", "'9'")
    .replace("{en: It is.}", "\n      en: >\n        On."),
    "sources": SOURCE.replace("First", "1984").replace("Publisher", "true")
    + "  published: 2014\n  names_private_people: 'false'\n",
    "wording": "places: [yes, No, 2030, on, 1.10, 2014-10-01]\n",
    "evidence": FIGURE + "      values: [{who: men, value: '0.44', low: 0, high: 1.10}]\n",
    "testimonies": "2014: {quote: x, original: en, role: x, place: x}\n",
}


@pytest.mark.parametrize("kind", ACCEPTED)
def test_what_the_model_accepts_is_not_marked(kind: str, editor: Editor) -> None:
    """Words that YAML takes for something else, numbers in quotation marks, texts with an end of line."""
    value = read_yaml(ACCEPTED[kind].encode(), "x.yml").value
    for record in value.values() if KINDS[kind].form == "a mapping of ids" else [value]:
        KINDS[kind].model.model_validate(record)
    assert editor.marked(editor.open(kind, ACCEPTED[kind])) == []


def test_a_new_id_is_known_once_it_is_written(editor: Editor, workspace: Path) -> None:
    folder = workspace / "data"
    file = editor.open("elements", CLAIM + "    sources: [alpha]\n")
    assert [mark["range"]["start"]["line"] for mark in editor.marked(file)] == [6]
    site = load_site(folder)
    grown = dataclasses.replace(site, sources={**site.sources, "alpha": site.sources["c01"]})
    assert [path.name for path in schema.write_ids(folder, grown)] == ["ids.json"]
    editor.changed_on_disk(folder / "schema" / "ids.json")
    assert editor.marked(file) == []


def test_the_right_words_are_offered_for_a_wrong_one(editor: Editor) -> None:
    text = CASE + "strategies:\n  - {element: conscientization, text: x, placd_by: care, placed_by: us}\n"
    file = editor.open("cases", text)
    marks = editor.marked(file)
    actions = editor.ask(
        "textDocument/codeAction",
        textDocument={"uri": file.as_uri()},
        range=marks[0]["range"],
        context={"diagnostics": marks},
    )
    assert {"placed_by", "care", "editors"} <= {action["title"] for action in actions}

"""What a page says of itself to machines: JSON-LD in the words of schema.org, from the records alone.

Nothing is said that the records do not say: no date that is not known, no author, no rating. Sources of the terms:
https://schema.org and JSON-LD 1.1.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from learning_site import citing, open_data, pages
from learning_site.model import LanguageCode, Localized, MarkdownText, Record, Site, SourceType, sources_cited
from learning_site.staff_markdown import words

Thing = dict[str, Any]

# What ends a script in HTML, and what is a line's end in a script but not in JSON.
INERT = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}

# What each type of source is in the words of schema.org; what is not here, or not known, is a work and no more. Manuals
# are not here, for which it has no word, nor videos, of which it asks what only their hosts can say.
WORKS: dict[SourceType, str] = {
    "report": "Report",
    "journal-article": "ScholarlyArticle",
    "conference-paper": "ScholarlyArticle",
    "book": "Book",
    "thesis": "Thesis",
    "news-article": "NewsArticle",
    "blog-post": "BlogPosting",
    "webpage": "WebPage",
    "entry": "Article",
    "slides": "PresentationDigitalDocument",
}
WORK = "CreativeWork"


@dataclass(frozen=True)
class Described:
    """A page as a machine has to know it.

    `kind` and `record_id` say what it shows: one record, or all of a kind, or neither. `language` is that of its words,
    `home` the address of the home page beside it, `trail` the name and address of each page above it, home first, and
    `translations` where it stands in each language into which it is translated, the main one among them.
    """

    path: str
    address: str
    title: str
    description: str
    language: LanguageCode
    home: str
    kind: str = ""
    record_id: str = ""
    trail: list[tuple[str, str]] = field(default_factory=list)
    translations: dict[LanguageCode, str] = field(default_factory=dict)
    changed: date | None = None


def script(site: Site, page: Described) -> str:
    """The content of a page's data script: nothing in it can end the script."""
    graph = [_main(site, page)]
    if page.trail:
        graph.append(_path(page))
    said = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False, separators=(",", ":"))
    return said.translate(INERT)


def _main(site: Site, page: Described) -> Thing:
    """What the page is."""
    kind, record_id = page.kind, page.record_id
    if page.path == pages.HOME:
        return _work(site, page, "WebSite") | _site(site, page)
    if page.path == pages.DATA:
        return _work(site, replace(page, translations={}), "Dataset") | _dataset(site, page)
    if page.path in (pages.sheet(form, record_id) for form in pages.SHEETS):
        return _work(site, page, "LearningResource") | _card(site, page, record_id)
    if kind in ARTICLES and record_id in site.kind(kind):
        return _work(site, page, "Article") | ARTICLES[kind](site, page, record_id) | _citing(site, page)
    if kind in COLLECTIONS:
        name, content = COLLECTIONS[kind]
        return _work(site, page, name) | content(site, page)
    return _work(site, page, "CollectionPage" if kind else "WebPage")


def _work(site: Site, page: Described, name: str) -> Thing:
    """What holds for every page."""
    said: Thing = {
        "@type": name,
        "@id": page.address,
        "url": page.address,
        "headline" if name == "Article" else "name": page.title,
        "description": page.description,
        "inLanguage": page.language,
        "license": site.settings.licence.url,
    }
    if page.path != pages.HOME:  # a change of the home page is none of the whole site
        said["isPartOf"] = {"@type": "WebSite", "@id": page.home}
        if page.changed:
            said["dateModified"] = page.changed.isoformat()
    if page.language == site.main_language:
        others = [{"@id": address} for code, address in page.translations.items() if code != page.language]
        return said | ({"workTranslation": others} if others else {})
    original = page.translations.get(site.main_language)
    return said | ({"translationOfWork": {"@id": original}} if original else {})


def _path(page: Described) -> Thing:
    """The way from home to the page."""
    steps = [*page.trail, (page.title, page.address)]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": address}
            for place, (name, address) in enumerate(steps, 1)
        ],
    }


def _site(site: Site, page: Described) -> Thing:
    return {
        "name": _text(site.settings.name, page),
        "description": _text(site.settings.description, page),
        "publisher": {"@type": "Organization", "name": citing.editors(site, page.language)},
        **_initiative(site, page, ""),
    }


def _initiative(site: Site, page: Described, _: str) -> Thing:
    named = _text(site.initiative.name, page)
    return {"about": {"@type": "Project", "name": named, "member": _partners(site, page)}}


def _partners(site: Site, page: Described) -> list[Thing]:
    return [{"@type": "Organization", "name": _text(partner.name, page)} for partner in site.initiative.partners]


def _element(site: Site, page: Described, element_id: str) -> Thing:
    terms = site.elements[element_id].terms
    return {"mentions": [_shown(page, "glossary", term_id) for term_id in terms]} if terms else {}


def _case(site: Site, page: Described, case_id: str) -> Thing:
    return {"about": {"@type": "Country", "name": _text(site.cases[case_id].name, page)}}


def _question(site: Site, page: Described, question_id: str) -> Thing:
    return {"about": {"@type": "Question", "name": _text(site.questions[question_id].question, page)}}


def _card(site: Site, page: Described, element_id: str) -> Thing:
    return {
        "learningResourceType": getattr(site.ui["card"], page.language),
        "isBasedOn": _shown(page, "elements", element_id),
    }


def _terms(site: Site, page: Described) -> Thing:
    return {
        "hasDefinedTerm": [
            {
                "@type": "DefinedTerm",
                **_shown(page, "glossary", term_id),
                "name": _text(term.term, page),
                "description": _text(term.definition, page),
            }
            for term_id, term in site.glossary.items()
        ]
    }


def _sources(site: Site, page: Described) -> Thing:
    """The works of the register. They are the same in every language and weigh much, so they are said once."""
    if page.language != site.main_language:
        return {}
    return {"citation": [_source(site, source_id) for source_id in site.sources]}


def _source(site: Site, source_id: str) -> Thing:
    source = site.sources[source_id]
    said: Thing = {
        "@type": WORKS.get(source.type, WORK) if source.type else WORK,
        **_cited(site, source_id),
        "name": source.title,
        "url": source.url,
        "inLanguage": source.language,
    }
    if source.authors:
        said |= _authors(source.authors)
    if source.type in citing.PARTS:
        said["isPartOf"] = {"@type": WORK, "name": source.publisher}
    else:
        said["publisher"] = {"@type": "Organization", "name": source.publisher}
    if source.published:
        said["datePublished"] = source.published
    if doi := citing.doi_of(source):
        said["sameAs"] = f"https://doi.org/{doi}"
    return said


def _authors(names: list[str]) -> Thing:
    """Who wrote a work, or whom it credits where not all can be told for persons: `Clark et al.`, an organisation.

    The register has the family name of a person first, and a comma after it.
    """
    if all(", " in name for name in names):
        return {"author": [{"@type": "Person", "name": name} for name in names]}
    return {"creditText": "; ".join(names)}


def _dataset(site: Site, page: Described) -> Thing:
    """What can be fetched. It is one and the same in every language, so no page of it is a translation."""
    original = page.translations.get(site.main_language, page.address)
    return {
        **({"sameAs": original} if original != page.address else {}),
        "inLanguage": [language.code for language in site.languages],
        "version": open_data.VERSION,
        "isAccessibleForFree": True,
        "publisher": {"@type": "Organization", "name": citing.editors(site, page.language)},
        "distribution": [
            {
                "@type": "DataDownload",
                "name": getattr(site.ui[file.word], page.language),
                "contentUrl": file.url,
                "encodingFormat": file.media_type,
            }
            for file in open_data.distributions(site)
        ],
    }


def _citing(site: Site, page: Described) -> Thing:
    """What the record of a page rests on; of a question, its answers too."""
    record_id = page.record_id
    told: list[Record] = [site.kind(page.kind)[record_id]]
    if page.kind == "questions":
        told += [answer for case_id in site.cases if (answer := site.answer(case_id, record_id))]
    cited = dict.fromkeys(source_id for record in told for source_id in sources_cited(record))
    return {"citation": [_cited(site, source_id) for source_id in cited]} if cited else {}


def _cited(site: Site, source_id: str) -> Thing:
    """A source by the address at which it is described: that of the main language."""
    return {"@id": site.settings.address + pages.location("sources", source_id)}


def _shown(page: Described, kind: str, record_id: str) -> Thing:
    """A record by the address at which it is shown, which is its name for machines too."""
    return {"@id": page.home + pages.location(kind, record_id)}


def _text(text: Localized, page: Described) -> str:
    said = text.best(page.language)[0]
    return words(said) if isinstance(text, MarkdownText) else said


# What the page of one record, and that of a whole kind, says beyond what every page says.
ARTICLES: dict[str, Callable[[Site, Described, str], Thing]] = {
    "initiative": _initiative,
    "elements": _element,
    "cases": _case,
    "questions": _question,
}
COLLECTIONS: dict[str, tuple[str, Callable[[Site, Described], Thing]]] = {
    "glossary": ("DefinedTermSet", _terms),
    "sources": ("CollectionPage", _sources),
}

"""The second door: MkDocs' events. Settings per language, pages from data, the other languages' builds, publishing.

A build goes to a folder beside the site and takes its place only when nothing was wrong with it, so a failed build
leaves the site that was there.
"""

import fnmatch
import functools
import html
import logging
import os
import shutil
from collections.abc import Container, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import click
from mkdocs.commands.build import build
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import CombinedEvent, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page
from mkdocs.utils import CountHandler, get_build_datetime

from learning_site import (
    addresses,
    browser,
    commit,
    downloads,
    feed,
    handbook,
    open_data,
    output_check,
    pages,
    prose,
    protection,
    publishing,
    sbom,
    search_chunks,
    search_words,
    structured_data,
)
from learning_site.bibliography import Bibliography, CitedPage
from learning_site.editions import Stopped, configured
from learning_site.history import History
from learning_site.loading import ContentError, data_folder, load_site
from learning_site.messages import Problem
from learning_site.model import LanguageCode, Site, Withdrawn
from learning_site.page_markdown import PageMarkdown
from learning_site.preview import PreviewServer
from learning_site.rendering import STAFF_COMPONENTS, Renderer
from learning_site.structured_data import Described
from learning_site.translations import LANGUAGE_SUFFIX, page_standing

log = logging.getLogger("mkdocs.learning_site")
LEADS_ON = "assets/moved.js"  # needed only where a page was renamed
SEARCH_ENGINE = "assets/javascripts/workers/search.*.min.js"

commands: dict[str, Any] = {}  # what MkDocs was asked for, and where the build goes until it is published
warnings = CountHandler()
warnings.setLevel(logging.WARNING)


def on_startup(command: str, dirty: bool) -> None:
    """Keep whether this is a build or a preview."""
    commands["now"] = command
    logging.getLogger("mkdocs.plugins.mkdocs_macros").setLevel(logging.WARNING)


@event_priority(100)  # before the plugins, so that slips in the content are said first and once
def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Read the content, then set what depends on it and on the language."""
    if "content" not in config.extra:
        read = _read(config)
        config.extra["content"] = lambda: read  # a function, because the macros plugin writes out all other values
    site = _site(config)
    language: LanguageCode = config.extra.setdefault("language", site.main_language)
    previewing = commands["now"] == "serve"
    settings = site.settings
    if language == site.main_language and not previewing:
        _take_time_of_commit(config)
        config.site_url = settings.address
    config.site_name = pages.escaped(settings.name, language)
    config.site_description = pages.escaped(settings.description, language)
    config.theme["language"] = language
    config.edit_uri = settings.edit_address
    config.plugins["macros"].config["on_error_fail"] = not previewing
    config.extra["words"] = {key: pages.inert_html(getattr(word, language)) for key, word in site.ui.items()}
    config.extra["languages"] = [
        {
            "code": other.code,
            "name": other.name,
            "root": _root(site, language, other.code),
            "path": urlsplit(urljoin(config.site_url or "", _root(site, language, other.code))).path,
            "address": settings.address + _root(site, site.main_language, other.code),
            "share": _share(site, other.code),
        }
        for other in site.languages
    ]
    own = site.language(language)
    config.extra["exit_to"] = own.exit_to
    config.extra["search_ignores"] = [pages.inert_html(word) for word in own.search_ignores]
    config.extra["search_endings"] = [pages.inert_html(ending) for ending in own.search_endings]
    renderer = Renderer(site, language, _today())
    config.extra["renderer"] = lambda: renderer
    config.extra["digits"] = "".join(map(renderer.number, range(10)))
    config.extra["withdrawn"] = _withdrawn(site, language)
    chunked = settings.search_index == "chunked" and not previewing
    config.extra["search_chunks"] = f"{search_chunks.FOLDER}/" if chunked else None
    config.extra["policy"] = protection.policy(in_page=True, compiles=chunked)
    config.extra["downloads"] = None if previewing else downloads.announced(renderer, _today(), _with_handbook())
    config.extra["open_data"] = None if previewing else downloads.announced_data(renderer, *_data(config, site))
    config.extra["licence"] = {"name": pages.escaped(settings.licence.name, language), "url": settings.licence.url}
    config.extra["feed"] = None if previewing else "feed.xml"
    if language == site.main_language:
        if not previewing:
            place = Path(config.site_dir)
            config.extra["publish_to"] = str(place)
            config.site_dir = commands["staging"] = str(place.with_name(f".{place.name}-new"))
        warnings.counts.clear()
        logging.getLogger("mkdocs").addHandler(warnings)
    return config


def _data(config: MkDocsConfig, site: Site) -> tuple[dict[str, bytes], open_data.Release]:
    """The files of data and what they say of their state, worked out once for all languages of a build."""
    if config.extra["language"] == site.main_language:
        release = open_data.Release(_today(), config.extra["commit"])
        commands["data"] = open_data.files(site, _history(config).changed, release), release
    made: tuple[dict[str, bytes], open_data.Release] = commands["data"]
    return made


def _site(config: MkDocsConfig) -> Site:
    """The content as it was when this build began."""
    site: Site = config.extra["content"]()
    return site


def _read(config: MkDocsConfig) -> Site:
    try:
        return load_site(data_folder(Path(config.config_file_path).parent))
    except ContentError as error:
        raise _stop(error.problems, "The content") from None


def _take_time_of_commit(config: MkDocsConfig) -> None:
    """Keep which commit is built, if it is one, and take its time for that of the build unless one is set."""
    project = Path(config.config_file_path).parent
    built = commit.of(project) if data_folder(project).is_relative_to(project) else None
    config.extra["commit"] = built and built.hash
    if built:
        os.environ.setdefault("SOURCE_DATE_EPOCH", str(built.time))  # where all of MkDocs looks for it


def _history(config: MkDocsConfig) -> History:
    """When records and pages were last changed."""
    project = Path(config.config_file_path).parent
    return _history_of(project, data_folder(project))


@functools.cache  # all languages share it, and a preview keeps what was true at its start
def _history_of(project: Path, data: Path) -> History:
    return History.read(project, data)


def _today() -> date:
    """The day of the build: of SOURCE_DATE_EPOCH, or else of the commit that is built, or else of the clock."""
    return get_build_datetime().date()


def _with_handbook() -> bool:
    """Whether to print handbooks, which needs a browser: LEARNING_SITE_HANDBOOK is `yes` or `if-possible`."""
    wanted = os.environ.get("LEARNING_SITE_HANDBOOK")
    return wanted == "yes" or (wanted == "if-possible" and browser.installed() is not None)


def _share(site: Site, language: LanguageCode) -> dict[str, str] | None:
    """How much is translated into a language, said in it, short and in full; nothing for the main language."""
    if language == site.main_language:
        return None
    said = Renderer(site, language)
    share = said.word("percent", number=site.share_translated(language))
    return {"short": share, "full": said.word("share_translated", share=share)}


def _withdrawn(site: Site, language: LanguageCode) -> dict[str, list[dict[str, str | None]]]:
    """The places that no longer hold what they held, by page; with what its readers are told."""
    moved = pages.moved(site)
    found: dict[str, list[dict[str, str | None]]] = {}
    for page, places in pages.withdrawn_places(site).items():
        for anchor, gone in places.items():
            there = pages.place_now(moved, gone.leads_to)
            leads_to = f"./{there}" if there.startswith("#") else there  # else it would be a place on the page itself
            told = {"anchor": anchor, "why": _why(gone, language), "leads_to": None if there == page else leads_to}
            found.setdefault(page, []).append(told)
    return found


def _why(gone: Withdrawn, language: LanguageCode) -> str | None:
    return pages.escaped(gone.why, language) if gone.why else None


def _stop(problems: list[Problem], of: str) -> Stopped:
    for problem in problems:
        click.echo(problem, err=True)
    return Stopped(problems, of)


def _root(site: Site, here: LanguageCode, there: LanguageCode) -> str:
    """The way from the root of one language to that of another."""
    return ("" if here == site.main_language else "../") + ("" if there == site.main_language else f"{there}/")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that the data makes; take each page that staff wrote in this language, or else in English."""
    site = _site(config)
    language = config.extra["language"]
    standing = config.extra["standing"] = {}
    in_languages = config.extra["in_languages"] = {}
    written = {file.src_uri: file for file in files.documentation_pages()}
    for path, file in written.items():
        file.edit_uri = f"docs/{path}"
        if found := LANGUAGE_SUFFIX.match(path):
            files.remove(file)
            if f"{found[1]}.md" not in written:
                raise Abort(f"docs/{path} translates a page that is not there: docs/{found[1]}.md")
            continue
        in_languages[path] = [o.code for o in site.languages if f"{path[:-3]}.{o.code}.md" in written]
        in_languages[path].insert(0, site.main_language)
        if language != site.main_language:
            own = written.get(f"{path[:-3]}.{language}.md")
            standing[path] = page_standing(file.content_string, own.content_string if own else None, language)
            if own:
                files.remove(file)
                files.append(_page_file(config, path, own.content_string, f"docs/{own.src_uri}"))
    missing = [written[path].url for path, (stands, _) in standing.items() if stands == "missing"]
    config.extra["untranslated"] = [url.removeprefix("./") for url in missing]  # the home page's own address is empty
    _keep_used_assets(files, config)
    generated = {page.path: page for page in pages.pages(site)}
    config.extra["generated"] = lambda: generated
    for page in generated.values():
        in_languages[page.path] = [o.code for o in site.languages if page.title.written_in(o.code) is not None]
        files.append(_page_file(config, page.path, page.source(language), f"data/{page.file}" if page.file else None))
    in_order = sorted(written, key=lambda path: (prose.order(written[path].content_string), path))
    kept = ((path, files.get_file_from_path(path)) for path in in_order)
    titles = {path: prose.title(file.content_string) or file.name for path, file in kept if file}
    config.nav = pages.navigation(site, language, titles)
    said = config.extra["renderer"]().day_in_reference
    bibliography = Bibliography(site, language, config.site_url or "", _cited_pages(config, files, titles), said)
    config.extra["bibliography"] = lambda: bibliography
    return files


def _cited_pages(config: MkDocsConfig, files: Files, titles: dict[str, str]) -> Iterator[CitedPage]:
    """Every page with its title in this language and the day of its last change."""
    language = config.extra["language"]
    titled = {page.path: page.title.best(language)[0] for page in config.extra["generated"]().values()}
    for path, title in {**titled, **titles}.items():
        if file := files.get_file_from_path(path):
            url = file.url.removeprefix("./")  # the home page's own address is empty
            yield CitedPage(url, title, _changed(config, path, language))


def _keep_used_assets(files: Files, config: MkDocsConfig) -> None:
    """Of the theme's scripts and styles only the search engine is used; all languages share the files of the first."""
    assets = [file for file in files if file.src_uri.startswith("assets/")]
    (engine,) = (file for file in assets if fnmatch.fnmatch(file.src_uri, SEARCH_ENGINE))
    config.extra["search_engine"] = engine.src_uri
    ours = Path(config.docs_dir) / "assets"
    first = config.extra["language"] == _site(config).main_language
    for file in assets:
        used = file is engine or Path(file.abs_src_path or "").is_relative_to(ours)
        used = used and (file.src_uri != LEADS_ON or bool(pages.renamed(_site(config))))
        used = used and (file.src_uri != search_chunks.SCRIPT or bool(config.extra["search_chunks"]))
        if not (used and first):
            files.remove(file)


def _page_file(config: MkDocsConfig, path: str, content: str, edit_uri: str | None) -> File:
    file = File.generated(config, path, content=content)
    file.edit_uri = edit_uri
    return file


@event_priority(100)  # before the macros plugin, whose own messages are tracebacks
def _before_drawing(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Say what is wrong with the components that a page calls; tell the frame what it shows beside the page.

    What the frame shows of a page is in its `meta`, so that any engine can; what staff wrote there is made safe.
    """
    page.meta["structured_data"] = structured_data.script(_site(config), _described(page, config))
    way = [config.extra["places"]().get(id(item)) for item in reversed([page, *page.ancestors])]
    page.meta["way"] = way if None not in way else []
    page.meta["standing"] = _standing(page, config)
    page.meta["withdrawn"] = config.extra["withdrawn"].get(page.url, [])
    setattr(page, "render", functools.partial(_render, page))  # noqa: B010 - MkDocs' own makes a parser for each page
    if (page.file.edit_uri or "").startswith("docs/"):
        renderer = Renderer(_site(config), config.extra["language"])
        drawn = renderer.components()
        components = {name: drawn[name] for name in STAFF_COMPONENTS}
        before = page.file.content_string.count("\n") - markdown.count("\n")
        problems = list(prose.faults(markdown, page.file.edit_uri or "", before + 1, components))
        if problems:
            raise _stop(problems, "The page")
        if renderer.speaks_of:
            page.meta["sensitive"] = True
        for key in {"title", "description"} & set(page.meta):
            page.meta[key] = pages.inert_html(str(page.meta[key]))
        stands, reviewed = config.extra["standing"].get(page.file.src_uri, ("main", True))
        if stands != "missing":
            return renderer.translation_notice(reviewed, stands == "stale") + markdown
    return markdown


@event_priority(-100)  # after the macros plugin, which draws the components
def _after_drawing(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> None:
    """Tell the frame how to cite the page and each claim that it shows."""
    page.meta["cited"] = config.extra["bibliography"]().page(page.url, markdown)


on_page_markdown = CombinedEvent(_before_drawing, _after_drawing)


def _render(page: Page, config: MkDocsConfig, files: Files) -> None:
    """Turn a page's Markdown into HTML, with the one parser of this build."""
    if "parser" not in config.extra:
        parser = PageMarkdown(config, files)
        config.extra["parser"] = lambda: parser
    config.extra["parser"]().render(page)


def _standing(page: Page, config: MkDocsConfig) -> list[str]:
    """When a page was last changed, if that is known, and how its review stands; in sentences."""
    renderer: Renderer = config.extra["renderer"]()
    if page.url.startswith(search_words.GUIDE):  # what it lists is made anew with each build
        return []
    changed = _changed(config, page.file.src_uri, config.extra["language"])
    shown = config.extra["generated"]().get(page.file.src_uri)
    said = [renderer.word("last_changed", day=renderer.date(changed))] if changed else []
    if shown and shown.kind:
        said += renderer.standing(shown.kind, shown.record_id)
    return [pages.inert_html(sentence) for sentence in said]


def _described(page: Page, config: MkDocsConfig) -> Described:
    """A page with its place in the navigation, for its structured data."""
    path, language = page.file.src_uri, config.extra["language"]
    in_languages = config.extra["in_languages"][path]
    above = [item for item in reversed([*page.ancestors]) if isinstance(item, Section) and item.children[0] is not page]
    trail = [] if page.is_homepage else [config.extra["homepage"](), *above]
    return Described(
        path=path,
        address=page.canonical_url or "",
        title=html.unescape(str(page.meta.get("title") or page.title)),
        description=html.unescape(str(page.meta.get("description") or config.site_description)),
        language=language if language in in_languages else in_languages[0],
        home=config.site_url or "",
        kind=page.meta.get("kind", ""),
        record_id=page.meta.get("record", ""),
        trail=[(html.unescape(str(item.title)), _first_page(item).canonical_url or "") for item in trail if item],
        translations=_in_languages(config, page.url, in_languages),
        changed=_changed(config, path, language),
    )


def _in_languages(config: MkDocsConfig, url: str, only: Container[str] | None = None) -> dict[LanguageCode, str]:
    """The whole addresses of a page in all languages, or only in some."""
    languages = config.extra["languages"]
    return {other["code"]: other["address"] + url for other in languages if only is None or other["code"] in only}


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> Navigation:
    """Keep the home page, which stands above every other, and the place of each item beside its neighbours."""
    config.extra["homepage"] = lambda: nav.homepage
    places: dict[int, int] = {}
    waiting = [nav.items]
    while waiting:
        items = waiting.pop()
        places |= {id(item): place for place, item in enumerate(items)}
        waiting += [item.children for item in items if isinstance(item, Section)]
    config.extra["places"] = lambda: places
    return nav


def _first_page(item: Any) -> Page:
    """An item of the navigation, or the first page below it."""
    return item if isinstance(item, Page) else _first_page(item.children[0])


def on_template_context(context: dict[str, Any], template_name: str, config: MkDocsConfig) -> dict[str, Any]:
    """What the sitemap and the feed list."""
    if template_name == "sitemap.xml" and config.extra["language"] == _site(config).main_language:
        codes = [other["code"] for other in config.extra["languages"]]
        context["listed"] = [
            {
                "addresses": _in_languages(config, file.page.url),
                "changed": {code: _changed(config, file.src_uri, code) for code in codes},
            }
            for file in context["pages"]
            if file.page
        ]
    if template_name == config.extra["feed"]:
        listed = feed.entries(_site(config), config.extra["language"], config.site_url or "", _history(config).changed)
        context |= {"entries": listed, "updated": listed[0].changed if listed else _today()}
    return context


def _changed(config: MkDocsConfig, path: str, language: LanguageCode) -> date | None:
    """The day on which what a page shows in a language last changed, None where a part of it is not known."""
    history, site = _history(config), _site(config)
    page = config.extra["generated"]().get(path)
    if page is None:
        translated = language != site.main_language and language in config.extra["in_languages"][path]
        return history.page_changed(f"docs/{path[:-3]}.{language}.md" if translated else f"docs/{path}")
    if not page.kind:
        return None
    shown = [page.record_id] if page.record_id else site.kind(page.kind)
    days = [history.changed(page.kind, record_id) for record_id in shown]
    return max(filter(None, days)) if days and all(days) else None


def on_env(env: Any, config: MkDocsConfig, files: Files) -> Any:
    """Pages at addresses that have moved lead on; at those of pages that were taken out it is said that they were."""
    site, language = _site(config), config.extra["language"]
    template = env.get_template("moved.html")
    gone = pages.taken_out(site)
    if there := gone.keys() & {file.url.removeprefix("./") for file in files.documentation_pages()}:
        raise Abort(addresses.STILL_THERE.format(", ".join(sorted(there))))
    for before, now in pages.moved(site).items():
        up = "../" * before.count("/")
        root = up + _root(site, language, site.main_language)
        why = _why(gone[before], language) if before in gone else None
        content = template.render(config=config, link=f"{up}{now}", root=root, gone=before in gone, why=why)
        files.append(File.generated(config, f"{before}index.html", content=content))
    return env


@event_priority(-100)  # after the plugins have written their files
def on_post_build(config: MkDocsConfig) -> None:
    """Make the index find more, build the other languages, and publish if all is well."""
    site = _site(config)
    folder = Path(config.site_dir)
    index = search_words.enrich_file(folder, site, config.extra["language"])
    if config.extra["search_chunks"]:
        _write_chunks(folder, index, config.extra["language"])
    for path, text in config.extra["bibliography"]().files().items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    if config.extra["language"] != site.main_language:
        return
    for other in site.languages[1:]:
        _build_language(config, other.code)
    if "publish_to" in config.extra:
        if _with_handbook():
            _print_handbooks(config, site, folder)
        downloads.write_data(folder, _data(config, site)[0])
        downloads.make(folder, site, _today())
        if config.extra["search_chunks"]:
            for whole in folder.rglob(search_words.INDEX):  # only the copy for a disk needs it
                shutil.rmtree(whole.parent)
        _say_what_was_used(config, folder)
        inner, compiles = [other.code for other in site.languages[1:]], bool(config.extra["search_chunks"])
        for name, content in protection.host_files(inner, compiles).items():
            (folder / name).write_text(content, encoding="utf-8")
        for fault in (found := [*output_check.faults(folder), *addresses.broken(folder, site)]):
            log.warning(fault)
        if found or (config.strict and warnings.get_counts()):
            raise Abort("The site is not published, see the warnings above; the one that was there is untouched.")
        _publish(folder, Path(config.extra["publish_to"]))
        config.site_dir = config.extra["publish_to"]  # where `mkdocs gh-deploy` looks for it


def _write_chunks(folder: Path, index: dict[str, Any], language: LanguageCode) -> None:
    try:
        search_chunks.write(folder, index, language)
    except search_chunks.CannotChunk as error:
        raise Abort(str(error)) from None


def _say_what_was_used(config: MkDocsConfig, folder: Path) -> None:
    """Write which commit the site was made from, with which packages, and the checksums of what can be taken away."""
    made_from = config.extra["commit"]
    if made_from:
        (folder / publishing.COMMIT).write_text(f"{made_from}\n", encoding="utf-8")
    project, taken = Path(config.config_file_path).parent, folder / downloads.FOLDER
    (taken / downloads.SBOM).write_text(sbom.of_build(project, get_build_datetime(), made_from), encoding="utf-8")
    downloads.sum_up(taken)


def _print_handbooks(config: MkDocsConfig, site: Site, folder: Path) -> None:
    log.info("Printing the handbooks")
    try:
        handbook.print_handbooks(folder, site, handbook.paths_in(config.nav or []), _today())
    except handbook.HandbookError as error:
        raise Abort(str(error)) from None


def _build_language(config: MkDocsConfig, language: LanguageCode) -> None:
    """Build the whole site in another language, into a folder of this build."""
    into, address = Path(config.site_dir), config.site_url or ""
    inner = configured(config.config_file_path, into, address, language, commands["now"], config.strict)
    build(inner)
    inner.plugins.on_shutdown()


def _publish(built: Path, place: Path) -> None:
    """Put the built site in the place of the one that is there."""
    old = place.with_name(f".{place.name}-old")
    shutil.rmtree(old, ignore_errors=True)
    if place.exists():
        place.rename(old)
    built.rename(place)
    shutil.rmtree(old, ignore_errors=True)
    log.info("Published to %s", place)


def on_build_error(error: Exception) -> None:
    """Leave nothing of a failed build behind."""
    logging.getLogger("mkdocs").removeHandler(warnings)
    if staging := commands.pop("staging", None):
        shutil.rmtree(staging, ignore_errors=True)


def on_serve(server: LiveReloadServer, config: MkDocsConfig, builder: Any) -> LiveReloadServer:
    """Preview with a server that draws only the pages that are looked at, and says slips over them."""
    return PreviewServer(Path(config.config_file_path).parent, *config.dev_addr)

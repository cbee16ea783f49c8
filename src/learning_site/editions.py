"""The site in one language as MkDocs sees it: its settings, and for the preview its pages, drawn one by one.

MkDocs has no public way to draw one page, so this calls the functions of its build (mkdocs 1.6, which the lock holds).
"""

import functools
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from jinja2 import Environment, TemplateError, TemplateSyntaxError
from mkdocs.commands.build import _build_page, _build_theme_template, _populate_page
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.structure.files import File, InclusionLevel, get_files, set_exclusions
from mkdocs.structure.nav import get_navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import get_build_datetime

from learning_site import pages, search_words
from learning_site.messages import Problem
from learning_site.model import LanguageCode, Site
from learning_site.rendering import COMPONENTS, Renderer

TEMPLATES = (".html", ".j2")


class Stopped(Abort):
    """The build stops for problems in the content or in a page."""

    def __init__(self, problems: list[Problem], of: str) -> None:
        super().__init__(f"{of} has {len(problems)} problem(s), see above.")
        self.problems = problems


def configured(
    config_file: str,
    folder: Path,
    address: str,
    language: LanguageCode | None,
    command: str,
    strict: bool,
    site: Site | None = None,
) -> MkDocsConfig:
    """The settings of a build in a language, its plugins started.

    `folder` and `address` are those of the whole site: a language has its own below them, the main one (None) is there.
    `site` is its content, if that is at hand.
    """
    extra: dict[str, Any] = {"content": lambda: site} if site else {}
    if language:
        extra["language"] = language
        folder, address = folder / language, f"{address}{language}/"
    config = load_config(config_file, site_dir=str(folder), site_url=address, strict=strict)
    config.extra.update(extra)
    config.plugins.on_startup(command=cast(Any, command), dirty=False)
    return config


def _frame(site: Site, language: LanguageCode) -> tuple[Any, ...]:
    """What the menus, the list of pages and all around their content are made from."""
    shares = [site.share_translated(other.code) for other in site.languages[1:]]
    return site.settings, site.ui, site.addresses, pages.pages(site), pages.moved(site), shares


class Edition:
    """The site in one language, as the files were when this was made. Raises what MkDocs raises for bad settings."""

    def __init__(self, config: MkDocsConfig, theme: Environment) -> None:
        self.config = config.plugins.on_config(config)
        self.site: Site = config.extra["content"]()
        self._theme = theme
        self._drawn: dict[str, list[Problem]] = {}
        self._failure: Exception | None = None
        self._frame = _frame(self.site, config.extra["language"])
        given = cast(Any, config.plugins["macros"]).env.globals
        self._give({name: given[name] for name in COMPONENTS})
        config.plugins.on_pre_build(config=config)
        files = get_files(config)
        files.add_files_from_theme(theme, config)
        self._files = config.plugins.on_files(files, config=config)
        set_exclusions(self._files, config)
        self._nav = config.plugins.on_nav(get_navigation(self._files, config), config=config, files=self._files)
        config.plugins.on_env(theme, config=config, files=self._files)
        self._files.copy_static_files(inclusion=InclusionLevel.is_in_serve)
        self._pages = {file.dest_uri: file for file in self._shown()}
        for file in self._pages.values():  # menus show what the front matter of other pages says
            (file.page or Page(None, file, self.config)).read_source(self.config)

    def renew(self, site: Site) -> bool:
        """Show other content on the same pages.

        False, and nothing done, where more than what pages say would change, such as a title: that takes a new edition.
        """
        if self._frame != _frame(site, self.config.extra["language"]):
            return False
        self.site = site
        self.config.extra["content"] = lambda: site
        renderer = Renderer(site, self.config.extra["language"], get_build_datetime().date())
        self.config.extra["renderer"] = lambda: renderer
        self._give(renderer.components())
        bibliography = self.config.extra["bibliography"]().renewed(site)
        self.config.extra["bibliography"] = lambda: bibliography
        self.config.plugins["material/search"].on_config(self.config)  # an index without the pages as they were
        self._drawn.clear()
        return True

    def _give(self, components: Mapping[str, Callable[..., str]]) -> None:
        macros = cast(Any, self.config.plugins["macros"])
        for name, component in components.items():
            macros.env.globals[name] = self._watched(component)

    def has(self, path: str) -> bool:
        """Whether there is a page at a path below this language's folder, such as `elements/index.html`."""
        return path in self._pages

    def moved(self, path: str) -> bool:
        """Whether a page was at a path and has another now."""
        return not self.has(path) and self._files.get_file_from_path(path) is not None

    def draw(self, path: str) -> list[Problem]:
        """Draw a page into the folder, unless that was done; what is wrong with it. One that fails is not written."""
        if path not in self._drawn:
            file = self._pages[path]
            self._drawn[path] = self._said_by(lambda: self._draw(file), file)
        return self._drawn[path]

    def finished(self) -> Iterator[tuple[Page, list[Problem]]]:
        """Every page with its finished Markdown, all components drawn, and what is wrong with it."""
        for file in self._pages.values():
            page = cast(Page, file.page)
            yield page, self._said_by(functools.partial(_populate_page, page, self.config, self._files), file)

    def draw_missing(self) -> list[Problem]:
        """Draw the page that says that there is no such page."""
        return self._said_by(
            lambda: _build_theme_template("404.html", self._theme, self._files, self.config, self._nav), None
        )

    def index(self) -> None:
        """Write the search index, for which every page has to be drawn."""
        for path in self._pages:
            self.draw(path)
        self.config.plugins["material/search"].on_post_build(config=self.config)
        search_words.enrich_file(Path(self.config.site_dir), self.site, self.config.extra["language"])

    def _draw(self, file: File) -> None:
        page = cast(Page, file.page)
        _populate_page(page, self.config, self._files)
        if self._failure is None:
            _build_page(page, self.config, self._shown(), self._nav, self._theme)

    def _shown(self) -> Sequence[File]:
        return self._files.documentation_pages(inclusion=InclusionLevel.is_in_serve)

    def _watched(self, component: Callable[..., str]) -> Callable[..., str]:
        """A component whose failure is kept: the macros plugin would put it into the page as text."""

        def called(*arguments: Any, **named: Any) -> str:
            try:
                return component(*arguments, **named)
            except Exception as error:
                self._failure = error
                raise

        return called

    def _said_by(self, draw: Callable[[], None], file: File | None) -> list[Problem]:
        """Draw, and take what was wrong as problems."""
        shown = (file.edit_uri if file else None) or "docs/overrides/404.html"
        said = _Said()
        logger = logging.getLogger("mkdocs")
        logger.addHandler(said)
        self._failure = None
        try:
            draw()
        except Stopped as stopped:
            return stopped.problems
        except (Exception, SystemExit) as error:
            self._failure = self._failure or cast(Exception, error)
        finally:
            logger.removeHandler(said)
        if self._failure:
            return [failed(self._failure, shown)]
        return [Problem(shown, 1, 1, "link", text) for text in said.texts]


class _Said(logging.Handler):
    """Keeps the warnings that MkDocs logs."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())


def failed(error: BaseException, shown: str) -> Problem:
    """What stopped a page, at the line of the template in which it happened; else at the start of `shown`."""
    file, line = shown, 1
    if isinstance(error, TemplateSyntaxError):
        file, line = error.filename or error.name or shown, error.lineno
    else:
        trace = error.__traceback__
        while trace:
            if trace.tb_frame.f_code.co_filename.endswith(TEMPLATES):
                file, line = trace.tb_frame.f_code.co_filename, trace.tb_lineno
            trace = trace.tb_next
    rule = "template" if isinstance(error, TemplateError) or file.endswith(TEMPLATES) else "page"
    path = Path(file)
    if path.is_absolute() and path.is_relative_to(Path.cwd()):
        file = path.relative_to(Path.cwd()).as_posix()
    source = path.read_text(encoding="utf-8").split("\n") if path.is_file() else []
    text = source[line - 1] if line <= len(source) else ""
    column = len(text) - len(text.lstrip()) + 1
    return Problem(file, line, column, rule, str(error) or type(error).__name__, text)

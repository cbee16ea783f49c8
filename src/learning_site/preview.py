"""The preview: a page is drawn when a browser asks for it, and what is wrong with an edit stands over the page.

MkDocs' own preview builds all pages of all languages after each edit, and answers nobody while an edit is broken. Its
server is kept: it watches the files and tells browsers when to load a page again.
"""

import posixpath
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from threading import RLock
from typing import Any

import click
from jinja2 import Environment, PackageLoader
from mkdocs.livereload import LiveReloadServer

from learning_site import schema
from learning_site.editions import Edition, configured, failed
from learning_site.loading import data_folder, load
from learning_site.messages import Problem
from learning_site.model import KINDS, LanguageCode, Site

PARTS = Environment(loader=PackageLoader("learning_site", "preview_page"), autoescape=True)
OWN = "/preview/"  # the address of what the preview adds to a page
OWN_TYPES = {"preview.css": "text/css", "preview.js": "text/javascript"}
GUIDE = "/maintain/rules/"  # where the guide explains each rule, below its name
SEARCH_INDEX = "search/search_index.json"
POLL = 0.2  # seconds between two looks at the files
CALM = 0.05  # seconds without a further change before an edit counts as done


class PreviewServer(LiveReloadServer):
    """Serves the site of a project, always as its files are now; says every problem on the terminal too."""

    def __init__(self, project: Path, host: str, port: int) -> None:
        self._project = project
        self._data = data_folder(project)
        self._folder = tempfile.TemporaryDirectory(prefix="preview-")
        super().__init__(self._refresh, host, port, self._folder.name, polling_interval=POLL)
        self.build_delay = CALM
        self.error_handler = self._missing
        self._drawing = RLock()
        self._problems: list[Problem] = []
        self._site: Site | None = None
        self._editions: dict[LanguageCode, Edition] = {}
        self._themes: dict[LanguageCode, Environment] = {}
        self._stale: set[LanguageCode] = set()
        self._beside: set[tuple[str, int]] = set()  # what the site is made from beside its content
        self._made_with: dict[LanguageCode, set[tuple[str, int]]] = {}
        self._watch_files()
        self._refresh()

    def _watch_files(self) -> None:
        folders = [self._data / kind.place for kind in KINDS.values() if kind.form == "a file each"]
        for path in (*folders, *self._around()):
            if path.exists():
                self.watch(str(path))
        self.watch(str(self._data), recursive=False)  # without schema/, which is written here

    def _around(self) -> list[Path]:
        """What the site is made from beside its content."""
        return [Path(__file__).parent / "templates", *map(self._project.joinpath, ("docs", "mkdocs.yml", "macros.py"))]

    def _refresh(self) -> None:
        """Read the content anew; where it is sound, each page is drawn anew when it is asked for."""
        with self._drawing:
            inside = (file for path in self._around() for file in (path, *path.rglob("*")) if file.exists())
            self._beside = {(str(file), file.stat().st_mtime_ns) for file in inside}
            loaded = load(self._data)
            self._problems = loaded.problems
            if loaded.site:
                self._site = loaded.site
                self._stale.update(self._editions)
                for path in schema.write_ids(self._data, loaded.site):
                    click.echo(schema.WROTE_IDS.format(path))
            said = "\n".join(map(str, loaded.problems)) or "No problem."
            click.echo(f"{time.strftime('%H:%M:%S')} {said}")

    def server_activate(self) -> None:
        """Begin to answer, and say where."""
        super().server_activate()
        host, port = self.socket.getsockname()[:2]
        self.url = f"http://{host}:{port}/"
        click.echo(f"The site is at {self.url} until you press Ctrl+C here.")

    def shutdown(self, wait: bool = False) -> None:
        """Stop, and leave nothing behind."""
        super().shutdown(wait)
        self._folder.cleanup()

    # ------------------------------------------------------------ answering

    def _serve_request(self, environ: Any, start_response: Any) -> Iterable[bytes] | None:
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "ignore")
        if path.startswith("/livereload/"):
            return super()._serve_request(environ, start_response)
        if own := OWN_TYPES.get(path.removeprefix(OWN)):
            start_response("200 OK", [("Content-Type", own), ("Cache-Control", "no-store")])
            return [_part(path.removeprefix(OWN)).encode()]
        with self._epoch_cond:
            self._epoch_cond.wait_for(lambda: self._visible_epoch == self._wanted_epoch)
        inside = posixpath.normpath("/" + path).lstrip("/")
        file = posixpath.join(inside, "index.html") if path.endswith("/") else inside
        with self._drawing:
            problems = self._make(file)
            answer = Path(self.root) / file
            if answer.suffix == ".html" and (answer.is_file() or problems):
                page = answer.read_bytes() if answer.is_file() else _part("bare.html").encode()
                start_response("200 OK", [("Content-Type", "text/html"), ("Cache-Control", "no-store")])
                return [self._with_preview(page, problems)]
        return super()._serve_request(environ, start_response)

    def _make(self, file: str) -> list[Problem]:
        """Make a file of the site, if it is one that is made; all that is wrong."""
        language, inside = self._language(file)
        problems = list(self._problems)
        try:
            edition = self._edition(language)
        except (Exception, SystemExit) as error:
            return [*problems, failed(error, "mkdocs.yml")]
        if edition is None:
            return problems
        if edition.has(inside):
            return problems + edition.draw(inside)
        if inside == SEARCH_INDEX:
            edition.index()
        elif inside.endswith(".html") and not edition.moved(inside):
            (Path(self.root) / file).unlink(missing_ok=True)  # of a page that is gone
        return problems

    def _language(self, file: str) -> tuple[LanguageCode | None, str]:
        """The language that a file of the site belongs to, None for the main one; and its path within it."""
        first, _, rest = file.partition("/")
        others = self._site.languages[1:] if self._site else []
        return next(((other.code, rest) for other in others if other.code == first), (None, file))

    def _edition(self, language: LanguageCode | None) -> Edition | None:
        """The site in a language: as it is now, or while that is broken, as it was."""
        if self._site is None:
            return None
        code = language or self._site.main_language
        if self._problems or (code in self._editions and code not in self._stale):
            return self._editions.get(code)
        same = self._made_with.get(code) == self._beside
        if not (same and self._editions[code].renew(self._site)):
            settings = str(self._project / "mkdocs.yml")
            config = configured(settings, Path(self.root), self.url, language, "serve", strict=False, site=self._site)
            if code not in self._themes:
                self._themes[code] = _for_preview(config.theme.get_env())
            self._editions[code] = Edition(config, self._themes[code])
            self._made_with[code] = self._beside
        self._stale.discard(code)
        return self._editions[code]

    def _missing(self, code: int) -> bytes | None:
        """The page that says that there is no such page, in the main language."""
        with self._drawing:
            edition = self._edition(None)
            problems = edition.draw_missing() if edition else self._problems
            page = Path(self.root) / f"{code}.html"
            return self._with_preview(page.read_bytes(), problems) if page.is_file() else None

    def _with_preview(self, page: bytes, problems: list[Problem]) -> bytes:
        """A page with what is wrong over it, and with the script that loads it again after the next edit."""
        end = page.rfind(b"</body>")
        told = {"explained": self._site.rules if self._site else {}, "guide": GUIDE}
        added = _part("added.html", problems=problems, editor_link=_editor_link, epoch=self._visible_epoch, **told)
        return page[:end] + added.encode() + page[end:]


def _editor_link(problem: Problem) -> str:
    """An address that opens the file in the editor, at the line and column."""
    return f"vscode://file/{Path(problem.file).absolute().as_posix().lstrip('/')}:{problem.line}:{problem.column}"


def _part(name: str, **context: Any) -> str:
    return PARTS.get_template(name).render(context)


def _for_preview(theme: Environment) -> Environment:
    """A theme's templates, read again after an edit but listed once: the list holds ten thousand icons."""
    theme.auto_reload = True
    listed: dict[Any, list[str]] = {}
    make = theme.list_templates

    def list_templates(extensions: Any = None, filter_func: Any = None) -> list[str]:
        if not listed:
            listed[None] = make(extensions, filter_func)
        return listed[None]

    theme.list_templates = list_templates  # type: ignore[method-assign]
    return theme

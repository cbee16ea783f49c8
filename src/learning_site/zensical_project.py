"""The site as a project for Zensical: finished pages, navigation and settings, for the day when MkDocs has to be left.

Zensical runs no hooks, so it sees neither the pages that data makes nor the other languages. Here both are written out,
by the same events that the build has, up to the point where MkDocs would turn Markdown into HTML.
"""

import shutil
from pathlib import Path
from typing import Any

import yaml
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page

from learning_site.editions import Edition, Stopped, configured
from learning_site.model import LanguageCode, Site


def write(project: Path, site: Site, folder: Path) -> list[Path]:
    """Write the project into an empty folder; its settings, a file for each language, in the order to build them in.

    Raises `Stopped` for the problems of the pages of a language. Whatever stops it, the folder is empty again then.
    """
    folder = folder.resolve()  # a relative one MkDocs would look for beside its settings
    try:
        shutil.copytree(project / "docs" / "overrides", folder / "overrides")
        return [_write_language(project, site, language.code, folder) for language in site.languages]
    except BaseException:
        for place in folder.glob("*"):
            shutil.rmtree(place) if place.is_dir() else place.unlink()
        raise


def _write_language(project: Path, site: Site, language: LanguageCode, folder: Path) -> Path:
    inner = None if language == site.main_language else language
    address, into = site.settings.address, folder / "site"
    config = configured(str(project / "mkdocs.yml"), into, address, inner, "serve", strict=True)
    built, pages = Path(config.site_dir), folder / "pages" / language
    config.site_dir = str(pages)  # where an edition puts what is no page
    edition = Edition(config, config.theme.get_env())
    problems = []
    for page, found in edition.finished():
        problems += found
        place = pages / page.file.src_uri
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(_source(page), encoding="utf-8")
    for path, text in edition.config.extra["bibliography"]().files().items():
        place = pages / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    if problems:
        raise Stopped(problems, "The site")
    file = folder / f"{language}.yml"
    settings = _settings(edition.config, pages.relative_to(folder), built.relative_to(folder))
    file.write_text(_yaml(settings), encoding="utf-8")
    return file


def _source(page: Page) -> str:
    """A page as Zensical reads it: what it knows about itself, then Markdown in which nothing is left to draw.

    Links from the root of docs/ become links from the page: others Zensical does not follow.
    """
    to_root = "../" * page.file.src_uri.count("/")
    meta = {**page.meta, **({"edit_url": page.edit_url} if page.edit_url else {})}
    return f"---\n{_yaml(meta)}---\n{(page.markdown or '').replace('](/', f']({to_root}')}"


def _settings(config: MkDocsConfig, pages: Path, built: Path) -> dict[str, Any]:
    return {
        "site_name": config.site_name,
        "site_url": config.site_url,
        "site_description": config.site_description,
        "docs_dir": pages.as_posix(),
        "site_dir": built.as_posix(),
        "theme": {"name": None, "custom_dir": "overrides", "language": config.theme["language"]},
        "nav": config.nav,
        "markdown_extensions": [
            *({name: config.mdx_configs.get(name, {})} for name in config.markdown_extensions),
            {"pymdownx.highlight": {"use_pygments": False}},  # else code is coloured in parts without being asked
        ],
        "extra": {name: value for name, value in config.extra.items() if not callable(value)},
    }


def _yaml(content: object) -> str:
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=1000)

"""CITATION.cff: how the site is cited as a whole, for hosts of code and reference managers that look for this file.

Source: Citation File Format 1.2.0, https://citation-file-format.github.io
"""

from typing import Any

import yaml

from learning_site import citing
from learning_site.model import MAIN_LANGUAGE, Site

NAME = "CITATION.cff"
HEAD = "# Written by `learning-site release` from data/; edit that instead.\n"


def text(site: Site, version: str) -> str:
    """The file for a version of the site; its editors are its authors."""
    settings = site.settings
    made: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": f"To cite one page or one statement, see `{site.ui['cite_page'].en}` below it.",
        "title": settings.name.en,
        "type": "dataset",
        "authors": [{"name": citing.editors(site, MAIN_LANGUAGE)}],
        "abstract": settings.description.en,
        "url": settings.address,
        "license-url": settings.licence.url,
        "version": version,
        "keywords": [element.name.en for element in site.elements.values()],
    }
    if settings.licence.name.neutral:
        made |= {"license": settings.licence.name.best(MAIN_LANGUAGE)[0].replace(" ", "-")}
    return HEAD + yaml.safe_dump(made, sort_keys=False, allow_unicode=True, width=120)

"""The door for pages: reads the content and gives every component to the macros plugin. Nothing else happens here."""

from pathlib import Path
from typing import Any

from mkdocs.exceptions import PluginError
from mkdocs.utils import get_build_datetime

from learning_site.loading import ContentError, data_folder, load_site
from learning_site.rendering import Renderer


def define_env(env: Any) -> None:
    """Give the components of the build's language, which is in `extra`, to mkdocs-macros-plugin."""
    try:
        held = env.conf["extra"].get("content")
        site = held() if held else load_site(data_folder(Path(env.project_dir)))
    except ContentError as error:
        raise PluginError(f"the content has problems\n{error}") from None
    language = env.conf["extra"].get("language") or site.main_language
    for name, component in Renderer(site, language, get_build_datetime().date()).components().items():
        env.macro(component, name)

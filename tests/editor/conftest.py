"""An editor with the project's settings, which talks to the language server of VS Code's YAML extension."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from language_client import Editor

SERVER = "tests/outside/node_modules/yaml-language-server/bin/yaml-language-server"
HOW = (
    "no YAML language server: install Node (Debian: apt-get install npm), "
    "then run `npm ci --omit=dev --ignore-scripts` in tests/outside"
)


@pytest.fixture(scope="session")
def workspace(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the content, to change at will."""
    folder = tmp_path_factory.mktemp("workspace")
    shutil.copytree(project / "data", folder / "data")
    return folder


@pytest.fixture(scope="session")
def editor(project: Path, workspace: Path) -> Iterator[Editor]:
    """An editor in which the workspace is open, with the project's own settings."""
    node = shutil.which("node")
    if not node or not (project / SERVER).is_file():
        if os.environ.get("CI"):
            pytest.fail(HOW, pytrace=False)
        pytest.skip(HOW)
    command = [node, str(project / SERVER), "--stdio"]
    settings = json.loads((project / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        opened = Editor(server, settings, workspace)
        opened.start()
        yield opened
        opened.stop()

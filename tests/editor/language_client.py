"""The editor's side of the language server protocol, as far as the tests need it."""

import collections
import itertools
import json
import os
import queue
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LONGEST = 60  # seconds until the server has to answer


@dataclass
class Editor:
    """What an editor says and is told: messages with a length before each, over standard input and output."""

    server: subprocess.Popen[bytes]
    settings: dict[str, Any]
    folder: Path
    numbers: Iterator[int] = field(default_factory=itertools.count)
    answers: "queue.Queue[dict[str, Any]]" = field(default_factory=queue.Queue)
    marks: dict[str, "queue.Queue[list[dict[str, Any]]]"] = field(
        default_factory=lambda: collections.defaultdict(queue.Queue)
    )

    def start(self) -> None:
        self.listener = threading.Thread(target=self._listen, daemon=True)
        self.listener.start()
        uri = self.folder.as_uri()
        markdown = {"documentationFormat": ["markdown"], "snippetSupport": True}
        abilities = {
            "workspace": {"configuration": True, "didChangeWatchedFiles": {"dynamicRegistration": True}},
            "textDocument": {
                "completion": {"completionItem": markdown},
                "hover": {"contentFormat": ["markdown"]},
                "publishDiagnostics": {"versionSupport": True},
            },
        }
        folders = [{"uri": uri, "name": "project"}]
        self.ask("initialize", processId=os.getpid(), rootUri=uri, capabilities=abilities, workspaceFolders=folders)
        self.tell("initialized")

    def stop(self) -> None:
        self.ask("shutdown")
        self.tell("exit")
        self.listener.join(LONGEST)

    def _send(self, **message: Any) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.server.stdin
        self.server.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.server.stdin.flush()

    def tell(self, method: str, **params: Any) -> None:
        self._send(method=method, params=params)

    def ask(self, method: str, **params: Any) -> Any:
        number = next(self.numbers)
        self._send(id=number, method=method, params=params)
        while True:
            answer = self.answers.get(timeout=LONGEST)
            if answer["id"] == number:
                assert "error" not in answer, answer
                return answer["result"]

    def _listen(self) -> None:
        assert self.server.stdout
        while line := self.server.stdout.readline():
            length = int(line.split(b":")[1])
            while self.server.stdout.readline().strip():
                pass
            self._take(json.loads(self.server.stdout.read(length)))

    def _take(self, message: dict[str, Any]) -> None:
        method = message.get("method")
        if method is None:
            self.answers.put(message)
        elif method == "textDocument/publishDiagnostics":
            said = message["params"]
            self.marks[said["uri"]].put(said["diagnostics"])
        elif "id" in message:
            asked = message["params"].get("items", []) if method == "workspace/configuration" else []
            self._send(id=message["id"], result=[self._section(item["section"]) for item in asked] or None)

    def _section(self, name: str) -> Any:
        """A part of the settings as VS Code gives it: `yaml.a.b` below `yaml` as {a: {b: …}}."""
        if name in self.settings:
            return self.settings[name]
        made: dict[str, Any] = {}
        for key, value in self.settings.items():
            if key.startswith(f"{name}."):
                *path, last = key.removeprefix(f"{name}.").split(".")
                inner = made
                for part in path:
                    inner = inner.setdefault(part, {})
                inner[last] = value
        return made

    def open(self, kind: str, text: str) -> Path:
        """Open a new file of a kind, which is only in the editor."""
        file = self.folder / "data" / "new" / f"{next(self.numbers)}.yml"
        return self.open_file(file, f"# yaml-language-server: $schema=../schema/{kind}.json\n{text}")

    def open_file(self, file: Path, text: str) -> Path:
        opened = {"uri": file.as_uri(), "languageId": "yaml", "version": 1, "text": text}
        self.tell("textDocument/didOpen", textDocument=opened)
        return file

    def marked(self, file: Path) -> list[dict[str, Any]]:
        """What the server marks next in a file."""
        return self.marks[file.as_uri()].get(timeout=LONGEST)

    def changed_on_disk(self, file: Path) -> None:
        self.tell("workspace/didChangeWatchedFiles", changes=[{"uri": file.as_uri(), "type": 2}])

    def completions(self, kind: str, text: str) -> list[dict[str, Any]]:
        """What is offered where `|` stands in a text."""
        return self.ask("textDocument/completion", **self._place(kind, text))["items"]

    def hover(self, kind: str, text: str) -> str:
        """What is said of the word where `|` stands in a text."""
        answer = self.ask("textDocument/hover", **self._place(kind, text))
        return answer["contents"]["value"] if answer else ""

    def _place(self, kind: str, text: str) -> dict[str, Any]:
        before, _, after = text.partition("|")
        file = self.open(kind, before + after)
        position = {"line": before.count("\n") + 1, "character": len(before) - before.rfind("\n") - 1}
        return {"textDocument": {"uri": file.as_uri()}, "position": position}

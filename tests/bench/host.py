"""A host on this machine for measurements, which serves a built site as a usual static host does."""

import functools
import gzip
import http.server
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

PIECE = 4096  # bytes
COMPRESSED = {".html", ".css", ".js", ".json", ".svg", ".xml", ".txt"}


@dataclass
class Line:
    """A connection that all requests share: seconds until an answer begins, bytes a second; the bytes sent so far."""

    latency: float
    rate: float
    sent: int = 0
    _free: float = 0
    _sending: threading.Lock = field(default_factory=threading.Lock)

    def pieces(self, body: bytes) -> Iterator[bytes]:
        """A body in pieces, each when it would arrive."""
        time.sleep(self.latency)
        for at in range(0, len(body), PIECE):
            piece = body[at : at + PIECE]
            with self._sending:
                self._free = max(self._free, time.monotonic()) + len(piece) / self.rate
                arrives = self._free
                self.sent += len(piece)
            time.sleep(max(0, arrives - time.monotonic()))
            yield piece


class Host(http.server.SimpleHTTPRequestHandler):
    """Files as a usual static host serves them: compressed, over one connection, with times to keep them."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *arguments: Any, line: Line | None = None, **named: Any) -> None:
        self._line = line
        super().__init__(*arguments, **named)

    def do_GET(self) -> None:
        path = Path(self.directory) / unquote(urlsplit(self.path).path).lstrip("/")
        path = path / "index.html" if path.is_dir() else path
        found = path.is_file()
        body = path.read_bytes() if found else b"not found"
        self.send_response(200 if found else 404)
        self.send_header(
            "Content-Type", self.guess_type(path) + ("; charset=utf-8" if path.suffix in COMPRESSED else "")
        )
        if path.suffix in COMPRESSED:
            body = compressed(body)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600" if path.suffix == ".html" else "max-age=31536000")
        self.end_headers()
        for piece in self._line.pieces(body) if self._line else [body]:
            self.wfile.write(piece)

    def log_message(self, *_: object) -> None:
        pass


@functools.cache
def compressed(body: bytes) -> bytes:
    return gzip.compress(body, 9, mtime=0)


def served(folder: Path, line: Line | None = None) -> str:
    host = functools.partial(Host, directory=str(folder), line=line)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), host)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/"

"""Links: every link of the built site, every page's way from home, and on request the addresses of the sources.

The checking itself is lychee's (https://lychee.cli.rs), a link checker that ships as one binary.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

from learning_site.output_check import read_pages

TIMEOUT = 20  # seconds that a server has to answer
RETRIES = 2
RETRY_WAIT = 2  # seconds before the first retry
AT_ONCE = 8  # requests
GONE = (404, 410)  # what a server answers where there is no such page


class CannotAsk(Exception):
    """Addresses cannot be asked for, or what came of it says nothing about them; the text says why."""


class NoChecker(CannotAsk):
    """The link checker is not installed."""


def _lychee(arguments: list[str], given: str | None = None, cwd: Path | None = None) -> dict[str, Any]:
    """What lychee reports as JSON."""
    beside = Path(sys.executable).with_name("lychee")
    program = str(beside) if beside.exists() else shutil.which("lychee")
    if program is None:
        raise NoChecker("lychee is not installed: pip install -r requirements.txt brings it")
    command = [program, "--no-progress", "--format", "json", *arguments]
    done = subprocess.run(command, input=given, capture_output=True, text=True, cwd=cwd, check=False)
    try:
        report: dict[str, Any] = json.loads(done.stdout)
    except json.JSONDecodeError:
        raise NoChecker(f"lychee gave no report: {done.stderr.strip() or done.stdout.strip()}") from None
    return report


def broken_links(site: Path, address: str) -> list[str]:
    """Every link, anchor, picture and asset of the built site that leads nowhere, one line each; see `followed`."""
    return followed(site, address)[1]


def followed(site: Path, address: str) -> tuple[int, list[str]]:
    """How many links, anchors, pictures and assets of the built site were followed, and a line for each broken one.

    `address` is where the site is published: links to it are checked in the folder too.
    """
    folder = site.resolve()
    path = urlsplit(address).path
    remap = ["--remap", f"^{address.rstrip('/')} {folder.as_uri()}"]
    if path.strip("/"):
        remap += ["--remap", f"^{folder.as_uri()}{path.rstrip('/')}/ {folder.as_uri()}/"]
    options = ["--offline", "--include-fragments=full", "--root-dir", str(folder), "--index-files", "index.html"]
    report = _lychee([*options, *remap, str(folder)])
    if not report["total"]:
        return 0, [f"{site}: there is no link in it"]
    lines = []
    for where, found in dict(report["error_map"]).items():
        page = Path(where).relative_to(folder) if Path(where).is_absolute() else Path(where)
        for link in found:
            shown = link["url"].replace(folder.as_uri(), "")
            lines.append(f"{site.name}/{page}: {shown} leads nowhere ({link['status']['text']})")
    return report["total"], sorted(lines)


def unreachable_pages(site: Path) -> list[str]:
    """Every page of the built site to which no chain of links leads from home, one line each."""
    pages = {_path(page.path.relative_to(site)): page for page in read_pages(site)}
    seen: set[str] = set()
    waiting = ["/"]
    while waiting:
        here = waiting.pop()
        if here in seen or here not in pages:
            continue
        seen.add(here)
        waiting += [unquote(urlsplit(urljoin(f"http://site{here}", link)).path) for link in pages[here].links]
    return [
        f"{site.name}{path}: no link from home leads here"
        for path, page in sorted(pages.items())
        if path not in seen and not path.endswith("/404.html") and not page.leads_on
    ]


def _path(file: Path) -> str:
    path = "/" + file.as_posix()
    return path.removesuffix("index.html") if path.endswith("/index.html") else path


@dataclass(frozen=True)
class External:
    """What came of asking for an address: one of VERDICTS, and what was said."""

    url: str
    verdict: str
    said: str


VERDICTS = {
    "broken": "the server says that there is no such page",
    "no answer": "no server answered",
    "turned away": "a server answered, but not to us: no proof that the page is gone",
    "not asked": "the link checker cannot ask for this address",
    "moved": "it leads to another address, which answers",
    "answers": "it answers",
}


def check_external(urls: Iterable[str], timeout: int = TIMEOUT, retries: int = RETRIES) -> list[External]:
    """Ask for each address once. Never raises for what a server does."""
    asked = {url: _as_asked(url) for url in urls}
    options = [
        "--timeout", str(timeout), "--max-retries", str(retries), "--retry-wait-time", str(RETRY_WAIT),
        "--max-concurrency", str(AT_ONCE), "--mode", "plain", "-v",
    ]  # fmt: skip
    report = _lychee([*options, "-"], given="\n".join(dict.fromkeys(asked.values())))
    verdicts: dict[str, External] = {}
    for table, verdict in (("success_map", "answers"), ("error_map", "no answer"), ("timeout_map", "no answer")):
        for found in dict(report.get(table) or {}).values():
            for link in found:
                verdicts[link["url"]] = _judged(link, verdict)
    unasked = External("", "not asked", "not asked")
    return [replace(verdicts.get(written, unasked), url=url) for url, written in asked.items()]


PORTS = {"http": 80, "https": 443}
SIGNS = "%/:;()@!$&*+,=~[]"  # which stand in addresses as they are


def _as_asked(url: str) -> str:
    """An address as a server is asked for it, and as lychee names it then: without signs that only people use."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        host = host if host.isascii() else host.encode("idna").decode("ascii")
        path = urljoin(url, parts.path or "/").partition("://")[2].partition("/")[2]
    except (ValueError, UnicodeError):
        return url
    who, at, _ = parts.netloc.rpartition("@")
    place = f"[{host}]" if ":" in host else host
    place += f":{port}" if port and port != PORTS.get(parts.scheme) else ""
    path = "/" + quote(path, safe=f"{SIGNS}'")
    query, fragment = quote(parts.query, safe=f"{SIGNS}?"), quote(parts.fragment, safe=f"{SIGNS}?'")
    return urlunsplit((parts.scheme, f"{who}{at}{place}", path, query, fragment))


def _judged(link: dict[str, Any], verdict: str) -> External:
    """What one answer means."""
    code = link["status"].get("code")
    said = str(link["status"]["text"]).removeprefix("Rejected status code: ").partition(" (error sending")[0]
    steps = link.get("redirects", {}).get("redirects")
    if verdict == "answers" and steps:
        return External(link["url"], "moved", f"{steps[0]['code']} to {steps[-1]['url']}")
    if verdict == "no answer" and code is not None:
        verdict = "broken" if code in GONE else "turned away"
    return External(link["url"], verdict, said)

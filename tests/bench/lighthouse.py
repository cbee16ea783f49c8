"""Lighthouse on the built site, beside a bare page of the same words and the stock theme with the same article.

Prints two tables: marks and times, and what an element page fetches. Not a test: its times move with the load of the
machine, so only figures of the same run are compared. Set up once with `npm ci --ignore-scripts` in tests/outside, then
from the folder of the project: .venv/bin/python tests/bench/lighthouse.py site
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import yaml
from host import compressed, served
from selectolax.lexbor import LexborHTMLParser

from learning_site import browser

PROGRAMS = Path(__file__).resolve().parents[1] / "outside" / "node_modules"
LIGHTHOUSE = PROGRAMS / "lighthouse" / "cli" / "index.js"
PAGES = {"home": "", "element": "elements/conscientization/", "case": "cases/mali/"}
MARKS = {"performance": "perf", "accessibility": "a11y", "best-practices": "best", "seo": "seo"}
TIMES = {
    "first-contentful-paint": "FCP", "largest-contentful-paint": "LCP", "total-blocking-time": "TBT",
    "cumulative-layout-shift": "CLS", "total-byte-weight": "bytes",
}  # fmt: skip
BARE = (
    '<!doctype html><html lang="{language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
)


def articles(site: Path) -> dict[str, LexborHTMLParser]:
    return {name: LexborHTMLParser((site / path / "index.html").read_text("utf-8")) for name, path in PAGES.items()}


def bare(site: Path, into: Path) -> Path:
    """The same articles with nothing else: no style, no script, no header."""
    for name, page in articles(site).items():
        title, article = page.css_first("title"), page.css_first("article")
        assert title is not None
        assert article is not None
        (into / PAGES[name]).mkdir(parents=True, exist_ok=True)
        head = BARE.format(language=(page.css_first("html") or title).attributes.get("lang"))
        (into / PAGES[name] / "index.html").write_text(f"{head}{title.html}<main>{article.html}</main>", "utf-8")
    return into


def stock(site: Path, into: Path) -> Path:
    """The same articles under the theme as it comes, save its web fonts, which would ask another host."""
    for name, page in articles(site).items():
        article = page.css_first("article")
        assert article is not None
        path = into / "docs" / PAGES[name] / "index.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = "".join(line for line in (article.inner_html or "").splitlines(keepends=True) if line.strip())
        path.write_text(f"<div>\n{lines}\n</div>\n", "utf-8")
    settings = {"site_name": "Stock", "theme": {"name": "material", "font": False}}
    (into / "mkdocs.yml").write_text(yaml.safe_dump(settings), "utf-8")
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "-q"],
        cwd=into,
        check=True,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )
    return into / "site"


def looked_at(address: str) -> dict[str, Any]:
    """Lighthouse's report on one page: a phone on a slow network, as it does by default."""
    flags = "--headless=new" + (" --no-sandbox" if hasattr(os, "geteuid") and os.geteuid() == 0 else "")
    command = ["node", LIGHTHOUSE, address, "--output=json", "--quiet", f"--chrome-flags={flags}"]
    chrome = browser.installed()
    where = {**os.environ, **({"CHROME_PATH": chrome} if chrome else {})}
    for _ in range(2):  # on a busy machine the browser sometimes paints too late
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=where, timeout=180)
        if done.returncode == 0:
            report: dict[str, Any] = json.loads(done.stdout)
            return report
    sys.exit(f"Lighthouse gave up on {address}:\n{done.stderr}")


def figures(reports: list[dict[str, Any]]) -> dict[str, float]:
    """The median of each figure."""
    taken = {short: [100 * (r["categories"][name]["score"] or 0) for r in reports] for name, short in MARKS.items()}
    taken |= {short: [r["audits"][name]["numericValue"] for r in reports] for name, short in TIMES.items()}
    return {short: statistics.median(values) for short, values in taken.items()}


def faults(report: dict[str, Any]) -> list[str]:
    """What cost a mark, of accessibility, best practice and search engines."""
    names = [ref["id"] for kind in list(MARKS)[1:] for ref in report["categories"][kind]["auditRefs"] if ref["weight"]]
    return [f"{name}: {a['title']}" for name in names if (a := report["audits"][name])["score"] not in (None, 1)]


def main() -> None:
    """Look at each page as often as asked and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site", type=Path, nargs="?", default=Path("site"), help="the folder of the built site")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--language", default="", help="fr or ne; English without it")
    parser.add_argument("--only-site", action="store_true", help="without the pages to compare with")
    wanted = parser.parse_args()
    if not LIGHTHOUSE.is_file():
        sys.exit("no Lighthouse: run `npm ci --ignore-scripts` in tests/outside")
    site = wanted.site.resolve()
    root = site / wanted.language
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        hosts = {"site": served(site) + (f"{wanted.language}/" if wanted.language else "")}
        if not wanted.only_site:
            hosts |= {"bare": served(bare(root, folder / "bare")), "stock": served(stock(root, folder / "stock"))}
        print("| page | what |", " | ".join([*MARKS.values(), *TIMES.values(), "FCP to bare"]), "|")
        print("| --- | --- |", " | ".join(["---:"] * (len(MARKS) + len(TIMES) + 1)), "|")
        weighed, costs = {}, set()
        for page, path in PAGES.items():
            # In turns, so that a busy minute of the machine meets all three alike.
            reports: dict[str, list[dict[str, Any]]] = {what: [] for what in hosts}
            for _ in range(wanted.runs):
                for what, host in hosts.items():
                    reports[what].append(looked_at(host + path))
            medians = {what: figures(runs) for what, runs in reports.items()}
            for what, found in medians.items():
                row = [f"{found[n]:.0f}" for n in MARKS.values()]
                row += [
                    f"{found['FCP']:.0f}",
                    f"{found['LCP']:.0f}",
                    f"{found['TBT']:.0f}",
                    f"{found['CLS']:.3f}",
                    f"{found['bytes']:.0f}",
                ]
                row.append(f"{found['FCP'] / medians['bare']['FCP']:.2f}" if "bare" in medians else "")
                print(f"| {page} | {what} |", " | ".join(row), "|", flush=True)
            weighed[page] = reports["site"][0]["audits"]["network-requests"]["details"]["items"]
            costs |= {f"{page}: {fault}" for report in reports["site"] for fault in faults(report)}
    print("\n" + ("\n".join(sorted(costs)) or "Nothing cost a mark of accessibility, best practice or search engines."))
    print("\n| what the element page fetches | bytes on the wire | gzip -9 | plain |\n| --- | ---: | ---: | ---: |")
    total = [0, 0, 0]
    for item in weighed["element"]:
        path = site / unquote(urlsplit(item["url"]).path).lstrip("/")
        body = (path / "index.html" if path.is_dir() else path).read_bytes()
        sizes = [item["transferSize"], len(compressed(body)), len(body)]
        total = [a + b for a, b in zip(total, sizes, strict=True)]
        print(f"| {path.relative_to(site) if path != site else 'index.html'} | {' | '.join(map(str, sizes))} |")
    print(f"| all | {' | '.join(map(str, total))} |")


if __name__ == "__main__":
    main()

"""What is kept of asking for the sources' addresses: from the answers of a day to the status, and to a report on it.

An address fails if no server answers, or if one says that there is no such page. Being turned away is neither a failure
nor an answer. The day is given: no clock is read here.
"""

import itertools
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import yaml

from learning_site.links import VERDICTS, External
from learning_site.model import LinkStatus, Silent, Site

FAILS = ("broken", "no answer")
ANSWERS = ("answers", "moved")
FAILURES = {"failing_since", "failed_last", "failures"}


def is_network_down(found: Iterable[External]) -> bool:
    """Whether nothing at all answered, which says something about the network and nothing about the addresses."""
    return not any(one.verdict in ANSWERS for one in found)


def after(
    before: LinkStatus, found: list[External], day: date, seen: Mapping[str, date | None] | None = None
) -> LinkStatus:
    """The status once the addresses were asked for on a day; asking twice on one day counts once.

    Only the addresses that were asked for are kept, in order. `seen` is when somebody saw the document at an address:
    failures since before that day are forgotten.
    """
    seen = seen or {}
    silent = [_silent(before, one, day, seen.get(one.url)) for one in found if one.verdict not in ANSWERS]
    return LinkStatus(
        asked=day,
        answering=sorted(one.url for one in found if one.verdict in ANSWERS),
        silent=sorted(silent, key=lambda one: one.url),
    )


def _silent(before: LinkStatus, one: External, day: date, seen: date | None) -> Silent:
    was = before.by_address.get(one.url)
    known: dict[str, Any] = {"url": one.url, "answered": before.answered.get(one.url)}
    if was:
        known = was.model_dump(exclude=FAILURES if was.is_outdone_by(seen) else None)
    known["said"] = " ".join(one.said.split())
    if one.verdict in FAILS and known.get("failed_last") != day:
        known |= {
            "failing_since": known.get("failing_since") or day,
            "failed_last": day,
            "failures": known.get("failures", 0) + 1,
        }
    return Silent.model_validate(known)


def as_yaml(status: LinkStatus, before: str) -> str:
    """The status as its file holds it, under the comment that stands at the top of the file as it was."""
    head = "".join(itertools.takewhile(lambda line: line.startswith("#"), before.splitlines(keepends=True)))
    held = status.model_dump(exclude_none=True, exclude_defaults=True)
    return f"{head}\n" + yaml.dump(held, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=float("inf"))


class _Dumper(yaml.SafeDumper):
    """Writes a day wherever it stands: files of data/ have no references from one place to another."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


# ---------------------------------------------------------------- the report


def report(site: Site, status: LinkStatus, found: list[External], day: date) -> str:
    """What is gone, what changed and what staff can do about it, as Markdown; `status` is the one after asking."""
    before = site.link_status
    named = {url: source_id for source_id, source in site.sources.items() for url in source.addresses}
    lines = [f"# Addresses of the sources on {day}", ""]
    counts = ", ".join(f"{sum(one.verdict == verdict for one in found)} {verdict}" for verdict in VERDICTS)
    lines += [f"{len(found)} addresses: {counts}.", ""]

    def part(title: str, about: str, entries: dict[str, str]) -> None:
        if entries:
            lines.extend([f"## {title} ({len(entries)})", "", about, ""])
            lines.extend(f"- `{named[url]}` <{url}> {said}" for url, said in sorted(entries.items()))
            lines.append("")

    part(
        "Gone",
        "These failed on two days at least two weeks apart. Readers are led to the archived copy, if one is known.",
        {s.url: f"{_failure(s)}. {_to_do(site, named[s.url], s.url)}" for s in status.silent if s.is_gone},
    )
    back = {s.url: f"did not answer: {s.said}" for s in before.silent if s.url in status.answering}
    part("Back", "These answer again.", back)
    failing = {s.url: _failure(s) for s in status.silent if s.failing_since and not s.is_gone}
    part("Failing", "It is too early to tell whether these are gone. Nothing has to be done yet.", failing)
    for verdict, to_do in TO_DO.items():
        about = f"{VERDICTS[verdict].capitalize()}. {to_do}"
        part(verdict.capitalize(), about, {one.url: one.said for one in found if one.verdict == verdict})
    return "\n".join(lines)


LOOK = "Open them in a browser. If the document is there, keep that: learning-site seen ID"
TO_DO = {
    "moved": "If the new address shows the same document, put it in place of the old one.",
    "turned away": LOOK,
    "not asked": LOOK,
}


def _failure(silent: Silent) -> str:
    times = f"on {silent.failures} day{'' if silent.failures == 1 else 's'} since {silent.failing_since}"
    return f"failed {times}, last answered: {silent.answered or 'not known'}, said: {silent.said}"


def _to_do(site: Site, source_id: str, url: str) -> str:
    source = site.sources[source_id]
    if url != source.url:
        return "Take it out of `also:` in data/sources.yml, or correct it."
    if source.archived:
        return f"Readers are led to <{source.archived}>."
    return f"Look for a copy in <{source.lookup}> and add it to data/sources.yml as `archived:`."

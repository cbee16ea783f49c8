"""Looking at content again: when a record or a page is due, who looks after it, and noting that somebody looked.

No clock is read here: the day is given.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from learning_site import yaml_edit
from learning_site.model import KINDS, OWNERS, Kind, Owner, Place, Review, Site

SOON = timedelta(days=90)
REVIEWED = tuple(kind for kind in KINDS.values() if "review" in kind.model.model_fields)

Named = tuple[str, str]  # the kind and the id of a record


@dataclass(frozen=True)
class Outlook:
    """How what is shown together stands: the oldest review if all was reviewed, and the first day that is due."""

    owners: list[Owner]
    reviewed: date | None
    partly: bool
    review_by: date | None

    def is_past(self, today: date) -> bool:
        """Whether the day by which it was due is over."""
        return self.review_by is not None and self.review_by < today


def outlook(reviews: Iterable[Review | None]) -> Outlook | None:
    """How some records stand together, None for no record. One without a plan counts as never reviewed."""
    every = list(reviews)
    if not every:
        return None
    planned = [review for review in every if review]
    days = [review.reviewed for review in planned if review.reviewed]
    whole = len(days) == len(every)
    return Outlook(
        owners=[owner for owner in OWNERS if any(review.owner == owner for review in planned)],
        reviewed=min(days) if whole else None,
        partly=bool(days) and not whole,
        review_by=min((review.review_by for review in planned if review.review_by), default=None),
    )


def of_page(site: Site, kind: str, record_id: str = "") -> Outlook | None:
    """How the page of a record stands, or the page of a whole kind; None where nobody reviews the kind."""
    if KINDS[kind] not in REVIEWED:
        return None
    held = site.kind(kind)
    return outlook([held[record_id].review] if record_id in held else [record.review for record in held.values()])


@dataclass(frozen=True)
class Due:
    """What there is to look at on a day: dated entries by day, those never reviewed by role and kind."""

    past: list[tuple[date, Owner, Named]]
    soon: list[tuple[date, Owner, Named]]
    never: dict[Owner, dict[str, list[str]]]
    unplanned: list[Named]


def due(site: Site, today: date) -> Due:
    """What is past its day, due within SOON, never reviewed, or without a plan."""
    every = list(_reviews(site))
    dated = sorted((r.review_by, r.owner, named) for named, r in every if r and r.review_by)
    never: dict[Owner, dict[str, list[str]]] = {}
    for owner in OWNERS:
        for (kind, record_id), review in every:
            if review and review.owner == owner and not review.reviewed:
                never.setdefault(owner, {}).setdefault(kind, []).append(record_id)
    return Due(
        past=[entry for entry in dated if entry[0] < today],
        soon=[entry for entry in dated if today <= entry[0] <= today + SOON],
        never=never,
        unplanned=[named for named, review in every if not review or not review.review_by],
    )


def _reviews(site: Site) -> Iterator[tuple[Named, Review | None]]:
    for kind in REVIEWED:
        for record_id, record in site.kind(kind.name).items():
            yield (kind.name, record_id), record.review


# ---------------------------------------------------------------- noting it


def review_noted(review: Review | None, day: date, again_by: date) -> dict[Place, str]:
    """What a record holds once somebody has reviewed it on a day, by place in it."""
    put: dict[Place, str] = {} if review else {("review", "owner"): OWNERS[0]}
    return put | {("review", "reviewed"): str(day), ("review", "review_by"): str(again_by)}


def noted(folder: Path, kind: Kind, values: Mapping[str, Mapping[Place, str]]) -> dict[str, bytes]:
    """The files of a data folder once values are put into records of a kind, by id; nothing is written.

    Raises CannotEdit as yaml_edit does.
    """
    by_file: dict[str, dict[Place, str]] = {}
    for record_id, inside in values.items():
        key: Place = (record_id,) if kind.form == "a mapping of ids" else ()
        by_file.setdefault(kind.file(record_id), {}).update(((*key, *place), said) for place, said in inside.items())
    return {
        file: yaml_edit.put((folder / file).read_bytes().decode("utf-8"), put).encode("utf-8")
        for file, put in by_file.items()
    }

"""Every claim of the site with the address under which others can cite it."""

from dataclasses import dataclass

from learning_site import pages
from learning_site.model import Claim, Place, Site, leaves


@dataclass(frozen=True)
class Placed:
    """A claim, in which record it stands, and at which place of it."""

    kind: str
    record_id: str
    place: Place
    claim: Claim

    @property
    def anchor(self) -> str:
        """Its id on every page that shows it."""
        return self.claim.anchor

    @property
    def location(self) -> str:
        """Its address below the root of a language: on the page of its record."""
        return f"{pages.location(self.kind, self.record_id).partition('#')[0]}#{self.anchor}"


def every(site: Site) -> list[Placed]:
    """Every claim, with the records that are claims themselves."""
    whole = [
        Placed(kind, record_id, (), record) for kind, record_id, record in site.every() if isinstance(record, Claim)
    ]
    return [*all_of(site), *whole]


def all_of(site: Site) -> list[Placed]:
    """Every claim inside of a record, in the order of the content; a record that is one itself has its own address."""
    return [
        Placed(kind, record_id, place, value)
        for kind, record_id, record in site.every()
        for place, value, _ in leaves(record)
        if place and isinstance(value, Claim)
    ]

"""What a menu lists of a section: all of it, or of a long one what lies around the page that is read.

A list of a thousand names helps nobody, and on each of a thousand pages it would be a million. The index page of a long
section stands first in its menu and lists it whole.
"""

from mkdocs.structure import StructureItem
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page

MOST = 40  # entries that a reader can still look through
AROUND = 8  # entries before and after the page that is read, where there are more


class Menus:
    """The menus of a navigation; made once for all pages."""

    def __init__(self, navigation: Navigation) -> None:
        self._places: dict[int, int] = {}
        self._number(navigation.items)

    def _number(self, items: list[StructureItem]) -> None:
        for place, item in enumerate(items):
            self._places[id(item)] = place
            if isinstance(item, Section):
                self._number(item.children)

    def listed(self, section: Section, page: Page) -> list[StructureItem]:
        """What the menu of a section lists on a page: always the first entry, which is the index of the section."""
        if len(section.children) <= MOST:
            return section.children
        within = (item for item in (page, *page.ancestors) if item.parent is section)
        here = max((self._places[id(item)] for item in within), default=0)
        first, *_ = section.children
        return [first, *section.children[max(here - AROUND, 1) : here + AROUND + 1]]

"""Makes Python find the files of a folder in reversed order, as another file system may.

Python imports this by itself when the folder is on its path.
"""

import os
from collections.abc import Iterator
from typing import Any


class _Reversed:
    """What os.scandir gives, backwards."""

    def __init__(self, found: Any) -> None:
        with found:
            self._found = iter(sorted(found, key=lambda entry: entry.name, reverse=True))

    def __enter__(self) -> "_Reversed":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def __iter__(self) -> Iterator[Any]:
        return self._found

    def __next__(self) -> Any:
        return next(self._found)

    def close(self) -> None:
        pass


_scandir, _listdir = os.scandir, os.listdir
os.scandir = lambda *given: _Reversed(_scandir(*given))  # type: ignore[assignment]
os.listdir = lambda *given: sorted(_listdir(*given), reverse=True)  # type: ignore[assignment]
os.environ.pop("LD_PRELOAD", None)  # it has moved this program's clock; a browser would not bear it

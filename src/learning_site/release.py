"""Before a version is published: lasting ids for new claims, and a note of every address that it will hold."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import yaml

from learning_site import addresses, claims, yaml_edit
from learning_site.loading import data_folder, load_site
from learning_site.model import KINDS, MAIN_LANGUAGE, Addresses, Place, Site, text_mark

FROM_HERE = re.compile(r"^(?:released|files):", re.MULTILINE)  # in addresses.yml, what this module writes
WIDTH = 120
FOR_BUILD = {"LEARNING_SITE_HANDBOOK": "if-possible", "NO_MKDOCS_2_WARNING": "1"}


class CannotRelease(Exception):
    """The site cannot be built as it is; the text says why."""


def claim_ids(folder: Path, site: Site) -> dict[Path, str]:
    """The files of data/ in which claims have no id yet, as they are once these have one.

    An id is the place that a claim has on its page already; of two claims that say the same the second gets another.
    Raises CannotEdit where a file would change in another way.
    """
    taken = {placed.claim.id for placed in claims.every(site) if placed.claim.id}
    values: dict[Path, dict[Place, str]] = {}
    for placed in claims.every(site):
        if placed.claim.id is None:
            kind = KINDS[placed.kind]
            whole = (placed.record_id, *placed.place) if kind.form == "a mapping of ids" else placed.place
            made = placed.anchor
            while made in taken:
                made = f"claim-{text_mark(MAIN_LANGUAGE, made, *map(str, whole)).partition('-')[2]}"
            taken.add(made)
            values.setdefault(folder / kind.file(placed.record_id), {})[(*whole, "id")] = made
    return {file: yaml_edit.put(file.read_bytes().decode("utf-8"), held) for file, held in values.items()}


def addresses_of(project: Path, changed: Mapping[Path, str]) -> Addresses:
    """What is promised once the site is published as it is now, but for files of data/ that are `changed`.

    These stay as they are until it is known that the site can be built; raises CannotRelease if it cannot.
    """
    with tempfile.TemporaryDirectory() as place:
        into, data, own = Path(place) / "site", Path(place) / "data", data_folder(project)
        shutil.copytree(own, data)
        for path, text in changed.items():
            (data / path.relative_to(own)).write_bytes(text.encode("utf-8"))
        command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-d", str(into)]
        environment = {**os.environ, **FOR_BUILD, "LEARNING_SITE_DATA": str(data)}
        done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            said = done.stdout + done.stderr
            lines = [line for line in said.replace(str(data), own.name).splitlines() if not line.startswith("INFO")]
            raise CannotRelease("\n".join(["the site cannot be built, so nothing is written:", *lines]))
        site = load_site(data)
        return addresses.together(site.addresses, addresses.in_build(into, site))


def as_yaml(before: str, promised: Addresses) -> str:
    """The file of addresses with what is promised now; what people wrote in it stays."""
    found = FROM_HERE.search(before)
    people = before[: found.start()] if found else before
    made: Mapping[str, object] = promised.model_dump(include={"released", "files"}, exclude_defaults=True)
    return people + yaml.safe_dump(made, default_flow_style=None, sort_keys=False, width=WIDTH, allow_unicode=True)

"""The bill of materials: every package that the build needs, with version, licence and checksums, as CycloneDX JSON.

Versions and checksums are those of the lock; which package needs which, and the licences, is what the packages say of
themselves. Nothing in it depends on the day or on the machine. Source of the form: https://cyclonedx.org/specification.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, Property, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import License
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCK = "requirements.txt"
PROJECT = "pyproject.toml"
PRINTING = "handbook"  # the group of what only the printed handbooks need
SHORT = 60  # signs; a longer `License` is a text and no name
UNSAID = "UNKNOWN"  # what old tools write for nothing
CLASSIFIER = "License :: OSI Approved :: "


@dataclass(frozen=True)
class Locked:
    """A line of the lock: a package, its version, where it is for, the checksums of its files."""

    name: str
    version: str
    marker: str
    checksums: list[str]


def of_build(project: Path, made: datetime, commit: str | None) -> str:
    """What the build of a project needs, as CycloneDX JSON. Raises OSError if the lock is not there."""
    said = tomllib.loads((project / PROJECT).read_text(encoding="utf-8"))
    own = said["project"]
    text = (project / LOCK).read_text(encoding="utf-8")
    lock = list(_locked(text))
    wanted = [*own["dependencies"], *said["dependency-groups"][PRINTING]]
    site = Component(
        name=own["name"],
        version=own["version"],
        type=ComponentType.APPLICATION,
        bom_ref=own["name"],
        description=own["description"],
        properties=[Property(name="learning-site:commit", value=commit)] if commit else [],
    )
    bom = Bom(serial_number=uuid5(NAMESPACE_URL, f"{commit} {made.isoformat()} {text}"))
    bom.metadata.component = site
    bom.metadata.timestamp = made
    components: dict[str, list[Component]] = {}
    waiting = _names(wanted)
    needs: dict[str, list[str]] = {}
    while waiting:
        name = waiting.pop()
        if name in needs:
            continue
        found = _installed(name)
        needs[name] = _names(found.requires or []) if found else []
        components[name] = [_component(line, found) for line in lock if line.name == name]
        waiting += needs[name]
    for name, those in components.items():
        bom.components.update(those)
        for component in those:
            bom.register_dependency(component, [c for other in needs[name] for c in components[other]])
    bom.register_dependency(site, [c for name in _names(wanted) for c in components[name]])
    return JsonV1Dot6(bom).output_as_string(indent=2) + "\n"


def _locked(text: str) -> Iterator[Locked]:
    """The lines of a lock as pip reads them."""
    for line in text.replace("\\\n", " ").splitlines():
        if line.strip() and not line.startswith("#"):
            required, *checksums = line.split(" --hash=sha256:")
            read = Requirement(required.strip())
            (pin,) = read.specifier
            stripped = [checksum.strip() for checksum in checksums]
            yield Locked(canonicalize_name(read.name), pin.version, str(read.marker or ""), stripped)


def _names(requirements: list[str]) -> list[str]:
    """The packages that are required whatever is asked for in extra; those for other systems are among them."""
    read = map(Requirement, requirements)
    return [canonicalize_name(one.name) for one in read if "extra" not in str(one.marker or "")]


def _installed(name: str) -> metadata.Distribution | None:
    try:
        return metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return None


def _component(locked: Locked, installed: metadata.Distribution | None) -> Component:
    address = PackageURL("pypi", name=locked.name, version=locked.version)
    files = ExternalReference(
        type=ExternalReferenceType.DISTRIBUTION,
        url=XsUri(str(address)),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=checksum) for checksum in locked.checksums],
    )
    return Component(
        name=locked.name,
        version=locked.version,
        bom_ref=str(address),
        purl=address,
        licenses=list(_licences(installed)) if installed else [],
        external_references=[files],
        properties=[Property(name="learning-site:only-where", value=locked.marker)] if locked.marker else [],
    )


def _licences(installed: metadata.Distribution) -> Iterator[License]:
    """The licence as a package says it: as an expression, else as a short name, else as its classifiers."""
    said = installed.metadata
    named = (said.get_all("License-Expression") or said.get_all("License") or [UNSAID])[0]
    if named != UNSAID and "\n" not in named and len(named) < SHORT:
        yield LicenseFactory().make_from_string(named)
    else:
        for classifier in said.get_all("Classifier") or []:
            if classifier.startswith(CLASSIFIER):
                yield LicenseFactory().make_from_string(classifier.removeprefix(CLASSIFIER))

"""The command line: check the content, write the schemas, start a new record, check the links of the built site."""

import errno
import os
import re
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import click

from learning_site import (
    annotations,
    citation_file,
    explanation,
    link_status,
    links,
    new_record,
    open_data,
    output_check,
    proof,
    publishing,
    records,
    release,
    reviews,
    schema,
    source_import,
    translations,
    zensical_project,
)
from learning_site.checks import LEFT_TO_DO
from learning_site.citation_formats import Unreadable
from learning_site.editions import Stopped
from learning_site.loading import data_folder, load, load_alone
from learning_site.messages import listed, nearest
from learning_site.model import ID_PATTERN, KINDS, LANGUAGES, MAIN_LANGUAGE, Kind, LanguageCode, Place, Site, Source
from learning_site.preview import PreviewServer
from learning_site.translations import Translation
from learning_site.yaml_edit import CannotEdit
from learning_site.yaml_source import Document


def project_folder() -> Path:
    """The folder with mkdocs.yml, here or above."""
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / "mkdocs.yml").is_file()), here)


MEND_FIRST = "mend the content first: learning-site check"


def sound_site() -> Site:
    """The content as a site; ends the command if it has problems."""
    site = load(data_folder(project_folder())).site
    if site is None:
        raise click.ClickException(MEND_FIRST)
    return site


def draft() -> Site:
    """The content as a site, perhaps with something left to do; ends the command if it has other problems."""
    return draft_content()[0]


def draft_content() -> tuple[Site, dict[str, Document]]:
    """What `draft` gives, and the files that it stands in."""
    loaded = load(data_folder(project_folder()))
    if loaded.draft is None:
        raise click.ClickException(MEND_FIRST)
    return loaded.draft, loaded.documents


@click.group()
def main() -> None:
    """The documentation site of the Engaging Men Learning Initiative, made from YAML."""


FORMATS = ("text", "github")
READ = get_args(Source.model_fields["read"].annotation)


@main.command()
@click.option("--explain", "rule_id", metavar="RULE", help="Check nothing; say what a rule means, with an example.")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default=lambda: FORMATS[os.environ.get("GITHUB_ACTIONS") == "true"],
    help="`github` also marks the lines in a review on GitHub.  [default: text; in a job of GitHub: github]",
)
def check(rule_id: str | None, form: str) -> None:
    """Read all content and say every problem. Exits with 1 if there is any; else tells the editor of new ids."""
    project = project_folder()
    folder = data_folder(project)
    if rule_id is not None:
        _explain(rule_id.strip("[]"), folder)
        return
    loaded = load(folder)
    for problem in loaded.problems:
        click.echo(problem)
    if form == "github":
        for problem in loaded.problems:
            click.echo(annotations.annotation(problem, project))
    if loaded.site is None:
        count = len(loaded.problems)
        first, *others = dict.fromkeys(problem.rule for problem in loaded.problems)
        click.echo(f"\n{count} problem{'s' if count > 1 else ''} to mend.")
        click.echo(
            f"Explained: learning-site check --explain {first}{f' (also: {listed(others, 3)})' if others else ''}"
        )
        sys.exit(1)
    records = sum(1 for _ in loaded.site.every())
    click.echo(f"No problem in {records} records.")
    _tell_editor(folder, loaded.site)
    for code in LANGUAGES:
        if unmarked := sum(text.standing(code) == "unmarked" for *_, text in loaded.site.texts(code)):
            command = f"learning-site translations list {code} --only unmarked"
            click.echo(
                f"{unmarked} of the texts in {code} do not say which English they were made from; see: {command}"
            )


def _tell_editor(folder: Path, site: Site | None) -> None:
    """Write the ids that the editor offers, where the content is sound; not in CI, where the file would be lost."""
    if site is not None and not os.environ.get("CI"):
        for path in schema.write_ids(folder, site):
            click.echo(schema.WROTE_IDS.format(path))


def _explain(rule_id: str, folder: Path) -> None:
    """Say what a rule means, even while the content is broken; ends the command if the rules themselves are."""
    rules, problems = load_alone(folder, KINDS["rules"])
    if rule_id in rules:
        click.echo(explanation.explanation(rule_id, rules[rule_id]))
    elif problems:
        for problem in problems:
            click.echo(problem)
        sys.exit(1)
    else:
        right = nearest(rule_id, rules)
        more = f"did you mean: {right}" if right else f"there are: {listed(rules, len(rules))}"
        raise click.BadParameter(f"there is no rule `{rule_id}`; {more}", param_hint="--explain")


@main.command()
@click.option("--port", default=8000, show_default=True, help="The number in the address; 0 takes any that is free.")
def preview(port: int) -> None:
    """Show the site and every edit of it, until Ctrl+C. Says what is wrong here and over the page."""
    try:
        server = PreviewServer(project_folder(), "127.0.0.1", port)
        server.serve()  # type: ignore[no-untyped-call]
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        said = f"port {port} is in use, perhaps by another preview; try: learning-site preview --port {port + 1}"
        raise click.ClickException(said) from None
    except KeyboardInterrupt:
        server.shutdown()


@main.command("schema")
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit with 1 if a schema is not up to date.")
def write_schemas(only_check: bool) -> None:
    """Write the JSON Schemas that editors use, from the model and from the ids of the content."""
    folder = data_folder(project_folder())
    site = load(folder).site
    if site is None:
        click.echo("The content has problems, so its ids are left as they are; see: learning-site check")
    if only_check:
        if names := schema.stale(folder, site):
            click.echo(f"not up to date: {', '.join(names)}. Run: learning-site schema")
            sys.exit(1)
        click.echo("All schemas are up to date.")
        return
    for path in schema.write(folder, site):
        click.echo(f"wrote {path}")


@main.command()
@click.argument("kind", type=click.Choice([k.one for k in KINDS.values() if k.form != "one record"]))
@click.argument("record_id", metavar="ID")
@click.option("--source", metavar="ID", help="The source that it rests on. [default: the first one, to be replaced]")
def new(kind: str, record_id: str, source: str | None) -> None:
    """Start a new record: a valid one to fill in, such as: new case kenya."""
    if not re.match(ID_PATTERN, record_id):
        raise click.ClickException(f"`{record_id}` cannot be an id: small letters, digits, single hyphens")
    folder = data_folder(project_folder())
    try:
        path, lines = new_record.start(folder, draft(), _kind(kind), record_id, source)
    except new_record.CannotStart as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"wrote {path}")
    written = path.read_text(encoding="utf-8").splitlines()
    for line in lines:
        click.echo(f"left to do: {path}:{line}: {written[line - 1].strip()}")
    _tell_editor(folder, load(folder).draft)


@main.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--read", "how_read", type=click.Choice(READ), help="How much of all of them you could read.")
@click.option("--try", "only_try", is_flag=True, help="Write nothing; show what would be added.")
def import_sources(file: Path, how_read: str | None, only_try: bool) -> None:
    """Add the sources of a BibTeX, RIS or CSL-JSON file, as Zotero writes them, to the register: import mine.bib."""
    folder, site = data_folder(project_folder()), draft()
    try:
        found = source_import.imported(source_import.read(file.name, file.read_bytes()), site, how_read)
    except Unreadable as error:
        raise click.ClickException("\n".join(f"{file}: {line}" for line in str(error).splitlines())) from None
    for title, known in found.known:
        click.echo(f"is `{known}` already: {title}")
    register = KINDS["sources"].place
    before = (folder / register).read_bytes().decode("utf-8")
    after = (before if before.endswith("\n") else f"{before}\n") + found.as_yaml()
    problems = load(folder, {register: after.encode("utf-8")}).problems
    if refused := [problem for problem in problems if problem.rule not in LEFT_TO_DO]:
        raise click.ClickException("\n".join(["the register would have problems then:", *map(str, refused)]))
    if only_try:
        click.echo(found.as_yaml(), nl=False)
    elif found.new:
        (folder / register).write_bytes(after.encode("utf-8"))
        click.echo(f"wrote {folder / register}: {listed(found.new, 20)}")
    for line in found.left:
        click.echo(f"left to do: {line}")
    if found.new:
        click.echo("left to do: name each under `sources:` of what rests on it")


def _kind(one: str) -> Kind:
    return next(kind for kind in KINDS.values() if kind.one == one)


CHANGEABLE = click.Choice([kind.one for kind in KINDS.values() if records.can_change(kind)])
TRY = click.option("--try", "only_try", is_flag=True, help="Write nothing; show what would change.")


@main.command()
@click.argument("kind", type=CHANGEABLE)
@click.argument("old", metavar="OLD-ID")
@click.argument("new", metavar="NEW-ID")
@TRY
def rename(kind: str, old: str, new: str, only_try: bool) -> None:
    """Rename a record, with every reference to it: rename term voice participation. Its old address leads on."""
    _change(lambda project: records.rename(project, _kind(kind), old, new), only_try)


@main.command()
@click.argument("kind", type=CHANGEABLE)
@click.argument("record_id", metavar="ID")
@click.option("--with-entries", is_flag=True, help="Delete entries too that cannot stand without it.")
@TRY
def delete(kind: str, record_id: str, with_entries: bool, only_try: bool) -> None:
    """Delete a record, with every reference to it; links to it become plain words."""
    _change(lambda project: records.delete(project, _kind(kind), record_id, with_entries), only_try)


def _change(make: Callable[[Path], records.Change], only_try: bool) -> None:
    project = project_folder()
    try:
        change = make(project)
    except (records.CannotChange, CannotEdit) as error:
        raise click.ClickException(str(error)) from None
    if only_try:
        click.echo(change.as_diff(), nl=False)
    else:
        change.write()
        for path, content in change.files.items():
            click.echo(f"{'deleted' if content is None else 'wrote'} {path}")
        folder = data_folder(project)
        _tell_editor(folder, load(folder).draft)
    for line in change.left:
        click.echo(f"left to do: {line}")


A_YEAR = timedelta(days=365)
DAY = click.DateTime(["%Y-%m-%d"])
ON = click.option("--on", "day", type=DAY, default=lambda: str(date.today()), help="The day, if it is not today.")


@main.command()
@click.argument("kind", type=click.Choice([kind.one for kind in reviews.REVIEWED]))
@click.argument("ids", nargs=-1, metavar="[ID]...")
@ON
@click.option("--next", "again_by", type=DAY, help="The day by which to look again. [default: a year later]")
def reviewed(kind: str, ids: tuple[str, ...], day: datetime, again_by: datetime | None) -> None:
    """Note that somebody who knows has read records against their sources: reviewed case ID."""
    again = again_by.date() if again_by else day.date() + A_YEAR
    _note(_kind(kind), ids, lambda record: reviews.review_noted(record.review, day.date(), again))


@main.command()
@click.argument("ids", nargs=-1, required=True, metavar="SOURCE-ID...")
@ON
def seen(ids: tuple[str, ...], day: datetime) -> None:
    """Note that somebody has seen sources at their addresses: seen c01 c02."""
    _note(KINDS["sources"], ids, lambda _: {("seen",): str(day.date())})


def _note(kind: Kind, ids: tuple[str, ...], values: Callable[[Any], dict[Place, str]]) -> None:
    """Put values into records; ends the command if one is not there or the content would have problems."""
    folder = data_folder(project_folder())
    held = draft().kind(kind.name)
    chosen = ids or (tuple(held) if kind.form == "one record" else ())
    if not chosen:
        raise click.ClickException(f"say which; there are: {listed(held, 20)}")
    for record_id in chosen:
        if record_id not in held:
            right = nearest(record_id, held)
            raise click.ClickException(f"there is no `{record_id}`" + (f"; did you mean {right}" if right else ""))
    try:
        files = reviews.noted(folder, kind, {record_id: values(held[record_id]) for record_id in chosen})
    except CannotEdit as error:
        raise click.ClickException(str(error)) from None
    if refused := [problem for problem in load(folder, files).problems if problem.rule not in LEFT_TO_DO]:
        raise click.ClickException("\n".join(map(str, refused)))
    for file, content in files.items():
        (folder / file).write_bytes(content)
        click.echo(f"wrote {folder / file}")


@main.command("release")
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit with 1 if there is something to write.")
def prepare_release(only_check: bool) -> None:
    """Promise to keep the addresses of the site: give new claims ids, note all pages and places, write CITATION.cff."""
    project = project_folder()
    folder = data_folder(project)
    try:
        texts = release.claim_ids(folder, draft())  # what is left to do is said by the build, with all else
        promised = release.addresses_of(project, texts)
    except (release.CannotRelease, CannotEdit) as error:
        raise click.ClickException(str(error)) from None
    places = sum(len(released.anchors) for released in promised.released)
    click.echo(f"{len(promised.released)} pages with {places} places on them, {len(promised.files)} files.")
    kept = folder / KINDS["addresses"].place
    cited = project / citation_file.NAME
    texts[kept] = release.as_yaml(kept.read_text(encoding="utf-8"), promised)
    texts[cited] = citation_file.text(sound_site(), open_data.VERSION)
    stale = {path: text.encode("utf-8") for path, text in texts.items()}
    stale = {path: text for path, text in stale.items() if not path.is_file() or path.read_bytes() != text}
    if only_check and stale:
        click.echo("Not all of this is written down yet. Run: learning-site release")
        sys.exit(1)
    for path, content in ({} if only_check else stale).items():
        path.write_bytes(content)
        click.echo(f"wrote {path}")


@main.command("write-pages")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def write_pages(folder: Path) -> None:
    """Write every page, finished, into a new folder that Zensical can build: in case MkDocs has to be left."""
    if folder.exists() and any(folder.iterdir()):
        raise click.ClickException(f"{folder} is not empty")
    try:
        written = zensical_project.write(project_folder(), sound_site(), folder)
    except Stopped as stopped:
        for problem in stopped.problems:
            click.echo(problem)
        raise click.ClickException(str(stopped)) from None
    for settings in written:
        click.echo(f"wrote {settings}; build it with: zensical build --strict -f {settings}")


@main.command("proof")
@click.option("--site", "site_folder", type=click.Path(path_type=Path), help="The built site. [default: site/]")
@click.option("--measured", type=click.Path(path_type=Path), help="What tests measured. [default: artefacts/measured/]")
def write_proof(site_folder: Path | None, measured: Path | None) -> None:
    """Say on the built site what was measured on it. Exits with 1 if something was not, and writes nothing then."""
    project = project_folder()
    built = site_folder or project / "site"
    try:
        written = proof.write(built, sound_site(), measured or project / "artefacts" / "measured")
    except (proof.NotMeasured, links.NoChecker) as error:
        raise click.ClickException(str(error)) from None
    if faults := [*output_check.faults(built), *links.broken_links(built, sound_site().settings.address)]:
        raise click.ClickException("\n".join(faults))
    for path in written:
        click.echo(f"wrote {path}")


@main.command("links")
@click.option("--external", is_flag=True, help="Ask for the addresses of the sources instead; never fails.")
@click.option("--site", "site_folder", type=click.Path(path_type=Path), help="The built site. [default: site/]")
@click.option(
    "--report", type=click.Path(path_type=Path), help="Where to write what came of it. [default: in artefacts/]"
)
@ON
def check_links(external: bool, site_folder: Path | None, report: Path | None, day: datetime) -> None:
    """Check every link of the built site, and that every page can be reached. Exits with 1 if not."""
    project = project_folder()
    if external:
        _ask_for_sources(project, report or project / "artefacts" / "external-links.md", day.date())
        return
    site = draft()
    folder = site_folder or project / "site"
    if not (folder / "index.html").is_file():
        raise click.ClickException(f"there is no site in {folder}; build it first: mkdocs build")
    try:
        wrong = links.broken_links(folder, site.settings.address) + links.unreachable_pages(folder)
    except links.NoChecker as error:
        raise click.ClickException(str(error)) from None
    for line in wrong:
        click.echo(line)
    if wrong:
        sys.exit(1)
    click.echo("Every link leads somewhere, and every page can be reached.")


def _ask_for_sources(project: Path, report: Path, day: date) -> None:
    """Ask for the addresses of the sources, and keep and report what came of it; where that cannot be, say why."""
    report.parent.mkdir(parents=True, exist_ok=True)
    folder = data_folder(project)
    kept = folder / KINDS["link_status"].place
    try:
        site, found = _answers(folder, kept, day)
    except links.CannotAsk as error:
        said = f"{error}\nNothing is changed."
        report.write_text(f"{said}\n", encoding="utf-8", newline="\n")
        click.echo(said)
        return
    seen = {source.url: source.seen for source in site.sources.values()}
    status = link_status.after(site.link_status, found, day, seen)
    kept.write_text(link_status.as_yaml(status, kept.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    said = link_status.report(site, status, found, day)
    report.write_text(said, encoding="utf-8", newline="\n")
    click.echo(said.splitlines()[2])
    for path in (kept, report):
        click.echo(f"wrote {path}")


def _answers(folder: Path, kept: Path, day: date) -> tuple[Site, list[links.External]]:
    """The content, and what came of asking for the addresses of its sources. Raises CannotAsk."""
    loaded = load(folder)
    if (site := loaded.draft) is None:
        raise links.CannotAsk("\n".join([*map(str, loaded.problems), "The content has problems; mend them first."]))
    if site.link_status.asked and day < site.link_status.asked:
        last = f"The addresses were asked for on {site.link_status.asked}, which is later than {day}."
        raise links.CannotAsk(f"{last} If that day is wrong, correct `asked:` in {kept}.")
    found = links.check_external(url for source in site.sources.values() for url in source.addresses)
    if link_status.is_network_down(found):
        raise links.CannotAsk(f"None of {len(found)} addresses answers, so this is the network and not they.")
    return site, found


@main.command()
@click.argument("target", metavar="[HOST:]FOLDER")
@click.option("--site", "site_folder", type=click.Path(path_type=Path), help="The built site. [default: site/]")
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    default=publishing.KEPT,
    show_default=True,
    help="How many releases stay on the host; the one before the served one always does.",
)
@click.option("--back", is_flag=True, help="Upload nothing; switch to the release that was served before.")
def publish(target: str, site_folder: Path | None, keep: int, back: bool) -> None:
    """Put the built site on a host by rsync, beside those before it: publish user@host:/var/www/site.

    The web server has to serve FOLDER/current, which switches in one step when all is there.
    """
    place = publishing.Target.read(target)
    try:
        if back:
            served = publishing.go_back(place)
        else:
            served = publishing.publish(site_folder or project_folder() / "site", place, keep)
    except publishing.CannotPublish as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{target}/current is now {served}")


@main.group("translations")
def translations_group() -> None:
    """What is translated, what is not, and what may be out of date."""


LANGUAGE = click.Choice([code for code in LANGUAGES if code != MAIN_LANGUAGE])
STATE = click.Choice(translations.STATES)


@translations_group.command("list")
@click.argument("language", type=LANGUAGE)
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("--only", "states", type=STATE, multiple=True, help="Only these. Can be given several times.")
def list_translations(language: LanguageCode, files: tuple[str, ...], states: tuple[str, ...]) -> None:
    """List the texts of a language that need a translator: where, the English, the translation, agreed words."""
    site, every = _translations(language)
    wanted = set(states or translations.STATES)
    chosen = [text for text in _chosen(every, files) if wanted.intersection(text.states)]
    for text in chosen:
        click.echo(translations.shown(text, site))
    click.echo(translations.summary(every, language, site.share_translated(language)))


@translations_group.command("mark")
@click.argument("language", type=LANGUAGE)
@click.argument("files", nargs=-1, required=True, metavar="FILE[:LINE]...")
def mark_translations(language: LanguageCode, files: tuple[str, ...]) -> None:
    """Mark translations as made from the English as it is now: the one on a line, or all of a file."""
    _mark(language, files, review=False)


@translations_group.command("review")
@click.argument("language", type=LANGUAGE)
@click.argument("files", nargs=-1, required=True, metavar="FILE[:LINE]...")
def review_translations(language: LanguageCode, files: tuple[str, ...]) -> None:
    """Mark translations as checked by a native speaker against the English as it is now."""
    _mark(language, files, review=True)


def _translations(language: LanguageCode) -> tuple[Site, list[Translation]]:
    project = project_folder()
    site, documents = draft_content()
    in_pages = translations.in_pages(project / "docs", language, lambda path: path.relative_to(project).as_posix())
    return site, [*translations.in_data(site, documents, language), *in_pages]


def _chosen(every: list[Translation], files: tuple[str, ...]) -> list[Translation]:
    """The texts in files, or on lines of files, as they were asked for; all where none was."""
    if not files:
        return every
    chosen: list[Translation] = []
    for asked in files:
        try:
            chosen += translations.standing_at(every, asked)
        except LookupError as error:
            raise click.ClickException(str(error)) from None
    return chosen


def _mark(language: LanguageCode, files: tuple[str, ...], review: bool) -> None:
    _, every = _translations(language)
    chosen = [text for text in _chosen(every, files) if text.own is not None]
    try:
        changed = translations.mark(chosen, review)
    except CannotEdit as error:
        raise click.ClickException(str(error)) from None
    said = "reviewed" if review else "made from the English as it is now"
    click.echo(f"{len(chosen)} translation{'' if len(chosen) == 1 else 's'} marked as {said}.")
    for path in changed:
        click.echo(f"wrote {path}")


if __name__ == "__main__":
    main()

"""The command line: check the content, write the schemas, start a new record, check the links of the built site."""

import re
import sys
from pathlib import Path

import click

from learning_site import links, new_record, schema
from learning_site.loading import data_folder, load
from learning_site.model import ID_PATTERN, KINDS, Site


def project_folder() -> Path:
    """The folder with mkdocs.yml, here or above."""
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / "mkdocs.yml").is_file()), here)


def sound_site() -> Site:
    """The content as a site; ends the command if it has problems."""
    loaded = load(data_folder(project_folder()))
    if loaded.site is None:
        raise click.ClickException("mend the content first: learning-site check")
    return loaded.site


@click.group()
def main() -> None:
    """The documentation site of the Engaging Men Learning Initiative, made from YAML."""


@main.command()
def check() -> None:
    """Read all content and say every problem. Exits with 1 if there is any."""
    loaded = load(data_folder(project_folder()))
    for problem in loaded.problems:
        click.echo(problem)
    if loaded.site is None:
        count = len(loaded.problems)
        click.echo(f"\n{count} problem{'s' if count > 1 else ''} to mend.")
        sys.exit(1)
    records = sum(1 for _ in loaded.site.every())
    click.echo(f"No problem in {records} records.")


@main.command("schema")
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit with 1 if a schema is not up to date.")
def write_schemas(only_check: bool) -> None:
    """Write the JSON Schemas that editors use, from the model."""
    folder = data_folder(project_folder())
    if only_check:
        if names := schema.stale(folder):
            click.echo(f"not up to date: {', '.join(names)}. Run: learning-site schema")
            sys.exit(1)
        click.echo("All schemas are up to date.")
        return
    for path in schema.write(folder):
        click.echo(f"wrote {path}")


@main.command()
@click.argument("kind", type=click.Choice([k.one for k in KINDS.values() if k.form != "one record"]))
@click.argument("record_id", metavar="ID")
def new(kind: str, record_id: str) -> None:
    """Start a new record: a valid one to fill in, such as: new case kenya."""
    if not re.match(ID_PATTERN, record_id):
        raise click.ClickException(f"`{record_id}` cannot be an id: small letters, digits, single hyphens")
    try:
        chosen = next(k for k in KINDS.values() if k.one == kind)
        path = new_record.start(data_folder(project_folder()), sound_site(), chosen, record_id)
    except new_record.CannotStart as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"wrote {path}")


@main.command("links")
@click.option("--external", is_flag=True, help="Ask for the addresses of the sources instead; never fails.")
@click.option("--site", "site_folder", type=click.Path(path_type=Path), help="The built site. [default: site/]")
def check_links(external: bool, site_folder: Path | None) -> None:
    """Check every link of the built site, and that every page can be reached. Exits with 1 if not."""
    project = project_folder()
    site = sound_site()
    folder = site_folder or project / "site"
    if not external and not (folder / "index.html").is_file():
        raise click.ClickException(f"there is no site in {folder}; build it first: mkdocs build")
    try:
        if external:
            urls = [url for source in site.sources.values() for url in (source.url, *source.also)]
            table = links.as_table(links.check_external(urls, project / "artefacts"))
            place = project / "artefacts" / "external-links.md"
            place.write_text(table, encoding="utf-8")
            click.echo(table.splitlines()[0].removeprefix("# "))
            click.echo(f"wrote {place}")
            return
        wrong = links.broken_links(folder, site.settings.address) + links.unreachable_pages(folder)
    except links.NoChecker as error:
        raise click.ClickException(str(error)) from None
    for line in wrong:
        click.echo(line)
    if wrong:
        sys.exit(1)
    click.echo("Every link leads somewhere, and every page can be reached.")


if __name__ == "__main__":
    main()

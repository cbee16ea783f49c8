"""The command line: check the content, write the schemas, start a new record, check the links of the built site."""

import sys
from pathlib import Path

import click

from learning_site.loading import data_folder, load


def project_folder() -> Path:
    """The folder with mkdocs.yml, here or above."""
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / "mkdocs.yml").is_file()), here)


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


if __name__ == "__main__":
    main()

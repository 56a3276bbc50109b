"""`waymark directory`: check it, list it by age, print a checklist, record a check."""

from __future__ import annotations

import datetime
from typing import Annotated

import typer

from bot import directory as services
from bot.cli.starting import stop
from bot.errors import WaymarkError

directory = typer.Typer(
    help="The directory of services: check it, see what is oldest, record a check.",
    invoke_without_command=True,
)

OlderThan = Annotated[
    int | None, typer.Option(min=0, help="Only entries checked more days ago than this.")
]


@directory.callback()
def bare(context: typer.Context) -> None:
    """Without a command: check."""
    if not context.invoked_subcommand:
        check()


@directory.command()
def check() -> None:
    """Fail for mistakes, and for emergency numbers unchecked for 12 months; warn after six."""
    from bot.doctor import check_directory

    problems, warnings = check_directory()
    for line in (*problems, *warnings):
        typer.echo(line)
    if problems:
        raise typer.Exit(1)
    typer.echo("The directory is sound.")


@directory.command("list")
def list_entries(older_than: OlderThan = None) -> None:
    """List the entries, the longest unchecked first: days, id, date, role, and how to reach it."""
    today = datetime.date.today()
    for entry in _entries(today, [], older_than):
        reach = " ".join(each for each in (entry.phone, entry.sms_number, entry.web) if each)
        age = (today - entry.checked).days
        typer.echo(f"{age:5}  {entry.id:36} {entry.checked}  {entry.checked_by:9} {reach}")


@directory.command()
def checklist(
    ids: Annotated[
        list[str] | None, typer.Argument(help="Entries, or places; without any, all of them.")
    ] = None,
    older_than: OlderThan = None,
) -> None:
    """Print what a person must ask about each entry, as Markdown with boxes to tick."""
    from bot.directory.checklist import checklist as make

    today = datetime.date.today()
    entries = _entries(today, ids or [], older_than)
    typer.echo(make(services.load_directory(services.DATA), entries, today))


@directory.command()
def record(
    entry_id: Annotated[
        str, typer.Argument(metavar="ID", help="Of a service, or <borough>-<n> of its contact.")
    ],
    role: Annotated[
        str, typer.Option(help="Who checked: operator, volunteer, service; never a name.")
    ],
    source: Annotated[str, typer.Option(help="The page, or 'called by the operator'.")],
    date: Annotated[
        datetime.datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day of the check; without it, today."),
    ] = None,
) -> None:
    """Write a check into the entry's file; nothing else in it changes."""
    from bot.directory.marked_yaml import shown
    from bot.directory.upkeep import record as write

    today, folder = datetime.date.today(), services.DATA
    day = date.date() if date else today
    try:
        before = services.load_directory(folder)
        path = write(entry_id, date=day, role=role, source=source, today=today, folder=folder)
        was, now = (each.service(entry_id) for each in (before, services.load_directory(folder)))
    except WaymarkError as error:
        stop(str(error))
    typer.echo(f"Written: {shown(path)}")
    if now.source != was.source:
        still = "still " if now.source_name == was.source_name else ""
        typer.echo(f"People are {still}told that the source is '{now.source_name}'.")


def _entries(
    today: datetime.date, ids: list[str], older_than: int | None
) -> list[services.Service]:
    from bot.directory.upkeep import by_age

    try:
        found = services.load_directory(services.DATA)
        return by_age(found, today, ids=ids, older_than=older_than)
    except WaymarkError as error:
        stop(str(error))

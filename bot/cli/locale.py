"""`waymark locale`: how far each catalogue has come, and its way to a reader and back."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.starting import read_settings, stop
from bot.errors import WaymarkError

locale = typer.Typer(
    help="Catalogues: their state, a pack for a reader, taking a reviewed file back.",
    invoke_without_command=True,
)

Language = Annotated[str, typer.Argument(help="A gettext code, such as fr or zh_Hans.")]


@locale.callback()
def states(context: typer.Context) -> None:
    """Say how far every catalogue has come."""
    if context.invoked_subcommand:
        return
    from bot.catalogues import review

    for code in review.codes():
        state = review.state_of(code)
        changed = f", {state.changed} changed since" if state.changed else ""
        read = f" ({state.read}{changed})" if state.read else ""
        typer.echo(f"{code:8} {state.said:4} of {state.messages}  {state.state}{read}")


@locale.command()
def pack(
    language: Language,
    out: Annotated[Path, typer.Option(help="Write the page here.")] = Path("pack.html"),
) -> None:
    """Write every conversation and message, English beside it, as one printable page."""
    settings = read_settings()
    from bot.catalogues import review, review_pack
    from bot.conversation import Conversations
    from bot.engine.embedded import EmbeddedEngine
    from bot.wording import load_wording

    try:
        review.state_of(language)
        engine = EmbeddedEngine(settings.model)
        try:
            wording = load_wording()
            page = review_pack.make_pack(language, Conversations(engine, wording), wording)
        finally:
            engine.close()
        out.write_text(page, encoding="utf-8")
    except (WaymarkError, OSError) as error:
        stop(str(error))
    typer.echo(f"Written: {out}. Open it in a browser, print it or send it.")


@locale.command()
def take(
    language: Language,
    file: Annotated[Path, typer.Argument(help="The PO file that the reader sent back.")],
    reader: Annotated[
        str, typer.Option(help="What kind of reader, never a name: 'a native speaker, a nurse'.")
    ],
    state: Annotated[
        str, typer.Option(help="read-by-native-speaker or checked-by-specialist.")
    ] = "read-by-native-speaker",
) -> None:
    """Check a reviewed PO file, put it in place of ours and note that it was read."""
    from bot.catalogues import review

    today = datetime.date.today()
    try:
        changes = review.take(language, file, state=state, reader=reader, date=today)
    except review.FaultyCatalogueError as error:
        stop("\n".join([str(error), *error.faults]))
    except (WaymarkError, OSError) as error:
        stop(str(error))
    typer.echo(f"{len(changes)} messages were changed. Now: make widget, make test.")


@locale.command()
def changes(language: Language) -> None:
    """List the messages that are not as they were when a person last read them."""
    from bot.catalogues import review

    try:
        found = review.changes_since_review(language)
        state = review.state_of(language)
    except WaymarkError as error:
        stop(str(error))
    if not state.read:
        stop("Nobody has read this catalogue yet.")
    for change in found:
        typer.echo(f"{change.context}: {change.english}\n- {change.before}\n+ {change.now}")
    typer.echo(f"{len(found)} messages changed since {state.read}.")

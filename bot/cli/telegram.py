"""`waymark telegram setup` and `waymark telegram poster`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.starting import read_settings, stop
from bot.errors import WaymarkError

telegram = typer.Typer(
    help="What stands around the Telegram bot: its name and commands, posters.",
    no_args_is_help=True,
)


@telegram.command("setup")
def telegram_setup(
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask before changing.")] = False,
) -> None:
    """Set the bot's name, descriptions and commands in every language; shows changes first."""
    settings = read_settings()
    if not settings.telegram_token:
        stop("Set TELEGRAM_BOT_TOKEN to the token that BotFather gave you.")
    from bot.channels.telegram.bot_api import run_with_bot
    from bot.channels.telegram.setup import set_up
    from bot.wording import load_wording

    def agrees() -> bool:
        return yes or typer.confirm("Change this?")

    try:
        wording = load_wording()
        is_done = run_with_bot(
            settings,
            lambda bot: set_up(bot, wording, say=typer.echo, agrees=agrees),
        )
    except WaymarkError as error:
        stop(str(error))
    if not is_done:
        raise typer.Exit(1)


@telegram.command("poster")
def telegram_poster(
    language: Annotated[str, typer.Option(help="A language code, e.g. vi.")],
    borough: Annotated[str | None, typer.Option(help="A borough id, e.g. southwark.")] = None,
    route: Annotated[str | None, typer.Option(help="self, other or worker.")] = None,
    bot: Annotated[str | None, typer.Option(help="The bot's name; else Telegram is asked.")] = None,
    web: Annotated[str | None, typer.Option(help="Lead to this web page instead.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write here instead of to the screen.")] = None,
) -> None:
    """Make a printable page with a QR code and pieces to tear off."""
    settings = read_settings()
    from bot.channels.telegram import poster
    from bot.channels.telegram.bot_api import ask_username
    from bot.wording import load_wording

    try:
        wording = load_wording()
        link = poster.hints(wording, language, borough, route)
        if web:
            way = poster.web_way(web, link)
        elif bot or settings.telegram_token:
            way = poster.telegram_way(bot or ask_username(settings), link)
        else:
            stop("Give --bot NAME, or set TELEGRAM_BOT_TOKEN so that Telegram can be asked.")
        page = poster.make_poster(wording, link, way)
        out.write_text(page, encoding="utf-8") if out else typer.echo(page)
    except (WaymarkError, OSError) as error:
        stop(str(error))
    if wording.catalogues.languages[link.language or "en"].is_draft:
        typer.echo("A machine drafted these words: have them read before you print.", err=True)

"""How every command starts, and how it stops when it can't go on."""

from __future__ import annotations

import os
from typing import NoReturn

import typer

from bot.errors import WaymarkError
from bot.settings import Settings, load_settings


def read_settings() -> Settings:
    """The settings, with logging set up and dumps forbidden; a wrong one stops the command."""
    from bot import memory
    from bot.privacy import keep_quiet

    try:
        settings = load_settings(os.environ)
    except WaymarkError as error:
        stop(str(error))
    keep_quiet(settings.log_level)
    memory.forbid_dumps()
    return settings


def stop(message: str) -> NoReturn:
    """Say what is wrong and end with code 1."""
    typer.echo(message, err=True)
    raise typer.Exit(1)

"""How every command starts, and how it stops when it can't go on."""

from __future__ import annotations

import os
from typing import NoReturn

import typer

from bot.errors import WaymarkError
from bot.settings import Settings, load_settings


def read_settings() -> Settings:
    """The settings, with logging set up; a wrong one stops the command."""
    from bot.privacy import configure_logging

    try:
        settings = load_settings(os.environ)
    except WaymarkError as error:
        stop(str(error))
    configure_logging(settings.log_level)
    return settings


def stop(message: str) -> NoReturn:
    """Say what is wrong and end with code 1."""
    typer.echo(message, err=True)
    raise typer.Exit(1)

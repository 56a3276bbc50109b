"""Languages that people speak, for asking an interpreter; more than Waymark itself speaks."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import yaml

from bot.errors import WaymarkError
from bot.i18n import LOCALES


@dataclass(frozen=True)
class Spoken:
    """A language's name in English and in itself."""

    english_name: str
    name: str


class SpokenError(WaymarkError, ValueError):
    """locales/spoken.yml is missing or malformed."""


@functools.lru_cache(maxsize=1)
def load_spoken() -> dict[str, Spoken]:
    """Languages by code, in the order in which they are offered.

    Raises:
        SpokenError: the file is missing, or an entry is not two names.
    """
    file = LOCALES / "spoken.yml"
    try:
        listed = yaml.safe_load(file.read_text(encoding="utf-8"))
        return {code: Spoken(*names) for code, names in listed.items()}
    except (OSError, TypeError, AttributeError, yaml.YAMLError) as error:
        raise SpokenError(f"{file} can't be read: {error}") from error

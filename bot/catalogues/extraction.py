"""Babel extractors for the English sources: domain.yml, the services and the widget.

Used by scripts/strings. Each message has a context: the response's name, `service.<id>.<field>`
or `widget.<key>`, so that equal English may differ in translation.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import Any, BinaryIO

import yaml

NAME_NOTE = "An official name: keep it in English, add a plain translation only if it helps."
DESCRIBED_NOTE = "Not an official name: translate it."
DESCRIBED = ("emergency-999", "police-101")

Extracted = Generator[tuple[int, str, tuple[str, str], list[str]], None, None]


def domain(
    stream: BinaryIO, keywords: Iterable[str], tags: Iterable[str], options: dict[str, Any]
) -> Extracted:
    """Texts and button titles of domain.yml, with `custom: note` for translators."""
    for name, variations in yaml.safe_load(stream)["responses"].items():
        for variation in variations:
            note = (variation.get("custom") or {}).get("note")
            notes = [note] if note else []
            yield 1, "pgettext", (name, variation["text"]), notes
            for button in variation.get("buttons") or ():
                yield 1, "pgettext", (name, button["title"]), ["A button: keep it short."]


def services(
    stream: BinaryIO, keywords: Iterable[str], tags: Iterable[str], options: dict[str, Any]
) -> Extracted:
    """Name and description of a service, from its file."""
    service = yaml.safe_load(stream)
    note = NAME_NOTE if service["id"] not in DESCRIBED else DESCRIBED_NOTE
    yield 1, "pgettext", (f"service.{service['id']}.name", service["name"]), [note]
    yield 1, "pgettext", (f"service.{service['id']}.description", service["description"]), []


def widget(
    stream: BinaryIO, keywords: Iterable[str], tags: Iterable[str], options: dict[str, Any]
) -> Extracted:
    """Strings of the widget and its page, with their notes from strings.notes.json."""
    strings = json.load(stream)
    notes = json.loads(Path(stream.name).with_name("strings.notes.json").read_text("utf-8"))
    for key, text in strings.items():
        yield 1, "pgettext", (f"widget.{key}", text), [notes[key]] if key in notes else []

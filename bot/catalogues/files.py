"""Catalogues as files: without dates, places or wrapping, so that a diff shows words only."""

from __future__ import annotations

import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po


def as_po(catalogue: Catalog, *, omit_header: bool) -> str:
    """The text of a PO file; messages that are not in use are left out."""
    stream = io.BytesIO()
    write_po(
        stream,
        catalogue,
        width=0,
        no_location=True,
        omit_header=omit_header,
        ignore_obsolete=True,
    )
    return stream.getvalue().decode("utf-8")


def read_catalogue(file: Path, language: str | None = None) -> Catalog:
    """A PO or POT file.

    Raises:
        OSError: it can't be opened.
        PoFileError: it is no such file.
    """
    with file.open("rb") as stream:
        return read_po(stream, locale=language, abort_invalid=True)


def header(file: Path) -> str:
    """What stands above the first message, with the empty line; Babel would drop some of it."""
    text = file.read_text(encoding="utf-8")
    return text[: text.index("\n\n") + 2] if text.startswith(("#", "msgid")) else ""

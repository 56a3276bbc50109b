"""Finished months of tallies: when one is over, what of it is shown, and the file that it becomes.

Numbers under ten are left out, others are rounded down, and there are no totals, from which what
is left out could be worked out. A month is written once and stays as it is, so that no two states
of it can be compared.
"""

from __future__ import annotations

import csv
import datetime
import io
import os
import re
import secrets
from pathlib import Path
from typing import Final

from bot.errors import TalliesError
from bot.tallies.books import Month

LEAST: Final = 10
"""Conversations; a smaller number is never shown."""
STEP: Final = 5
"""Others are rounded down to a multiple of this."""
SETTLED_AFTER: Final = datetime.timedelta(hours=1)
"""After a month's end: no conversation of it is held any more (KEEP_S), so nobody can take
anything back."""
COLUMNS: Final = ("month", "borough", "sign", "at_least", "counted_from")

_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")
_OWNER_ONLY: Final = 0o600


def name_of(day: datetime.date) -> str:
    """A day's month, such as '2026-11'."""
    return day.strftime("%Y-%m")


def months_over(now: datetime.datetime) -> list[str]:
    """The last two months of which nothing can change any more."""
    last = _before(_first(now - SETTLED_AFTER))
    return [name_of(last), name_of(_before(last))]


def next_end(now: datetime.datetime) -> datetime.datetime:
    """When the month that runs now will be over, and settled."""
    first = (_first(now - SETTLED_AFTER) + datetime.timedelta(days=31)).replace(day=1)
    return datetime.datetime.combine(first, datetime.time(), now.tzinfo) + SETTLED_AFTER


def table(month: str, counted: Month) -> str:
    """A month as CSV, without what is under ten."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for cell, number in sorted(counted.cells.items()):
        if number >= LEAST:
            place, sign = cell.split(" ")
            writer.writerow([month, place, sign, number - number % STEP, counted.since])
    return text.getvalue()


def write_once(file: Path, text: str) -> None:
    """Whole or not at all; what was published stays as it is.

    Raises:
        OSError: the folder can't be written to.
    """
    if file.exists():
        return
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def published(folder: Path, month: str | None, today: datetime.date) -> str:
    """A month that was written.

    Args:
        month: such as '2026-11'; None for the last that is over.

    Raises:
        TalliesError: there is none, and why.
    """
    month = month or name_of(_before(today))
    if not _MONTH.fullmatch(month):
        raise TalliesError("A month looks like 2026-11.")
    if month >= name_of(today):
        raise TalliesError(f"{month} is not over. A month can be read once it is.")
    try:
        return (folder / f"{month}.csv").read_text("utf-8")
    except FileNotFoundError:
        raise TalliesError(
            f"There is no {month}.csv in WAYMARK_TALLIES. It is written an hour after the month's"
            " end, with the next message that comes, if anything was counted."
        ) from None


def check_folder(folder: Path) -> None:
    """Whether months can be written there.

    Raises:
        TalliesError: not; says what to do.
    """
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        raise TalliesError(
            "WAYMARK_TALLIES must be a folder that is there and that Waymark may write to"
        )


def _first(day: datetime.date) -> datetime.date:
    return datetime.date(day.year, day.month, 1)


def _before(day: datetime.date) -> datetime.date:
    """The first day of the month before."""
    return _first(_first(day) - datetime.timedelta(days=1))

"""A list in Markdown for a person who checks the directory, with a box for every question."""

from __future__ import annotations

import datetime
import shlex
from typing import Final

from bot.directory.lookup import Directory, Service
from bot.directory.marked_yaml import shown
from bot.directory.upkeep import file_of

_HEAD: Final = """\
# Check of the directory, {today}

- Read the service's own page first. Ring only where it leaves a question open.
- Ring in quiet hours and be brief: "I keep a list of services and need no help. Is this right?"
  Somebody in need may be waiting.
- Never ring or text a number for emergencies to try it.
- Correct the file first, then record the check. What can't be confirmed is removed, not guessed.
- Write no names down: of callers, of those who answer, of yourself.
"""
_NO_RING: Final = "**Do not ring or text it to try it.** Read it on an official page.\n"


def checklist(directory: Directory, entries: list[Service], today: datetime.date) -> str:
    """What to ask about each entry, and the command that records the check."""
    parts = [_HEAD.format(today=today.isoformat())]
    return "\n".join([*parts, *(_one(directory, entry, today) for entry in entries)])


def _one(directory: Directory, entry: Service, today: datetime.date) -> str:
    days = (today - entry.checked).days
    read = f", page of {entry.source_date}" if entry.source_date else ", page without a date"
    command = ["waymark", "directory", "record", entry.id, "--role", "operator", "--source"]
    lines = [
        f"## {entry.id}: {entry.name}\n",
        _NO_RING if "danger" in entry.needs or not (entry.phone or entry.web) else None,
        f"In `{shown(file_of(directory, entry))}`. Last check: {entry.checked}"
        f" ({days} days ago), {entry.checked_by}.\n",
        *_ways(entry),
        f"- [ ] Hours: {_hours(entry)}. And on bank holidays?",
        "- [ ] Languages: which, or which interpreters? What must the caller say?",
        "- [ ] Cost: of the call from a mobile, and of the help. Free without credit?",
        f"- [ ] Who it is for: {_whom(entry)}. Whom does it turn away?",
        f'- [ ] Still true: "{entry.description}"' if entry.description else None,
        f"- [ ] Source page still says so: {entry.source}{read}",
        f"- [ ] Open questions: {entry.note}" if entry.note else None,
        f"- [ ] Recorded: `{shlex.join(command)} 'THE PAGE, or: called by the operator'`\n",
    ]
    return "\n".join(line for line in lines if line is not None)


def _ways(entry: Service) -> list[str]:
    option = f", then {entry.option}" if entry.option else ""
    word = f"the word {entry.sms_word}" if entry.sms_word else "any words"
    return [
        *([f"- [ ] Number: {entry.phone}{option}. Who answers?"] if entry.phone else []),
        *([f"- [ ] Text: {word} to {entry.sms_number}"] if entry.sms_number else []),
        *([f"- [ ] Web: {entry.web} opens, and is the service's own"] if entry.web else []),
    ]


def _hours(entry: Service) -> str:
    if isinstance(entry.hours, str):
        return entry.hours.replace("_", " ")
    return ", ".join(
        f"{'-'.join(dict.fromkeys(each.days))} {each.opens}-{each.closes}" for each in entry.hours
    )


def _whom(entry: Service) -> str:
    needs = f"; {', '.join(sorted(entry.needs))}" if entry.needs else ""
    return f"{', '.join(sorted(entry.audience))}; ages {entry.ages}; {entry.area}{needs}"

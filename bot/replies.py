"""What a channel shows: replies with choices and links, already in the person's language."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Tone = Literal["normal", "urgent"]


@dataclass(frozen=True)
class Choice:
    """A button. `id` goes back to the conversation as it is. `ticked`: chosen from the start."""

    id: str
    label: str
    ticked: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The HTTP shape."""
        return {"id": self.id, "label": self.label} | ({"ticked": True} if self.ticked else {})


@dataclass(frozen=True)
class Link:
    """Something to call, text or open."""

    label: str
    href: str
    kind: Literal["call", "text", "web"]


@dataclass(frozen=True)
class Side:
    """The same reply in another language: for the person beside a worker, or for paper."""

    language: str
    dir: str
    text: str
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Reply:
    """One message to the person.

    `multiple`: several choices may be sent together. `card`: made to be shown or read out to
    others. `progress`: how far the questions are, in words. `record`: the part of a worker's
    notes that it belongs to. `to_show`: the language in which a worker shows it to the person.
    `sides`: the same in that language and in English, where the reply itself is in another.
    `response`: its name in domain.yml, for channels that show some replies in their own way;
    never sent out.
    """

    text: str
    tone: Tone = "normal"
    choices: tuple[Choice, ...] = ()
    links: tuple[Link, ...] = ()
    multiple: bool = False
    printable: bool = False
    card: bool = False
    progress: str = ""
    record: str = ""
    to_show: str = ""
    sides: tuple[Side, ...] = ()
    response: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The HTTP shape (DESIGN section 6); false extras are left out."""
        shape = asdict(self)
        del shape["response"]
        for extra in ("multiple", "printable", "card", "progress", "record", "to_show", "sides"):
            if not shape[extra]:
                del shape[extra]
        shape["choices"] = [choice.as_dict() for choice in self.choices]
        shape["links"] = list(shape["links"])
        if self.sides:
            shape["sides"] = [
                {**asdict(side), "choices": [choice.as_dict() for choice in side.choices]}
                for side in self.sides
            ]
        return shape


@dataclass(frozen=True)
class Turn:
    """All replies to one message. `ended`: the conversation no longer exists."""

    language: str
    dir: str
    replies: tuple[Reply, ...]
    ended: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The HTTP shape."""
        return {
            "language": self.language,
            "dir": self.dir,
            "replies": [reply.as_dict() for reply in self.replies],
            "ended": self.ended,
        }

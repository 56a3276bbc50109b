"""The HTTP shapes (DESIGN section 6), from which /api/v1/openapi.json is generated."""

from __future__ import annotations

from apiflask import Schema
from apiflask.fields import Boolean, Dict, Integer, List, Nested, String
from apiflask.validators import Length, OneOf, Regexp
from marshmallow import EXCLUDE, RAISE, ValidationError, validates_schema

MAX_TEXT_CHARS = 10_000
"""Longer texts are refused; see bot/text.py for what is read of shorter ones."""


class Strict(Schema):
    """Unknown fields are errors."""

    class Meta:
        unknown = RAISE


class StartIn(Strict):
    """Hints for a new conversation."""

    language = String(validate=Length(max=35), metadata={"description": "A language tag, e.g. es."})
    route = String(validate=OneOf(["self", "other", "worker"]))
    borough = String(validate=Length(max=40), metadata={"description": "A borough id."})


class MessageIn(Strict):
    """Exactly one of text, choice and choices."""

    text = String(validate=Length(max=MAX_TEXT_CHARS))
    choice = String(validate=Length(max=200))
    choices = List(String(validate=Length(max=200)), validate=Length(min=1, max=20))

    @validates_schema
    def one_of_them(self, data: dict[str, object], **_: object) -> None:
        """Refuse none or several."""
        if len(data) != 1:
            raise ValidationError("Send exactly one of text, choice or choices.")


class PatienceIn(Schema):
    """How long the client waits for an answer (RFC 7240)."""

    class Meta:
        unknown = EXCLUDE

    prefer = String(
        data_key="Prefer",
        load_default="",
        metadata={
            "description": "`wait=8` from a client that shows the numbers meanwhile; without it"
            " an answer that takes longer than two seconds is an apology with the numbers."
        },
    )


class KeyIn(PatienceIn):
    """Of a message that may have to be sent again."""

    idempotency_key = String(
        data_key="Idempotency-Key",
        load_default="",
        validate=Regexp(r"[A-Za-z0-9_-]{0,40}\Z"),
        metadata={"description": "The same when a message is sent again: it is then taken once."},
    )


class EraseIn(Schema):
    """Why a conversation is erased."""

    class Meta:
        unknown = EXCLUDE

    closed = Boolean(
        load_default=False,
        metadata={
            "description": "The page was closed, and nobody asked to delete: where the operator"
            " keeps anonymous tallies, what was counted stays."
        },
    )


class LinkOut(Schema):
    """Something to call, text or open."""

    label = String(required=True)
    href = String(required=True)
    kind = String(required=True, validate=OneOf(["call", "text", "web"]))


class ChoiceOut(Schema):
    """A button; send its id back."""

    id = String(required=True)
    label = String(required=True)
    ticked = Boolean(metadata={"description": "Chosen from the start, where several may be."})


class SideOut(Schema):
    """A worker's question in another language."""

    language = String(required=True)
    dir = String(required=True, validate=OneOf(["ltr", "rtl"]))
    text = String(required=True)
    choices = List(Nested(ChoiceOut), required=True)


class ReplyOut(Schema):
    """One message of the assistant."""

    text = String(required=True)
    tone = String(required=True, validate=OneOf(["normal", "urgent"]))
    choices = List(Nested(ChoiceOut), required=True)
    links = List(Nested(LinkOut), required=True)
    multiple = Boolean(metadata={"description": "Several choices may be sent together."})
    card = Boolean(metadata={"description": "Made to be shown or read out to others."})
    progress = String(metadata={"description": "How far the questions are, in words."})
    record = String(metadata={"description": "The part of a worker's notes it belongs to."})
    to_show = String(
        metadata={"description": "Language of the side that a worker shows to the person."}
    )
    sides = List(Nested(SideOut), metadata={"description": "The same in other languages."})
    printable = Boolean(metadata={"description": "A summary may be printed in the browser."})


class TurnOut(Schema):
    """The replies to one message."""

    language = String(required=True)
    dir = String(required=True, validate=OneOf(["ltr", "rtl"]))
    replies = List(Nested(ReplyOut), required=True)
    ended = Boolean(required=True, metadata={"description": "The conversation is deleted."})


class StartOut(TurnOut):
    """The first turn, and the token that opens the conversation."""

    token = String(required=True)


class KeptOut(Schema):
    """For how long."""

    minutes = Integer(required=True)


class NumbersOut(Schema):
    """The emergency numbers."""

    language = String(required=True)
    dir = String(required=True)
    numbers = List(Nested(LinkOut), required=True)


class StringsIn(Schema):
    """Which words. What is not known is passed over."""

    class Meta:
        unknown = EXCLUDE

    language = String(metadata={"description": "A language tag, e.g. es."})
    borough = String(metadata={"description": "Its own languages come first in the list."})
    purpose = String(
        data_key="for",
        metadata={"description": "'worker': with the words of what a worker has beside the chat."},
    )


class LanguageOut(Schema):
    """A language to choose."""

    code = String(required=True)
    name = String(required=True)
    dir = String(required=True)


class StringsOut(NumbersOut):
    """The widget's own words."""

    strings = Dict(keys=String(), values=String(), required=True)
    languages = List(Nested(LanguageOut), required=True)


class ErrorDetail(Schema):
    """What went wrong, in words that can be shown, with the numbers."""

    code = String(required=True)
    message = String(required=True)
    links = List(Nested(LinkOut), required=True)


class ErrorOut(Schema):
    """The one error shape."""

    error = Nested(ErrorDetail, required=True)
    language = String(required=True)
    dir = String(required=True)


class HealthOut(Schema):
    """Whether this process can answer."""

    status = String(required=True)

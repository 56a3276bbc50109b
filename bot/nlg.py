"""Rasa's natural language generator: looks words up in the catalogues, makes none up.

The one place in a conversation that knows its language. Actions pass names of responses,
never prose:

    dispatcher.utter_message(response="utter_say_back_self", items=[say("utter_label_debt")])

`buttons_of` takes the buttons of another response, and `beside` says in which language their
labels stand a second time, for the person beside a worker. `ticked` lists payloads that are
chosen from the start. A value may be plain text (a proper noun, a number), `{"say": response}`,
or `{"say": response, "in": language}`; a list of these becomes one line each.

What goes into a worker's notes (`record`) comes with its English beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.engine.in_process_actions import failures
from bot.i18n import SOURCE_LANGUAGE
from bot.replies import Choice, Reply, Side
from bot.wording import Wording, load_wording

BULLET: Final = "• "
STEPS: Final = "steps"
"""Record of what the worker does next, which is not for the person to check."""
_NOT_VALUES: Final = frozenset(
    [
        "text",
        "buttons",
        "elements",
        "custom",
        "template",
        "response",
        "image",
        "attachment",
        "domain_responses",
        "ticked",
    ]
)


class CatalogueNlg(NaturalLanguageGenerator):
    """Named in endpoints.yml. Unknown responses or placeholders raise, they are not skipped."""

    def __init__(self, endpoint_config: EndpointConfig, domain: Domain) -> None:
        self._wording: Wording = load_wording()

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """Rasa's message for a response, with Waymark's extras under `custom`."""
        try:
            return self._message(utter_action, tracker, kwargs)
        except Exception:
            failures.get([]).append(utter_action)
            raise

    def _message(
        self, utter_action: str, tracker: DialogueStateTracker, given: dict[str, Any]
    ) -> dict[str, Any]:
        values = {key: value for key, value in given.items() if key not in _NOT_VALUES}
        language = self._wording.catalogues.known(
            values.pop("language", None) or tracker.get_slot("language")
        )
        if service := values.pop("service", None):
            reply = self._wording.service_reply(language, service)
        else:
            theirs = self._wording.catalogues.known(tracker.get_slot("person_language"))
            reply = self._reply(language, theirs, utter_action, values)
        ended = utter_action == "utter_deleted"
        message = _as_message(reply, language, given.get("ticked") or (), ended=ended)
        if language == SOURCE_LANGUAGE and (into := tracker.get_slot("translated_into")):
            message["custom"]["translated_into"] = into
        return message

    def _reply(self, language: str, theirs: str, name: str, values: dict[str, Any]) -> Reply:
        made = values.pop("choices", ())
        choices = self._choices(language, made)
        links = values.pop("links", None)
        variant = values.pop("variant", 0)
        beside = values.pop("beside", None)
        question = values.pop("buttons_of", None)
        record = values.pop("record", None)
        if question:
            choices = [*self._buttons(language, beside or language, question), *choices]
        reply = self._wording.reply(
            language,
            name,
            variant=variant,
            choices=choices,
            links=links,
            **self._filled(language, values),
        )
        if question:
            progress = self._wording.progress(language, question)
            reply = replace(reply, progress=progress, record=record or "", to_show=beside or "")
            values, made = {}, ()
        wanted = self._sides_wanted(language, theirs, reply)
        sides = (self._side(each, question or name, values, made) for each in wanted)
        return replace(reply, sides=tuple(sides))

    def _choices(self, language: str, made: Sequence[dict[str, Any]]) -> list[Choice]:
        return [Choice(each["payload"], self._resolve(language, each["label"])) for each in made]

    def _filled(self, language: str, values: dict[str, Any]) -> dict[str, str]:
        return {key: self._resolve(language, value) for key, value in values.items()}

    def _buttons(self, language: str, beside: str, question: str) -> list[Choice]:
        """A question's buttons, their labels in one language or two."""
        own, theirs = (self._wording.reply(each, question).choices for each in (language, beside))
        return [
            mine if mine == other else Choice(mine.id, f"{mine.label} · {other.label}")
            for mine, other in zip(own, theirs, strict=True)
        ]

    def _sides_wanted(self, language: str, theirs: str, reply: Reply) -> list[str]:
        """For the notes: the person's language, in which they can check them, and English."""
        if not reply.record:
            return []
        is_checked = reply.record != STEPS
        wanted = [theirs, SOURCE_LANGUAGE] if is_checked else [SOURCE_LANGUAGE]
        return [each for each in dict.fromkeys(wanted) if reply.to_show or each != language]

    def _side(
        self, language: str, name: str, values: dict[str, Any], made: Sequence[dict[str, Any]]
    ) -> Side:
        choices = self._choices(language, made)
        filled: dict[str, Any] = dict(self._filled(language, values))
        same = self._wording.reply(language, name, choices=choices, **filled)
        return Side(
            language, self._wording.catalogues.languages[language].dir, same.text, same.choices
        )

    def _resolve(self, language: str, value: Any) -> str:
        if isinstance(value, list):
            return "\n".join(BULLET + self._resolve(language, each) for each in value)
        if not isinstance(value, dict):
            return str(value)
        said_in = value.get("in") or language
        inner: dict[str, Any] = {
            key: self._resolve(said_in, each)
            for key, each in value.items()
            if key not in ("say", "in")
        }
        return self._wording.text(said_in, value["say"], **inner)


def _as_message(
    reply: Reply, language: str, ticked: Sequence[str], *, ended: bool
) -> dict[str, Any]:
    shape = reply.as_dict()
    choices = shape.pop("choices")
    return {
        "text": shape.pop("text"),
        "buttons": [{"title": each["label"], "payload": each["id"]} for each in choices],
        "custom": {
            **shape,
            "language": language,
            "ended": ended,
            "response": reply.response,
            **({"ticked": list(ticked)} if ticked else {}),
        },
    }

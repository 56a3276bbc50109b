"""Rasa component: the last word on a message, so that the worst cases never hang on a model.

Adds flags found by reviewed phrases, gives safe words their intent, and lets a flag decide
the intent. Must stand last in the pipeline.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Final

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.answers import all_languages, is_only_an_answer
from bot.directory import load_directory
from bot.nlu import fingerprint
from bot.nlu.labels import DISCLOSURE_INTENT, FLAGS, INTERRUPTS
from bot.nlu.message_classifier import HEARD
from bot.nlu.phrases import NOT_DANGER, DangerPhrases, SafePhrases, read_lists
from bot.nlu.scorer import NotTrainedError
from bot.nlu.sentence_encoder import SentenceEncoder
from bot.text import count_words, has_words

SAFE_INTENTS: Final = (
    *("ask_help", "ask_numbers", "stop_chat", "delete_chat"),
    *("skip_question", "continue_chat", "pause_chat", "say_cannot_call"),
)
FALLBACK_INTENT: Final = "nlu_fallback"
OUT_OF_SCOPE: Final = "out_of_scope"
"""Keys pressed at random; learned so that they are not taken for a request."""
PLACE_INTENT: Final = "inform_place"
SMALL_TALK: Final = ("chat_", "ask_other_topic", "express_feeling", "tell_all_well")
"""Beginnings of intents that never outweigh a label that was heard."""
_FILE = "phrases.json"


SHORT_ANSWERS: Final = frozenset(
    {"affirm", "deny", "say_unsure", "inform_hours", "skip_question", "greet", "thank"}
)
LISTED_CHANCE: Final = 0.99
UNHEARD_CHANCE: Final = 0.5
"""Chance of any concern where a phrase decides it, and at the most where nothing counts."""
HOURS_INTENT: Final = "inform_hours"
_SHORT_ANSWER_WORDS: Final = 4
_SHORT_ANSWER_SURE: Final = 0.8


def _is_short_answer(text: str, intent: dict[str, Any]) -> bool:
    """'No', 'not always', '16 hours': the question that it answers gives it its meaning."""
    return (
        intent["name"] in SHORT_ANSWERS
        and intent["confidence"] >= _SHORT_ANSWER_SURE
        and count_words(text) <= _SHORT_ANSWER_WORDS
    )


CONTROL: Final = frozenset({"stop_chat", "delete_chat", "say_not_alone", "say_goodbye"})
_CONTROL_SURE: Final = 0.95
_CONTROL_WORDS: Final = 8


def _is_control(text: str, intent: dict[str, Any]) -> bool:
    """'Please stop asking me', 'I can't talk, he is listening': obeyed at once. Where only the
    model hears danger in such words, an urgent answer would stay on a screen that is watched.
    """
    return (
        intent["name"] in CONTROL
        and intent["confidence"] >= _CONTROL_SURE
        and count_words(text) <= _CONTROL_WORDS
    )


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SafetyNet(GraphComponent):
    """Phrases and flags over the classifier's opinion."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Needs the vectors' pipeline. That MessageClassifier stands before it can't be said here:
        Rasa's training graph does not chain classifiers.
        """
        return [SentenceEncoder]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`unsure_below`: share of the best intent under which the message is not understood."""
        return {
            "danger_phrases": "data/danger_phrases",
            "safe_phrases": "data/safe_phrases",
            "unsure_below": 0.3,
            "sure_intent": 0.6,
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        danger: DangerPhrases | None = None,
        safe: SafePhrases | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._danger = danger
        self._safe = safe

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SafetyNet:
        """Create without phrases."""
        return cls(config, model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """A changed phrase list, or changed code, makes the model stale."""
        config = cls.get_default_config() | config  # Rasa may give what config.yml names only
        digest = hashlib.sha256(fingerprint.of_code().encode())
        for key in ("danger_phrases", "safe_phrases"):
            for file in sorted(Path(config[key]).glob("*.yml")):
                digest.update(file.name.encode() + file.read_bytes())
        return digest.hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        """Read the lists and keep them in the model; a bad list stops the training."""
        lists = {
            "danger": read_lists(Path(self._config["danger_phrases"]), (*FLAGS, NOT_DANGER)),
            "safe": read_lists(Path(self._config["safe_phrases"]), SAFE_INTENTS),
        }
        with self._model_storage.write_to(self._resource) as folder:
            (folder / _FILE).write_text(json.dumps(lists, ensure_ascii=False), encoding="utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SafetyNet:
        """Load the lists; raises when they are missing, never goes on without them."""
        try:
            with model_storage.read_from(resource) as folder:
                lists = json.loads((folder / _FILE).read_text(encoding="utf-8"))
            danger = DangerPhrases.from_lists(lists["danger"])
            safe = SafePhrases.from_lists(lists["safe"])
        except (OSError, ValueError, KeyError) as error:
            raise NotTrainedError(
                "phrase lists are missing: train again with `make train`"
            ) from error
        return cls(config, model_storage, resource, danger, safe)

    def process(self, messages: list[Message]) -> list[Message]:
        """Settle flags and intent of every message that has text."""
        for message in messages:
            if message.get(TEXT):
                self._settle(message)
        return messages

    def _settle(self, message: Message) -> None:
        if self._danger is None or self._safe is None:
            raise NotTrainedError("SafetyNet was asked before it was trained")
        text = str(message.get(TEXT))
        heard = message.get(HEARD)
        if _is_short_answer(text, message.get(INTENT)):
            heard.update(signs=[], types=[])
            if message.get(INTENT)["name"] == HOURS_INTENT:
                heard["flags"] = []  # '16 hours' is no age
        if is_only_an_answer(text, all_languages()):
            heard.update(flags=[], signs=[], types=[])  # 'I don't know' is no danger by itself
        if load_directory().place_names.is_place(text):
            message.set(INTENT, {"name": PLACE_INTENT, "confidence": 1.0})
            heard.update(flags=[], signs=[], types=[])
        listed = self._danger.find(text)
        safe = self._safe.find(text)
        if safe:
            heard.update(flags=[], signs=[], types=[])
        elif _is_control(text, message.get(INTENT)):
            heard["flags"] = [flag for flag in heard["flags"] if flag != "immediate_danger"]
        heard["flags"] = sorted({*heard["flags"], *listed})
        intent = dict(message.get(INTENT))
        message.set("answer_intent", dict(intent), add_to_output=True)
        any_label = heard["flags"] or heard["signs"] or heard["types"]
        if listed:
            heard["chance"] = LISTED_CHANCE
        elif not any_label:
            heard["chance"] = min(heard["chance"], UNHEARD_CHANCE)
        if any_label and heard["who"] == "none":
            heard["who"] = "self"
        message.set("safe_phrase", safe is not None, add_to_output=True)
        urgent = next((INTERRUPTS[flag] for flag in INTERRUPTS if flag in heard["flags"]), None)
        if urgent:
            intent = {"name": urgent, "confidence": 1.0}
        elif safe:
            intent = {"name": safe, "confidence": 1.0}
        elif any_label and (
            intent["confidence"] < self._config["sure_intent"]
            or intent["name"].startswith(SMALL_TALK)
        ):
            intent = {"name": DISCLOSURE_INTENT, "confidence": 1.0}
        elif not any_label and intent["name"] == DISCLOSURE_INTENT:
            intent = self._next_best(message)
        elif not has_words(text) or intent["confidence"] < self._least(intent["name"]):
            intent = {"name": FALLBACK_INTENT, "confidence": 1.0 - intent["confidence"]}
        if intent["name"] == OUT_OF_SCOPE:
            intent = {"name": FALLBACK_INTENT, "confidence": intent["confidence"]}
        message.set(INTENT, intent, add_to_output=True)

    def _least(self, intent: str) -> float:
        """Falling silent or erasing because of words that were hardly understood does harm."""
        key = "sure_intent" if intent in ("say_not_alone", "delete_chat") else "unsure_below"
        return float(self._config[key])

    def _next_best(self, message: Message) -> dict[str, Any]:
        """No label was heard, so it is not a disclosure: the best other intent that is likely."""
        others = [
            entry for entry in message.get("intent_ranking") if entry["name"] != DISCLOSURE_INTENT
        ]
        if others and others[0]["confidence"] >= self._config["unsure_below"]:
            return dict(others[0])
        return {"name": FALLBACK_INTENT, "confidence": 1.0}

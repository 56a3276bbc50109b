"""Rasa component: which flags, signs and types a message carries, and who it is about."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import fingerprint
from bot.nlu.intent_classifier import BUTTON_MARK
from bot.nlu.labels import (
    DISCLOSURE_INTENT,
    FLAGS,
    LABELS,
    SIGNS,
    TYPES,
    WHO,
    LabelError,
    of_kind,
    parse_labels,
)
from bot.nlu.scorer import NotTrainedError, Scorer
from bot.nlu.scorer_training import train_any_of
from bot.nlu.sentence_encoder import (
    SENTENCE_VECTORS,
    SentenceEncoder,
    encoded_vectors,
    message_vector,
)
from bot.nlu.thresholds import choose_thresholds
from bot.text import clean, has_words, part_read, sentences

HEARD: Final = "heard"
"""Parse output: {"flags", "signs", "types": sorted ids, "who", "language"}."""

ANY: Final = "any_concern"
SAID_OF: Final = ("who_self", "who_other")
NAMES: Final = (ANY, *LABELS, *SAID_OF)
_SCORER_FILE, _THRESHOLDS_FILE = "labels.npz", "thresholds.json"


def example_labels(message: Message) -> tuple[frozenset[str], str]:
    """Labels and `who` of a training example.

    Raises:
        LabelError: an unknown label or who, or labels on an intent that carries none.
    """
    metadata = (message.get("metadata") or {}).get("intent") or {}
    labels = parse_labels(str(metadata.get("labels") or ""))
    who = str(metadata.get("who") or "none")
    intent = message.get("intent")
    if who not in WHO:
        raise LabelError(f"unknown who '{who}' on an example of {intent}")
    if bool(labels) != (intent == DISCLOSURE_INTENT):
        raise LabelError(
            f"{intent}: labels belong to every {DISCLOSURE_INTENT}, and to nothing else"
        )
    return labels, who


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class RiskRecogniser(GraphComponent):
    """A multi-label scorer with one calibrated threshold per label.

    The whole message and each of its sentences are scored; a label counts when the whole
    passes its threshold, or a sentence passes the (higher) sentence threshold. A score for
    'any concern' guards them: below its threshold only clear ones count (a flag is clear
    sooner than a sign), above it the nearest one counts when it is close to its own.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """Needs the sentence vectors."""
        return [SentenceEncoder]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Logits. `sentence_margin`: what a sentence alone must score above a threshold;
        `clear_margin`, `clear_flag_margin`, `near_margin`: see the class. Chosen on the
        development set (DECISIONS.md 15).
        """
        return {
            "sentence_margin": 2.0,
            "clear_margin": 4.0,
            "clear_flag_margin": 2.5,
            "near_margin": 0.5,
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        scorer: Scorer | None = None,
        thresholds: dict[str, float] | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._scorer = scorer
        self._thresholds = thresholds or {}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> RiskRecogniser:
        """Create an untrained recogniser."""
        return cls(config, model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Changed code makes the model stale."""
        return fingerprint.of_code()

    def train(self, training_data: TrainingData) -> Resource:
        """Learn labels, who and thresholds; thresholds come from held-apart folds."""
        examples = [
            message
            for message in training_data.intent_examples
            if not str(message.get(TEXT, "")).startswith(BUTTON_MARK)
        ]
        labelled = [example_labels(message) for message in examples]
        intents = np.array([str(message.get(INTENT)) for message in examples])
        hints = sorted(set(intents) - {DISCLOSURE_INTENT})
        targets = np.array(
            [
                [bool(labels), *(name in labels for name in LABELS), who == "self", who == "other"]
                for labels, who in labelled
            ]
        )
        columns = np.hstack([targets, intents[:, None] == np.array(hints)[None, :]])
        texts = [part_read(clean(str(message.get(TEXT)))) for message in examples]
        vectors, encoded = encoded_vectors(examples)
        self._scorer, unseen = train_any_of(vectors, encoded, texts, columns, NAMES)
        self._thresholds = choose_thresholds(unseen, targets[encoded], (ANY, *LABELS))
        with self._model_storage.write_to(self._resource) as folder:
            self._scorer.save(folder / _SCORER_FILE)
            (folder / _THRESHOLDS_FILE).write_text(json.dumps(self._thresholds))
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> RiskRecogniser:
        """Load a trained recogniser; raises NotTrainedError or ValueError, never degrades."""
        with model_storage.read_from(resource) as folder:
            scorer = Scorer.load(folder / _SCORER_FILE)
            thresholds = _read_thresholds(folder / _THRESHOLDS_FILE)
        if scorer.names != NAMES:
            raise NotTrainedError("labels are of another version: train again with `make train`")
        return cls(config, model_storage, resource, scorer, thresholds)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set HEARD on every message that has text."""
        for message in messages:
            if message.get(TEXT):
                labels, who = self._recognise(message)
                if not has_words(str(message.get(TEXT))):
                    labels, who = set(), "none"  # digits or signs alone say nothing
                message.set(
                    HEARD,
                    {
                        "flags": of_kind(labels, FLAGS),
                        "signs": of_kind(labels, SIGNS),
                        "types": of_kind(labels, TYPES),
                        "who": who,
                    },
                    add_to_output=True,
                )
        return messages

    def _recognise(self, message: Message) -> tuple[set[str], str]:
        if self._scorer is None:
            raise NotTrainedError("RiskRecogniser was asked before it was trained")
        whole, text = message_vector(message), part_read(clean(str(message.get(TEXT))))
        scores = self._scorer.scores(whole, [text])[0]
        if parts := sentences(text):
            by_sentence = self._scorer.scores(message.get(SENTENCE_VECTORS), parts).max(axis=0)
            scores = np.maximum(scores, by_sentence - self._config["sentence_margin"])
        found = dict(zip(self._scorer.names, scores.tolist()))
        above = {name: found[name] - cut for name, cut in self._thresholds.items()}
        labels = heard_labels(above, self._config)
        return labels, _who(found, of_someone=bool(labels))


def heard_labels(above: Mapping[str, float], margins: Mapping[str, float]) -> set[str]:
    """Labels that count.

    Args:
        above: what each name scores above its threshold, 'any concern' included.
        margins: see RiskRecogniser.get_default_config.
    """
    labels = {name for name in LABELS if above[name] >= 0}
    if above[ANY] < 0:
        clear = {True: margins["clear_flag_margin"], False: margins["clear_margin"]}
        return {name for name in labels if above[name] >= clear[name in FLAGS]}
    if not labels:
        nearest = max(LABELS, key=lambda name: above[name])
        return {nearest} if above[nearest] >= -margins["near_margin"] else set()
    return labels


def _who(scores: dict[str, float], *, of_someone: bool) -> str:
    """Whom a message is about; one with a label is about somebody."""
    self_, other = (scores[name] for name in SAID_OF)
    if max(self_, other) < 0 and not of_someone:
        return "none"
    return "self" if self_ >= other else "other"


def _read_thresholds(path: Path) -> dict[str, float]:
    try:
        thresholds = {str(key): float(value) for key, value in json.loads(path.read_text()).items()}
    except (OSError, ValueError, AttributeError) as error:
        raise NotTrainedError("thresholds can't be read: train again with `make train`") from error
    if set(thresholds) != {ANY, *LABELS}:
        raise NotTrainedError("thresholds are of another version: train again with `make train`")
    return thresholds

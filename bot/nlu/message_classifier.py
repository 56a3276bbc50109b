"""Rasa component: a message's intent, its flags, signs and types, and who it is about."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import fingerprint, scorer_training
from bot.nlu.hearing import ANY, SAID_OF, chance_of, heard_labels, likeliest, who_is_meant
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
from bot.nlu.sentence_encoder import (
    SENTENCE_VECTORS,
    SentenceEncoder,
    encoded_vectors,
    message_vector,
)
from bot.nlu.verdicts import DECIDED, Verdicts, learn_verdicts
from bot.text import clean, has_words, part_read, sentences

HEARD: Final = "heard"
"""Parse output: {"flags", "signs", "types": sorted ids, "who", "chance"}; chance: how likely any
concern is, 0 to 1."""

BUTTON_MARK: Final = "/"
"""An example that starts with it names an intent that only buttons give; never learned."""

_RISKS: Final = (*DECIDED, *SAID_OF)
"""First names of the scorer; the intents other than ANY follow."""
_SCORER_FILE, _VERDICTS_FILE = "scorer.npz", "verdicts.json"


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
class MessageClassifier(IntentClassifier, GraphComponent):
    """One scorer for intents, labels and who, and one verdict per label.

    The likeliest intent is the message's. The whole message and each of its sentences are judged
    for labels, so that one dangerous sentence in many is not lost; a sentence alone must stand
    out by a margin.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """Needs the sentence vectors."""
        return [SentenceEncoder]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`ranking`: how many intents are listed. `sentence_margin`: how far (log-odds) a sentence
        alone must stand above where a label counts; chosen on the development set.
        """
        return {"ranking": 5, "sentence_margin": 2.5}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        scorer: Scorer | None = None,
        verdicts: Verdicts | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._scorer = scorer
        self._verdicts = verdicts

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MessageClassifier:
        """Create an untrained classifier."""
        return cls(config, model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Changed code makes the model stale."""
        return fingerprint.of_code()

    def train(self, training_data: TrainingData) -> Resource:
        """Learn intents, labels and who, and verdicts from scores of messages held apart."""
        examples = [
            message
            for message in training_data.intent_examples
            if not str(message.get(TEXT, "")).startswith(BUTTON_MARK)
        ]
        labelled = [example_labels(message) for message in examples]
        intents = np.array([str(message.get(INTENT)) for message in examples])
        others = sorted(set(intents) - {ANY})
        risks = np.array(
            [
                [bool(labels), *(name in labels for name in LABELS), who == "self", who == "other"]
                for labels, who in labelled
            ]
        )
        targets = np.hstack([risks, intents[:, None] == np.array(others)[None, :]])
        texts = [part_read(clean(str(message.get(TEXT)))) for message in examples]
        vectors, encoded = encoded_vectors(examples)
        self._scorer, unseen, judged = scorer_training.train(
            vectors, encoded, texts, targets, (*_RISKS, *others), n_whole=len(_RISKS)
        )
        self._verdicts = learn_verdicts(unseen, risks[judged, : len(DECIDED)])
        with self._model_storage.write_to(self._resource) as folder:
            self._scorer.save(folder / _SCORER_FILE)
            self._verdicts.save(folder / _VERDICTS_FILE)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> MessageClassifier:
        """Load a trained classifier; raises NotTrainedError, never degrades."""
        with model_storage.read_from(resource) as folder:
            scorer = Scorer.load(folder / _SCORER_FILE)
            verdicts = Verdicts.load(folder / _VERDICTS_FILE)
        if scorer.names[: len(_RISKS)] != _RISKS or len(scorer.names) == len(_RISKS):
            raise NotTrainedError("labels are of another version: train again with `make train`")
        return cls(config, model_storage, resource, scorer, verdicts)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `intent`, `intent_ranking` and HEARD on every message that has text."""
        for message in messages:
            if message.get(TEXT):
                self._classify(message)
        return messages

    def _classify(self, message: Message) -> None:
        if self._scorer is None or self._verdicts is None:
            raise NotTrainedError("MessageClassifier was asked before it was trained")
        names = self._scorer.names
        whole, text = message_vector(message), part_read(clean(str(message.get(TEXT))))
        scores = self._scorer.scores(whole, [text])
        odds = self._verdicts.odds(scores)[0]
        if parts := sentences(text):
            of_parts = self._scorer.scores(message.get(SENTENCE_VECTORS), parts)
            of_parts = self._verdicts.odds(of_parts) - self._config["sentence_margin"]
            odds = np.maximum(odds, of_parts.max(axis=0))
        labels = heard_labels(dict(zip(DECIDED, (odds - self._verdicts.cuts).tolist())))

        found = dict(zip(names, scores[0].tolist()))
        ranking = likeliest(found, (ANY, *names[len(_RISKS) :]), self._config["ranking"])
        message.set(INTENT, dict(ranking[0]), add_to_output=True)
        message.set("intent_ranking", ranking, add_to_output=True)
        who = who_is_meant(found, of_someone=bool(labels))
        chance = chance_of(odds[0])
        if not has_words(str(message.get(TEXT))):
            labels, who, chance = set(), "none", 0.0  # digits or signs alone say nothing
        message.set(
            HEARD,
            {
                "flags": of_kind(labels, FLAGS),
                "signs": of_kind(labels, SIGNS),
                "types": of_kind(labels, TYPES),
                "who": who,
                "chance": chance,
            },
            add_to_output=True,
        )

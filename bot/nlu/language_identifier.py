"""Rasa component: the language of a typed message, with langdetect limited to our languages."""

from __future__ import annotations

import functools
import re
from importlib import resources
from typing import Any, Final

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

LANGUAGE: Final = "language"
"""Parse output: {"code", "confidence"}; code is None when the text does not show it."""

READ: Final = 400
"""Characters that are enough to know a language."""

_LETTERS = re.compile(r"[^\W\d_]", re.UNICODE)
_ARABIC = re.compile(r"[\u0600-\u06FF]")


@functools.lru_cache(maxsize=4)
def _factory(languages: tuple[str, ...]):  # type: ignore[no-untyped-def]
    from langdetect.detector_factory import DetectorFactory

    folder = resources.files("langdetect") / "profiles"
    factory = DetectorFactory()
    factory.seed = 0
    factory.load_json_profile([(folder / code).read_text(encoding="utf-8") for code in languages])
    return factory


def identify(text: str, languages: tuple[str, ...]) -> tuple[str | None, float]:
    """Say which of these languages a text is in.

    Returns:
        (code, probability 0..1), or (None, 0.0) for text without letters.
    """
    from langdetect.lang_detect_exception import LangDetectException

    if len(_LETTERS.findall(text)) < 2:
        return None, 0.0
    if "ar" in languages and len(_ARABIC.findall(text)) * 2 > len(_LETTERS.findall(text)):
        arabic = [code for code in languages if code in ("ar", "fa", "ur")]
        if arabic == ["ar"]:
            return "ar", 1.0
    detector = _factory(languages).create()
    detector.append(text)
    try:
        best = detector.get_probabilities()[0]
    except (LangDetectException, IndexError):
        return None, 0.0
    return str(best.lang), float(best.prob)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class LanguageIdentifier(GraphComponent):
    """Adds LANGUAGE to the parse output."""

    @staticmethod
    def required_packages() -> list[str]:
        """What must be installed."""
        return ["langdetect"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`languages`: the codes to choose from, as langdetect names its profiles."""
        return {"languages": ["en"]}

    def __init__(self, config: dict[str, Any]) -> None:
        self._languages = tuple(config["languages"])
        _factory(self._languages)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageIdentifier:
        """Create, and load the profiles now."""
        return cls(config)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Training needs no language."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Set LANGUAGE on every message that has text."""
        for message in messages:
            code, confidence = identify(str(message.get(TEXT) or "")[:READ], self._languages)
            message.set(LANGUAGE, {"code": code, "confidence": confidence}, add_to_output=True)
        return messages

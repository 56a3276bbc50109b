"""Rasa loads training data with care that costs a minute at a hundred files; the same, sooner.

Three things that it does again and again are done once, with the same result:

- Every YAML file is checked against its schema, read with a loader that keeps line numbers and
  takes seven times as long as libyaml's. Line numbers matter only where something is wrong.
- Every joining of two sets of examples copies all examples of both. Nothing changes the parts
  after they were joined, so the whole may hold the same examples.
- Every such set strips the names of intents again, which makes Rasa forget the fingerprint by
  which it knows doubles.
"""

from __future__ import annotations

import functools
from collections import OrderedDict
from typing import Any


def hasten() -> None:
    """Put the quick ways in place of Rasa's; call it after `rasa_setup.prepare()`."""
    from rasa.shared.nlu.training_data.training_data import TrainingData
    from rasa.shared.utils import io, validation

    if TrainingData.merge is _merge:
        return
    validation.validate_yaml_schema = functools.partial(
        _validate, validation.validate_yaml_schema, io
    )
    TrainingData.merge = _merge
    TrainingData.sanitize_examples = staticmethod(_sanitize)


def _validate(thorough: Any, io: Any, content: str, *args: Any, **kwargs: Any) -> None:
    """As Rasa's `validate_yaml_schema`; raises what it raises."""
    from rasa.shared.exceptions import YamlException

    read = io.read_yaml
    io.read_yaml = lambda text, reader_type="safe": read(text)
    try:
        thorough(content, *args, **kwargs)
        return
    except YamlException:
        pass
    finally:
        io.read_yaml = read
    thorough(content, *args, **kwargs)


def _merge(self: Any, *others: Any) -> Any:
    """As `TrainingData.merge`, of the same examples in place of copies."""
    from rasa.shared.nlu.training_data.util import check_duplicate_synonym

    parts = [self, *filter(None, others)]
    synonyms: dict[str, str] = {}
    for part in parts:
        for text, synonym in part.entity_synonyms.items():
            check_duplicate_synonym(synonyms, text, synonym, "merging training data")
        synonyms |= part.entity_synonyms
    return type(self)(
        [example for part in parts for example in part.training_examples],
        synonyms,
        [feature for part in parts for feature in part.regex_features],
        [table for part in parts for table in part.lookup_tables],
        {name: said for part in parts for name, said in part.responses.items()},
    )


def _sanitize(examples: list[Any]) -> list[Any]:
    """As `TrainingData.sanitize_examples`."""
    for example in examples:
        for name in ("intent", "response"):
            value = example.get(name)
            if value and value != value.strip():
                example.set(name, value.strip())
    return list(OrderedDict.fromkeys(examples))

"""Rasa loads training data with care that costs a minute at a hundred files; the same, sooner.

Five things that it does again and again are done once, with the same result:

- Every YAML file is checked against its schema, read with a loader that keeps line numbers and
  takes seven times as long as libyaml's. Line numbers matter only where something is wrong.
- What was read for that check is read again for its content, and the schema for every file.
  Examples of intents in their plainest shape need no schema to be found sound.
- Every joining of two sets of examples copies all examples of both. Nothing changes the parts
  after they were joined, so the whole may hold the same examples.
- The same files are loaded twice: one part of Rasa asks for them with a language, another
  without, and what was loaded is kept by what was asked. Reading YAML, none looks at it.
- Every such set strips the names of intents again, which makes Rasa forget the fingerprint by
  which it knows doubles.
"""

from __future__ import annotations

import copy
import functools
from collections import OrderedDict
from typing import Any, Final

KEPT_TEXTS: Final = 4
"""A file and the parts of the schema that it is checked against."""


def hasten() -> None:
    """Put the quick ways in place of Rasa's; call it after `rasa_setup.prepare()`."""
    from rasa.shared.importers.rasa import RasaFileImporter
    from rasa.shared.nlu.training_data.training_data import TrainingData
    from rasa.shared.utils import io, validation

    if TrainingData.merge is _merge:
        return
    validation.validate_yaml_schema = functools.partial(
        _validate, validation.validate_yaml_schema, io
    )
    io.read_yaml = functools.partial(_read_once, io.read_yaml, OrderedDict())
    TrainingData.merge = _merge
    TrainingData.sanitize_examples = staticmethod(_sanitize)
    RasaFileImporter.get_nlu_data = _loaded_once(RasaFileImporter.get_nlu_data)


def _read_once(
    read: Any, known: OrderedDict[str, Any], content: str, reader_type: Any = "safe"
) -> Any:
    """As Rasa's `read_yaml`; a text that was read just before is not read again."""
    if reader_type != "safe":
        return read(content, reader_type)
    if content not in known:
        known[content] = read(content, reader_type)
        if len(known) > KEPT_TEXTS:
            known.popitem(last=False)
    known.move_to_end(content)
    return copy.deepcopy(known[content])


def _validate(thorough: Any, io: Any, content: str, *args: Any, **kwargs: Any) -> None:
    """As Rasa's `validate_yaml_schema`; raises what it raises."""
    from rasa.shared.exceptions import YamlException

    if _is_plain_nlu(io, content):
        return
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


def _is_plain_nlu(io: Any, content: str) -> bool:
    """Whether a text is examples of intents and nothing else, each of the type that it must be:
    then there is nothing for the schema to find.
    """
    if "nlu:" not in content:
        return False
    try:
        read = io.read_yaml(content)
    except Exception:  # told by Rasa's own check, with its lines
        return False
    if not isinstance(read, dict) or set(read) != {"version", "nlu"}:
        return False
    return (
        isinstance(read["version"], str)
        and isinstance(read["nlu"], list)
        and all(_is_plain_block(block) for block in read["nlu"])
    )


def _is_plain_block(block: Any) -> bool:
    return (
        isinstance(block, dict)
        and {"intent", "examples"} <= set(block) <= {"intent", "examples", "metadata"}
        and isinstance(block["intent"], str)
        and isinstance(block["examples"], str)
        and isinstance(block.get("metadata", {}), dict)
    )


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


def _loaded_once(load: Any) -> Any:
    """As `RasaFileImporter.get_nlu_data`, once an importer."""
    from rasa.shared.utils.common import cached_method

    once = cached_method(load)
    return functools.wraps(load)(lambda self, language="en": once(self))


def _sanitize(examples: list[Any]) -> list[Any]:
    """As `TrainingData.sanitize_examples`."""
    for example in examples:
        for name in ("intent", "response"):
            value = example.get(name)
            if value and value != value.strip():
                example.set(name, value.strip())
    return list(OrderedDict.fromkeys(examples))

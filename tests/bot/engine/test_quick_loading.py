"""bot/engine/quick_loading.py: faults are found and shown as Rasa shows them, only sooner."""

from __future__ import annotations

import functools
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.constants import DOMAIN_SCHEMA_FILE
from rasa.shared.exceptions import YamlException
from rasa.shared.importers import utils
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.formats.rasa_yaml import NLU_SCHEMA_FILE
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils import io, validation

from bot.engine import quick_loading

SOUND = 'version: "3.1"\nintents:\n- greet\n'
WRONG_TYPE = 'version: "3.1"\nintents: greet\n'
CUT_OFF = 'version: "3.1"\nintents: [greet\n'
TWICE = 'version: "3.1"\nintents: [greet]\nintents: [thank]\n'


RASA_CHECK = validation.validate_yaml_schema
RASA_READ = io.read_yaml
RASA_LOAD = RasaFileImporter.get_nlu_data
RASA_MERGE, RASA_SANITIZE = TrainingData.merge, TrainingData.sanitize_examples


@pytest.fixture
def thorough() -> Iterator[Any]:
    """Rasa's own check; the quick ways stand in place of Rasa's while the test runs."""
    quick_loading.hasten()
    yield RASA_CHECK
    validation.validate_yaml_schema = RASA_CHECK
    io.read_yaml = RASA_READ
    TrainingData.merge = RASA_MERGE
    TrainingData.sanitize_examples = staticmethod(RASA_SANITIZE)
    RasaFileImporter.get_nlu_data = RASA_LOAD  # type: ignore[method-assign]


def complaint(check: Any, text: str) -> str:
    """What a check says of a text; nothing where it finds no fault."""
    try:
        check(text, DOMAIN_SCHEMA_FILE)
    except YamlException as error:
        return f"{type(error).__name__}: {error}"
    return ""


@pytest.mark.parametrize("text", [WRONG_TYPE, CUT_OFF, TWICE])
def test_a_fault_is_told_in_rasa_s_own_words_and_lines(thorough: Any, text: str) -> None:
    said = complaint(validation.validate_yaml_schema, text)

    assert said
    assert said == complaint(thorough, text)


def test_a_sound_text_is_read_by_the_fast_loader_alone(
    thorough: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    read = io.read_yaml
    monkeypatch.setattr(
        io, "read_yaml", lambda text, reader_type="safe": asked.append(reader_type) or read(text)
    )

    validation.validate_yaml_schema(SOUND, DOMAIN_SCHEMA_FILE)

    assert set(asked) <= {"safe"}


def test_rasa_s_reader_is_left_as_it_was(thorough: Any) -> None:
    read = io.read_yaml

    for text in (SOUND, WRONG_TYPE):
        complaint(validation.validate_yaml_schema, text)

    assert io.read_yaml is read


def test_hastening_twice_is_hastening_once(thorough: Any) -> None:
    hastened = validation.validate_yaml_schema

    quick_loading.hasten()

    assert validation.validate_yaml_schema is hastened


def some_data(*examples: tuple[str, str]) -> TrainingData:
    """Training data of texts and intents."""
    return TrainingData([Message(data={"text": text, "intent": name}) for text, name in examples])


def all_joined() -> TrainingData:
    """Two sets with a double, and with an intent that ends in a space."""
    first = some_data(("hello", "greet"), ("thanks", "thank "), ("hello", "greet"))
    return first.merge(some_data(("thanks", "thank"), ("bye", "say_goodbye")), None)


def test_joined_data_are_those_that_rasa_joins(thorough: Any) -> None:
    quick = all_joined()
    TrainingData.merge = RASA_MERGE
    TrainingData.sanitize_examples = staticmethod(RASA_SANITIZE)
    slow = all_joined()

    assert [example.data for example in quick.training_examples] == [
        example.data for example in slow.training_examples
    ]
    assert len(quick.training_examples) == 3
    assert quick.fingerprint() == slow.fingerprint()


def test_joining_leaves_the_parts_as_they_were(thorough: Any) -> None:
    first, second = some_data(("hello", "greet")), some_data(("bye", "say_goodbye"))

    first.merge(second)

    assert [example.get("text") for example in first.training_examples] == ["hello"]
    assert [example.get("text") for example in second.training_examples] == ["bye"]


def test_what_was_checked_is_not_read_again(thorough: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    read = []
    known: Any = io.read_yaml
    quick = quick_loading._read_once

    def noted(text: str, reader_type: Any = "safe") -> Any:
        read.append(text)
        return RASA_READ(text, reader_type)

    monkeypatch.setattr(io, "read_yaml", functools.partial(quick, noted, OrderedDict()))
    validation.validate_yaml_schema(SOUND, DOMAIN_SCHEMA_FILE)
    content = io.read_yaml(SOUND)

    assert known is not io.read_yaml
    assert read.count(SOUND) == 1
    assert content == RASA_READ(SOUND)


def test_what_is_read_may_be_changed_by_whoever_reads_it(thorough: Any) -> None:
    io.read_yaml(SOUND)["intents"].clear()

    assert io.read_yaml(SOUND) == RASA_READ(SOUND)


def test_few_texts_are_kept(thorough: Any) -> None:
    known: OrderedDict[str, Any] = OrderedDict()
    for number in range(20):
        quick_loading._read_once(RASA_READ, known, f"a: {number}")

    assert len(known) == quick_loading.KEPT_TEXTS


EXAMPLES = (
    'version: "3.1"\nnlu:\n- intent: greet\n  metadata: {who: self}\n  examples: |\n    - hi\n'
)
FAULTS = {
    "no examples": EXAMPLES.replace("  examples: |\n    - hi\n", ""),
    "examples are no text": EXAMPLES.replace("examples: |\n    - hi", "examples: 5"),
    "an unknown key": EXAMPLES.replace("metadata:", "meta:"),
    "no list": 'version: "3.1"\nnlu: greet\n',
    "cut off": EXAMPLES.replace("{who: self}", "{who: self"),
}


def test_plain_examples_are_sound(thorough: Any) -> None:
    validation.validate_yaml_schema(EXAMPLES, NLU_SCHEMA_FILE)

    thorough(EXAMPLES, NLU_SCHEMA_FILE)


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_of_examples_are_told_as_rasa_tells_them(thorough: Any, fault: str) -> None:
    def said(check: Any) -> str:
        try:
            check(FAULTS[fault], NLU_SCHEMA_FILE)
        except YamlException as error:
            return f"{type(error).__name__}: {error}"
        return ""

    assert said(validation.validate_yaml_schema) == said(thorough)


def test_files_are_loaded_once_whatever_language_is_asked_for(
    thorough: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = []
    load = utils.training_data_from_paths
    monkeypatch.setattr(
        utils, "training_data_from_paths", lambda *asked: loaded.append(asked) or load(*asked)
    )
    file = tmp_path / "greet.yml"
    file.write_text('version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - hello\n')
    importer = RasaFileImporter(training_data_paths=[str(file)])

    first, second = importer.get_nlu_data("en"), importer.get_nlu_data(None)

    assert [example.get("text") for example in first.training_examples] == ["hello"]
    assert second is first
    assert len(loaded) == 1
    assert RasaFileImporter(training_data_paths=[str(file)]).get_nlu_data() is not first

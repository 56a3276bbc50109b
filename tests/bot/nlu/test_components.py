"""The graph components: contract checks (train on little, persist, load, compare; fail loudly)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import encoder, scorer_training
from bot.nlu.labels import FLAGS, LABELS, LabelError
from bot.nlu.message_classifier import MessageClassifier, example_labels
from bot.nlu.safety_net import LISTED_CHANCE, UNHEARD_CHANCE, SafetyNet
from bot.nlu.scorer import NotTrainedError
from bot.nlu.sentence_encoder import SENTENCE_VECTORS, SentenceEncoder, message_vector

COMPONENTS = (MessageClassifier, SafetyNet)


def fake_encode(texts: Sequence[str]) -> np.ndarray:
    """Bags of words: one random direction a word, so that like texts lie close."""
    vectors = []
    for text in texts:
        parts = [
            np.random.default_rng(sum(map(ord, word)) + 31 * len(word)).normal(
                size=encoder.DIMENSION
            )
            for word in text.casefold().split()
        ] or [np.zeros(encoder.DIMENSION)]
        total = np.sum(parts, axis=0)
        vectors.append(total / (np.linalg.norm(total) or 1))
    return np.array(vectors, np.float32).reshape(len(texts), encoder.DIMENSION)


@pytest.fixture(autouse=True)
def quick_encoder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(encoder, "encode", fake_encode)
    monkeypatch.setattr(scorer_training, "HIDDEN", 32)
    monkeypatch.chdir(tmp_path)  # the cache stands in the working directory


@pytest.fixture
def storage(tmp_path: Path) -> LocalModelStorage:
    folder = tmp_path / "model"
    folder.mkdir()
    return LocalModelStorage(folder)


@pytest.fixture
def context() -> ExecutionContext:
    return ExecutionContext(GraphSchema({}), node_name="node")


@pytest.fixture
def phrases(tmp_path: Path) -> dict[str, str]:
    """Configuration with little phrase lists."""
    for name, text in (
        (
            "danger",
            "immediate_danger: [has a knife]\nself_harm: [end it all]\nunder_18: [im fourteen]\n",
        ),
        ("safe", "stop_chat: [stop]\nask_help: [help]\n"),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "en.yml").write_text(text)
    return {"danger_phrases": str(tmp_path / "danger"), "safe_phrases": str(tmp_path / "safe")}


def config(component: type, phrases: dict[str, str]) -> dict[str, Any]:
    return {
        **component.get_default_config(),  # type: ignore[attr-defined]
        **(phrases if component is SafetyNet else {}),
    }


def example(text: str, intent: str, labels: str = "", who: str = "none") -> Message:
    metadata = {"intent": {"labels": labels, "who": who}}
    return Message({"text": text, "intent": intent, "metadata": metadata})


@pytest.fixture
def training(context: ExecutionContext) -> TrainingData:
    """Every label twenty-four times, everyday talk, and a button."""
    examples = [example("/report_danger", "report_danger")]
    for number in range(24):
        for label in LABELS:
            who = "self" if number % 2 else "other"
            examples.append(example(f"{label} {label} extra{number}", "tell_situation", label, who))
        examples += [example(f"weather sun rain day{number}", "chat_weather") for _ in range(3)]
        examples += [example(f"football goal team day{number}", "chat_sport") for _ in range(3)]
    data = TrainingData(examples)
    featuriser(context, training_least=len(examples)).process_training_data(data)
    return data


def featuriser(context: ExecutionContext, **given: Any) -> SentenceEncoder:
    return SentenceEncoder(context.node_name, SentenceEncoder.get_default_config() | given)


def typed(context: ExecutionContext, *texts: str) -> list[Message]:
    return featuriser(context).process([Message({"text": text}) for text in texts])


# --- the trained components share a contract ------------------------------------------
@pytest.mark.parametrize("component", COMPONENTS)
def test_loading_from_nothing_raises(
    component: Any, storage: LocalModelStorage, context: ExecutionContext, phrases: dict[str, str]
) -> None:
    with pytest.raises((NotTrainedError, ValueError)):
        component.load(config(component, phrases), storage, Resource("empty"), context)


@pytest.mark.parametrize("component", COMPONENTS)
def test_loading_from_an_empty_resource_raises(
    component: Any, storage: LocalModelStorage, context: ExecutionContext, phrases: dict[str, str]
) -> None:
    with storage.write_to(Resource("empty")):
        pass

    with pytest.raises((NotTrainedError, ValueError)):
        component.load(config(component, phrases), storage, Resource("empty"), context)


@pytest.mark.parametrize("component", COMPONENTS)
def test_damage_to_any_stored_file_raises(
    component: Any,
    storage: LocalModelStorage,
    context: ExecutionContext,
    phrases: dict[str, str],
    training: TrainingData,
) -> None:
    resource = Resource("trained")
    component.create(config(component, phrases), storage, resource, context).train(training)
    with storage.read_from(resource) as folder:
        files = {file: file.read_bytes() for file in folder.iterdir()}
        for file, content in files.items():
            file.write_bytes(content[: len(content) // 2])
            with pytest.raises((NotTrainedError, ValueError)):
                component.load(config(component, phrases), storage, resource, context)
            file.write_bytes(content)


@pytest.mark.parametrize("component", COMPONENTS)
def test_an_untrained_component_raises_when_asked(
    component: Any, storage: LocalModelStorage, context: ExecutionContext, phrases: dict[str, str]
) -> None:
    untrained = component.create(config(component, phrases), storage, Resource("x"), context)
    (message,) = typed(context, "hello there friend")
    message.set("heard", {"flags": [], "signs": [], "types": [], "who": "none", "chance": 0.9})
    message.set("intent", {"name": "greet", "confidence": 1.0})

    with pytest.raises(RuntimeError):
        untrained.process([message])


@pytest.mark.parametrize("component", COMPONENTS)
def test_what_was_loaded_predicts_the_same(
    component: Any,
    storage: LocalModelStorage,
    context: ExecutionContext,
    phrases: dict[str, str],
    training: TrainingData,
) -> None:
    trained = component.create(config(component, phrases), storage, Resource("node"), context)
    resource = trained.train(training)
    loaded = component.load(config(component, phrases), storage, resource, context)
    outputs = []
    for each in (trained if component is not SafetyNet else loaded, loaded):
        messages = typed(context, "debt debt today", "weather sun", "he has a knife")
        for message in messages:
            message.set(
                "heard", {"flags": [], "signs": [], "types": [], "who": "none", "chance": 0.9}
            )
            message.set("intent", {"name": "chat_weather", "confidence": 0.9})
            message.set("intent_ranking", [{"name": "chat_weather", "confidence": 0.9}])
        outputs.append([m.as_dict(only_output_properties=True) for m in each.process(messages)])

    assert outputs[0] == outputs[1]


@pytest.mark.parametrize("component", COMPONENTS)
def test_empty_text_is_passed_on(
    component: Any,
    storage: LocalModelStorage,
    context: ExecutionContext,
    phrases: dict[str, str],
    training: TrainingData,
) -> None:
    resource = Resource("node")
    component.create(config(component, phrases), storage, resource, context).train(training)
    loaded = component.load(config(component, phrases), storage, resource, context)

    messages = loaded.process(typed(context, ""))

    assert [m.as_dict(only_output_properties=True) for m in messages] == [{"text": ""}]


@pytest.mark.parametrize("component", COMPONENTS)
def test_a_fingerprint_sees_what_rasa_does_not(component: Any, phrases: dict[str, str]) -> None:
    assert component.fingerprint_addon(config(component, phrases))
    assert component.fingerprint_addon({})  # Rasa may leave the defaults out


@pytest.mark.parametrize("component", [*COMPONENTS, SentenceEncoder])
def test_every_graph_method_can_be_read_by_rasa(component: Any) -> None:
    """Rasa reads the annotations when it builds the graph."""
    import typing

    for name in ("create", "load", "train", "process", "process_training_data"):
        if hasattr(component, name):
            assert "return" in typing.get_type_hints(getattr(component, name)), name


# --- SentenceEncoder ---------------------------------------------------------------------------
def test_another_encoder_is_refused() -> None:
    with pytest.raises(ValueError, match="make train"):
        SentenceEncoder.validate_config({"version": "another"})


def test_a_message_without_vectors_says_what_is_missing() -> None:
    with pytest.raises(ValueError, match="SentenceEncoder"):
        message_vector(Message({"text": "hello"}))


def test_a_vector_for_the_message_and_one_a_sentence(context: ExecutionContext) -> None:
    (message,) = typed(context, "I like my work. He has a knife. We are here.")

    assert message_vector(message).shape == (1, encoder.DIMENSION)
    assert message.get(SENTENCE_VECTORS).shape == (3, encoder.DIMENSION)


def test_a_fixed_part_of_the_training_messages_gets_a_vector(context: ExecutionContext) -> None:
    texts = [f"weather number{i}" for i in range(300)]
    few = [example(f"goal {i}", "chat_sport") for i in range(5)]
    chosen = []
    for order in (texts, texts[::-1]):
        messages = [example(text, "chat_weather") for text in order]
        featuriser(context).process_training_data(TrainingData([*messages, *few]))
        chosen.append({m.get("text") for m in messages if m.get_dense_features("text")[1]})

    assert len(chosen[0]) == 40
    assert chosen[0] == chosen[1]
    assert all(message.get_dense_features("text")[1] for message in few)


def test_sentence_vectors_are_no_output(context: ExecutionContext) -> None:
    (message,) = typed(context, "hello")

    assert SENTENCE_VECTORS not in message.as_dict(only_output_properties=True)


def test_a_message_without_text_gets_a_vector(context: ExecutionContext) -> None:
    (message,) = featuriser(context).process([Message({})])

    assert message.get(SENTENCE_VECTORS).shape == (0, encoder.DIMENSION)


# --- MessageClassifier --------------------------------------------------------------------------
def trained_on(component: Any, storage: Any, context: Any, phrases: Any, training: Any) -> Any:
    made = component.create(config(component, phrases), storage, Resource("node"), context)
    return component.load(config(component, phrases), storage, made.train(training), context)


def test_intents_are_learned_and_ranked(
    storage: LocalModelStorage,
    context: ExecutionContext,
    phrases: dict[str, str],
    training: TrainingData,
) -> None:
    classifier = trained_on(MessageClassifier, storage, context, phrases, training)

    (message,) = classifier.process(typed(context, "football goal team"))

    ranking = message.get("intent_ranking")
    assert message.get("intent") == ranking[0]
    assert ranking[0]["name"] == "chat_sport"
    assert [r["confidence"] for r in ranking] == sorted(
        (r["confidence"] for r in ranking), reverse=True
    )


def test_a_button_s_intent_is_never_learned(
    storage: LocalModelStorage,
    context: ExecutionContext,
    phrases: dict[str, str],
    training: TrainingData,
) -> None:
    classifier = trained_on(MessageClassifier, storage, context, phrases, training)

    (message,) = classifier.process(typed(context, "/report_danger"))

    assert "report_danger" not in {r["name"] for r in message.get("intent_ranking")}


@pytest.mark.parametrize(
    ("intent", "labels", "who"),
    [
        ("tell_situation", "", "self"),
        ("chat_weather", "debt", "self"),
        ("tell_situation", "debts", "self"),
        ("tell_situation", "debt", "me"),
    ],
    ids=["no label", "label on small talk", "unknown label", "unknown who"],
)
def test_a_wrong_example_stops_the_training(intent: str, labels: str, who: str) -> None:
    with pytest.raises(LabelError):
        example_labels(example("text", intent, labels, who))


def test_labels_are_heard(
    storage: LocalModelStorage,
    context: ExecutionContext,
    phrases: dict[str, str],
    training: TrainingData,
) -> None:
    recogniser = trained_on(MessageClassifier, storage, context, phrases, training)

    (message,) = recogniser.process(typed(context, "debt debt extra3"))

    assert message.get("heard")["signs"] == ["debt"]
    assert message.get("heard")["who"] in ("self", "other")


def test_digits_and_signs_alone_say_nothing(
    storage: LocalModelStorage,
    context: ExecutionContext,
    phrases: dict[str, str],
    training: TrainingData,
) -> None:
    recogniser = trained_on(MessageClassifier, storage, context, phrases, training)

    (message,) = recogniser.process(typed(context, "999 😭 ?!"))

    assert message.get("heard") == {
        "flags": [],
        "signs": [],
        "types": [],
        "who": "none",
        "chance": 0.0,
    }


def test_verdicts_of_another_version_raise(
    storage: LocalModelStorage,
    context: ExecutionContext,
    phrases: dict[str, str],
    training: TrainingData,
) -> None:
    trained_on(MessageClassifier, storage, context, phrases, training)
    with storage.read_from(Resource("node")) as folder:
        file = folder / "verdicts.json"
        stored = json.loads(file.read_text())
        file.write_text(json.dumps(stored | {"slavery": stored["debt"]}))

    with pytest.raises(NotTrainedError, match="another version"):
        MessageClassifier.load(
            config(MessageClassifier, phrases), storage, Resource("node"), context
        )


def test_labels_of_another_version_raise(
    storage: LocalModelStorage,
    context: ExecutionContext,
    phrases: dict[str, str],
    training: TrainingData,
) -> None:
    trained_on(MessageClassifier, storage, context, phrases, training)
    with storage.read_from(Resource("node")) as folder:
        file = folder / "scorer.npz"
        with np.load(file) as stored:
            arrays = {name: stored[name] for name in stored.files}
        arrays["names"] = np.roll(arrays["names"], 1)
        np.savez(file, **arrays)

    with pytest.raises(NotTrainedError, match="another version"):
        MessageClassifier.load(
            config(MessageClassifier, phrases), storage, Resource("node"), context
        )


# --- SafetyNet ----------------------------------------------------------------------------------
def settled(
    net: SafetyNet, text: str, intent: str = "greet", confidence: float = 0.9, **heard: Any
) -> Message:
    ranking = [
        {"name": intent, "confidence": confidence},
        {"name": "thank", "confidence": 0.05},
    ]
    message = Message({"text": text, "intent": dict(ranking[0]), "intent_ranking": ranking})
    message.set(
        "heard", {"flags": [], "signs": [], "types": [], "who": "none", "chance": 0.9, **heard}
    )
    (result,) = net.process([message])
    return result


@pytest.fixture
def net(
    storage: LocalModelStorage,
    context: ExecutionContext,
    phrases: dict[str, str],
) -> SafetyNet:
    return trained_on(SafetyNet, storage, context, phrases, TrainingData())  # type: ignore[no-any-return]


@pytest.mark.parametrize("text", ["no sé", "I don't know", "لا أعرف"])
def test_a_listed_short_answer_is_no_danger_whatever_the_model_hears(
    net: SafetyNet, text: str
) -> None:
    message = settled(net, text, "tell_situation", flags=["immediate_danger"], signs=["threats"])

    assert message.get("heard")["flags"] == message.get("heard")["signs"] == []
    assert message.get("intent")["name"] != "report_danger"


def test_missing_phrase_lists_stop_the_training(
    storage: LocalModelStorage, context: ExecutionContext, tmp_path: Path
) -> None:
    nowhere = {"danger_phrases": str(tmp_path / "no"), "safe_phrases": str(tmp_path / "no")}
    untrained = SafetyNet.create(config(SafetyNet, nowhere), storage, Resource("x"), context)

    with pytest.raises(ValueError, match="no phrase list"):
        untrained.train(TrainingData())


@pytest.mark.parametrize(
    ("text", "flag", "intent"),
    [
        ("he has a knife", "immediate_danger", "report_danger"),
        ("i will end it all", "self_harm", "report_self_harm"),
        ("I'm fourteen", "under_18", "report_child"),
        ("I'm fourteen, he has a knife", "immediate_danger", "report_danger"),
        ("I'm fourteen and will end it all", "self_harm", "report_self_harm"),
    ],
)
def test_a_phrase_raises_its_flag_whatever_the_model_thinks(
    net: SafetyNet, text: str, flag: str, intent: str
) -> None:
    message = settled(net, text, "chat_jokes", 1.0)

    assert flag in message.get("heard")["flags"]
    assert message.get("intent") == {"name": intent, "confidence": 1.0}
    assert message.get("heard")["who"] == "self"
    assert message.get("heard")["chance"] == LISTED_CHANCE


@pytest.mark.parametrize("flag", FLAGS)
def test_a_flag_of_the_model_decides_the_intent(net: SafetyNet, flag: str) -> None:
    assert settled(net, "words", "greet", flags=[flag]).get("intent")["name"].startswith("report_")


def test_a_safe_word_outweighs_an_alarm_of_the_model(net: SafetyNet) -> None:
    """Promise 3. Its phrases were chosen to mean nothing else; listed danger would still count."""
    message = settled(net, "stop", flags=["immediate_danger"])

    assert message.get("intent")["name"] == "stop_chat"
    assert message.get("heard")["flags"] == []
    assert message.get("heard")["chance"] <= UNHEARD_CHANCE


@pytest.mark.parametrize(
    ("text", "intent", "confidence", "settled_as"),
    [
        ("please ask me nothing", "stop_chat", 0.99, "stop_chat"),
        ("not now, somebody listens", "say_not_alone", 0.99, "say_not_alone"),
        ("he has a knife, ask nothing", "stop_chat", 0.99, "report_danger"),
        ("please ask me nothing", "stop_chat", 0.9, "report_danger"),
        ("please ask me nothing of all these many things", "stop_chat", 0.99, "report_danger"),
        ("i tell you this", "tell_situation", 0.99, "report_danger"),
    ],
    ids=["stop", "watched", "listed danger", "not sure", "long", "not about the chat"],
)
def test_short_words_of_control_outweigh_an_alarm_of_the_model_alone(
    net: SafetyNet, text: str, intent: str, confidence: float, settled_as: str
) -> None:
    message = settled(net, text, intent, confidence, flags=["immediate_danger"])

    assert message.get("intent")["name"] == settled_as


def test_thoughts_of_suicide_are_never_outweighed_by_words_of_control(net: SafetyNet) -> None:
    message = settled(net, "goodbye to it all", "say_goodbye", 0.99, flags=["self_harm"])

    assert message.get("intent")["name"] == "report_self_harm"


@pytest.mark.parametrize("intent", ["say_not_alone", "delete_chat"])
def test_silence_and_erasing_need_a_sure_hearing(net: SafetyNet, intent: str) -> None:
    assert settled(net, "some words", intent, 0.5).get("intent")["name"] == "nlu_fallback"
    assert settled(net, "some words", intent, 0.7).get("intent")["name"] == intent


def test_a_safe_word_goes_before_the_model(net: SafetyNet) -> None:
    assert settled(net, "STOP!", "chat_police", 1.0).get("intent")["name"] == "stop_chat"


def test_a_sign_outweighs_small_talk(net: SafetyNet) -> None:
    message = settled(net, "words", "chat_work", 0.99, signs=["unpaid"])

    assert message.get("intent")["name"] == "tell_situation"


def test_a_sure_request_stays_beside_a_sign(net: SafetyNet) -> None:
    message = settled(net, "words", "ask_deportation", 0.9, signs=["fear_of_authorities"])

    assert message.get("intent")["name"] == "ask_deportation"


def test_a_disclosure_without_a_label_is_none(net: SafetyNet) -> None:
    message = settled(net, "words", "tell_situation", 0.9)

    assert message.get("intent")["name"] == "nlu_fallback"


def test_keys_pressed_at_random_are_not_understood(net: SafetyNet) -> None:
    assert settled(net, "asdkjh", "out_of_scope", 0.9).get("intent")["name"] == "nlu_fallback"


def test_a_place_alone_is_a_place(net: SafetyNet) -> None:
    message = settled(net, "SE15", "pause_chat", 0.9, flags=["under_18"])

    assert message.get("intent")["name"] == "inform_place"
    assert message.get("answer_intent")["name"] == "inform_place"


def test_an_unsure_intent_is_not_understood(net: SafetyNet) -> None:
    assert settled(net, "words", "greet", 0.05).get("intent")["name"] == "nlu_fallback"


def test_the_answer_s_intent_is_kept(net: SafetyNet) -> None:
    """'Yes, he has a knife' answers the open question and reports danger."""
    message = settled(net, "yes he has a knife", "affirm", 0.8)

    assert message.get("answer_intent") == {"name": "affirm", "confidence": 0.8}


def test_a_changed_phrase_list_makes_the_model_stale(phrases: dict[str, str]) -> None:
    before = SafetyNet.fingerprint_addon(phrases)
    with (Path(phrases["danger_phrases"]) / "en.yml").open("a") as stream:
        stream.write("# changed\n")

    assert SafetyNet.fingerprint_addon(phrases) != before

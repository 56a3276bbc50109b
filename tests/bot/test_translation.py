"""bot/translation.py: only to the operator's own machine, never late, never without English."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from libre_server import Libre, marked, wait_for

from bot.errors import SettingsError
from bot.replies import Choice, Link, Reply, Turn
from bot.translation import Translator, check_own_machine, open_translator

NOTICE = "A computer made this translation."
REPLY = Reply(
    "Call 08000 121 700.\nAsk Kalayaan.",
    tone="urgent",
    choices=(Choice("/go_on", "Go on"),),
    links=(Link("Call 999: Emergency services", "tel:999", "call"),),
)
TURN = Turn("en", "ltr", (REPLY,))


@pytest.fixture
def translator(libre: Libre) -> Iterator[Translator]:
    made = libre.translator(["Kalayaan"])
    yield made
    made.close()


def test_the_machine_says_which_languages_there_are(translator: Translator) -> None:
    assert translator.languages() == {"de", "he", "uk"}
    assert translator.supported("de-AT") == "de"
    assert translator.supported("DE") == "de"
    assert translator.supported("es") is None
    assert translator.supported("") is None
    assert translator.supported(None) is None


def test_a_message_is_translated_labelled_and_english_stands_below(translator: Translator) -> None:
    (reply,) = translator.turn(TURN, "de", NOTICE).replies

    translated, rest = reply.text.split("\n\n")
    label, *english = rest.split("\n")
    assert [line.split()[0] for line in translated.split("\n")] == ["Call~de", "Ask~de"]
    assert label == f"{marked(NOTICE, 'de')} · {NOTICE}"
    assert "\n".join(english) == REPLY.text
    assert reply.tone == "urgent"


def test_numbers_names_and_addresses_are_not_touched(translator: Translator, libre: Libre) -> None:
    (reply,) = translator.turn(TURN, "de", NOTICE).replies

    assert reply.text.count("08000 121 700") == 2
    assert reply.text.count("Kalayaan") == 2
    assert reply.links[0].href == "tel:999"
    assert reply.choices[0].id == "/go_on"
    assert not any("121" in each or "Kalayaan" in each for each in libre.read)


def test_labels_stand_in_both_languages(translator: Translator) -> None:
    (reply,) = translator.turn(TURN, "de", NOTICE).replies

    assert reply.choices[0].label == "Go~de on~de · Go on"
    assert reply.links[0].label.endswith("· Call 999: Emergency services")


def test_numbers_keep_their_order_in_right_to_left_text(translator: Translator) -> None:
    (reply,) = translator.turn(TURN, "he", NOTICE).replies

    assert "\u206608000 121 700\u2069" in reply.text.split("\n\n")[0]


def test_a_sentence_is_sent_once(translator: Translator, libre: Libre) -> None:
    translator.turn(TURN, "de", NOTICE)
    count = len(libre.read)

    translator.turn(TURN, "de", NOTICE)

    assert len(libre.read) == count


def test_a_line_in_which_a_number_was_lost_stays_english(
    translator: Translator, libre: Libre
) -> None:
    libre.translate = lambda text, target: text.replace("⟦0⟧", "1") + "~"

    (reply,) = translator.turn(TURN, "de", NOTICE).replies

    assert reply.text.split("\n\n")[0].split("\n")[0] == "Call 08000 121 700."


@pytest.mark.parametrize("fault", ["status", "nonsense", "gone"])
def test_when_the_machine_fails_english_stands_alone(
    translator: Translator, libre: Libre, fault: str
) -> None:
    if fault == "status":
        libre.status = 500
    elif fault == "nonsense":
        libre.translate = lambda text, target: {}[text]  # type: ignore[typeddict-item]
    else:
        libre.close()

    assert translator.turn(TURN, "de", NOTICE) == TURN


def test_nobody_waits_for_a_slow_machine_twice() -> None:
    """It answers when the test is over: whoever waited for it would wait for ever."""
    is_over = threading.Event()
    asked: list[str] = []

    def translate(text: str) -> str:
        asked.append(text)
        is_over.wait()
        return text

    made = Translator(lambda into: translate, lambda: ["de"], wait_s=0.05)
    wait_for(made)

    assert made.turn(TURN, "de", NOTICE) == TURN
    count = len(asked)
    assert made.turn(TURN, "de", NOTICE) == TURN

    assert 0 < count == len(asked)
    is_over.set()
    made.close()


def test_a_machine_that_is_down_at_the_start_offers_no_language() -> None:
    def fail() -> list[str]:
        raise OSError

    made = Translator(lambda into: str, fail)
    time.sleep(0.05)

    assert made.languages() == frozenset()
    assert made.supported("de") is None
    made.close()


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:5000", "http://localhost:5000", "http://10.1.2.3", "http://192.168.1.9/api"],
)
def test_a_machine_of_one_s_own_is_accepted(url: str) -> None:
    check_own_machine(url)


@pytest.mark.parametrize("url", ["https://8.8.8.8", "http://[2606:4700::1111]:5000"])
def test_a_public_host_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="never to a public service"):
        check_own_machine(url)


def test_a_name_that_leads_to_a_public_address_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = [(2, 1, 6, "", ("127.0.0.1", 0)), (2, 1, 6, "", ("1.1.1.1", 0))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_: found)

    with pytest.raises(SettingsError, match="never to a public service"):
        check_own_machine("https://translate.example.org")


def test_a_name_that_leads_nowhere_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError

    monkeypatch.setattr("socket.getaddrinfo", fail)

    with pytest.raises(SettingsError, match="no machine that can be found"):
        open_translator("http://nowhere.invalid", "", [])

"""Listening: only with a voice of the device, in the language of the message, stopped on leaving."""

from __future__ import annotations

import json

import pytest
from chat_page import Chat, NewChat

VOICES = [
    {"lang": "en-GB", "localService": False, "name": "of the network"},
    {"lang": "en-US", "localService": True, "name": "of the device"},
    {"lang": "ar-EG", "localService": True, "name": "Arabic, of the device"},
    {"lang": "es-ES", "localService": False, "name": "Spanish, of the network"},
]


def with_voices(new_chat: NewChat, voices: list[dict[str, object]], **given: str) -> Chat:
    """A chat on a device with these voices; what is spoken is kept in `spoken`."""
    chat = new_chat(is_bare=True)
    chat.page.add_init_script(
        f"""
        window.spoken = [];
        window.SpeechSynthesisUtterance = class {{ constructor(text) {{ this.text = text; }} }};
        Object.defineProperty(window, 'speechSynthesis', {{ value: {{
          getVoices: () => {json.dumps(voices)},
          speak: (said) => window.spoken.push(said),
          cancel: () => window.spoken.push('silence'),
        }} }});
        """
    )
    return chat


@pytest.fixture
def chat(new_chat: NewChat, url: str) -> Chat:
    """A chat in English, open."""
    chat = with_voices(new_chat, VOICES)
    chat.page.goto(url + "/host")
    chat.open()
    return chat


def spoken(chat: Chat) -> list[object]:
    return chat.page.evaluate(
        "spoken.map((each) => (each.voice ? [each.text, each.voice.name] : each))"
    )


def test_a_reply_is_read_by_the_device_s_own_voice(chat: Chat) -> None:
    chat.find(".reply .listen").first.click()

    ((text, voice),) = spoken(chat)
    assert text.startswith("Hello.")
    assert voice == "of the device"


def test_numbers_are_read_digit_by_digit(chat: Chat) -> None:
    chat.find(".reply .listen").first.click()

    ((text, _),) = spoken(chat)
    assert "1 1 1" in text
    assert "111" not in text


def test_the_choices_are_read_too(chat: Chat) -> None:
    chat.find(".reply .listen").last.click()

    ((text, _),) = spoken(chat)
    assert "Not always" in text


def test_a_second_touch_stops_and_the_label_says_which(chat: Chat) -> None:
    button = chat.find(".reply .listen").first
    assert button.inner_text() == "Listen"

    button.click()
    assert button.inner_text() == "Stop the voice"
    button.click()

    assert button.inner_text() == "Listen"
    assert spoken(chat)[-1] == "silence"


def test_one_button_reads_all_that_was_said_at_once(chat: Chat) -> None:
    assert chat.find(".listen").count() == 1
    chat.find(".listen").click()

    ((text, _),) = spoken(chat)
    for reply in chat.find(".reply .text").all():
        assert reply.inner_text().split("\n")[0].split(",")[0] in text


def test_another_message_stops_the_first(chat: Chat) -> None:
    chat.say("hello", 3)
    first, second = chat.find(".reply .listen").first, chat.find(".reply .listen").last
    first.click()
    second.click()

    assert [first.inner_text(), second.inner_text()] == ["Listen", "Stop the voice"]


def test_when_the_voice_ends_the_label_says_so(chat: Chat) -> None:
    button = chat.find(".reply .listen").first
    button.click()
    chat.page.evaluate("spoken[0].onend()")

    assert button.inner_text() == "Listen"


def test_leaving_stops_the_voice(chat: Chat) -> None:
    chat.find(".reply .listen").first.click()
    with chat.page.expect_response("**/conversations"):
        chat.page.evaluate("document.querySelector('waymark-chat').remove()")

    assert chat.page.evaluate("spoken.at(-1)") == "silence"


@pytest.mark.parametrize("voices", [[], VOICES[:1]])
def test_without_a_voice_of_the_device_there_is_no_button(
    new_chat: NewChat, url: str, voices: list[dict[str, object]]
) -> None:
    chat = with_voices(new_chat, voices)
    chat.page.goto(url + "/host")
    chat.open()

    assert chat.find(".listen").count() == 0


def test_a_language_without_a_voice_has_no_button(chat: Chat) -> None:
    chat.find("select").select_option("es")
    chat.find(".reply[lang=es]").first.wait_for()
    assert chat.find(".reply[lang=es] .listen").count() == 0
    chat.find("select").select_option("ar")
    chat.find(".reply[lang=ar]").first.wait_for()
    assert chat.find(".reply[lang=ar] .listen").count() > 0


def test_axe_finds_nothing_with_the_button(chat: Chat) -> None:
    assert chat.axe() == []

    chat.find(".listen").first.click()

    assert chat.axe() == []
    box = chat.find(".listen").first.bounding_box()
    assert box is not None
    assert box["height"] >= 44

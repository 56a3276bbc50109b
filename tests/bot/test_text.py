"""bot/text.py: what a person typed is made safe to read."""

from __future__ import annotations

import pytest

from bot.text import (
    MAX_CHARS,
    MAX_SENTENCES,
    clean,
    count_words,
    has_words,
    is_cut,
    normal_form,
    part_read,
    sentences,
)


# --- clean -----------------------------------------------------------------------------
def test_clean_drops_a_lone_surrogate() -> None:
    assert clean("help \ud83d me") == "help me"


@pytest.mark.parametrize(
    "text", ["\udc00", "\ud800\ud800", "", " ", "\n\n", "\x00", "\u200b\ufeff", "/", "//// "]
)
def test_clean_leaves_nothing_of_text_without_content(text: str) -> None:
    assert clean(text) == ""


def test_clean_turns_control_characters_into_spaces() -> None:
    assert clean("he\x00has\x1b[31ma\x07knife\x7f") == "he has [31ma knife"


@pytest.mark.parametrize("char", ["\u00ad", "\u200b", "\u200c", "\u2060", "\ufeff"])
def test_clean_drops_zero_width_characters_inside_a_word(char: str) -> None:
    assert clean(f"kni{char}fe") == "knife"


@pytest.mark.parametrize("char", ["\u200d", "\u200e", "\u200f", "\u061c", "\u2063", "\U000e0020"])
def test_clean_drops_invisible_joiners_and_marks_inside_a_word(char: str) -> None:
    """They split the word for the phrase lists, unseen by whoever typed or pasted them."""
    assert normal_form(clean(f"kni{char}fe")) == "knife"


@pytest.mark.parametrize("char", ["\u202a", "\u202b", "\u202d", "\u202e", "\u2066", "\u2067"])
def test_clean_drops_direction_overrides(char: str) -> None:
    assert clean(f"{char}help\u202c\u2069 me") == "help me"


def test_clean_cuts_stacked_combining_marks() -> None:
    zalgo = "h" + "\u0316\u0317\u0318\u0319" * 10 + "elp"

    assert clean(zalgo) == "h\u0316\u0317elp"


def test_clean_keeps_arabic_vowel_signs() -> None:
    assert clean("سَاعِدُونِي") == "سَاعِدُونِي"


def test_clean_reads_the_first_part_of_a_hundred_thousand_characters() -> None:
    assert clean("help me " * 12_500) == ("help me " * 1_250).strip()


def test_of_a_long_message_start_and_end_are_read() -> None:
    """People say what matters last."""
    read = part_read(clean("first words " + "so it goes " * 500 + "he has a knife"))

    assert read.startswith("first words")
    assert read.endswith("he has a knife")
    assert len(read) <= MAX_CHARS


def test_clean_reads_no_more_of_a_huge_message_than_it_keeps() -> None:
    """A million marks would otherwise be looked at, one by one."""
    assert "help" not in clean("\u0301" * 1_000_000 + "help")


def test_clean_cuts_long_repeats() -> None:
    assert clean("nooooooo!!!!!!") == "nooo!!!"


@pytest.mark.parametrize(
    "text", ["/restart", " /restart", "//restart", "\u200b/restart", "/ /restart", "\x00/restart"]
)
def test_clean_removes_a_leading_slash(text: str) -> None:
    """A slash is Rasa's mark for a button: typed text must never become one."""
    assert clean(text) == "restart"


@pytest.mark.parametrize("text", ["/\n/restart", "/ \n /restart", "//\n\n//restart"])
def test_clean_removes_a_leading_slash_on_a_second_line(text: str) -> None:
    """After the first slash goes, the next line's slash must not lead."""
    assert not clean(text).startswith("/")


def test_clean_keeps_a_slash_inside() -> None:
    assert clean("24/7 work") == "24/7 work"


def test_clean_folds_white_space_and_keeps_lines() -> None:
    assert clean("  one \t two\u00a0three \r\n\n\n four ") == "one two three\nfour"


def test_clean_finds_words_behind_much_white_space() -> None:
    assert clean("\n" * 5000 + "he has a knife") == "he has a knife"


def test_clean_is_stable() -> None:
    once = clean("\u202e/Ａh\u0301\u0301\u0301 \ud83dho\u200bla\n\n  ٣\x07 fin/")

    assert clean(once) == once


# --- is_cut ----------------------------------------------------------------------------
def test_a_long_message_is_cut() -> None:
    assert is_cut("help " * 300) is True


@pytest.mark.parametrize("text", ["", "help", "x" * MAX_CHARS, "a" + " " * 3000])
def test_a_message_that_fits_is_not_cut(text: str) -> None:
    assert is_cut(text) is False


def test_words_lost_behind_white_space_count_as_cut() -> None:
    """`is_cut` promises to say when `clean` leaves the end unread."""
    text = "hello" + " " * 5000 + "he has a knife"

    assert is_cut(text) is not clean(text).endswith("knife")


@pytest.mark.parametrize("text", ["n" + "o" * 3000, "help" + "\u200b" * 2000])
def test_repeats_and_invisible_characters_do_not_count_as_cut(text: str) -> None:
    """Nothing that was written stays unread."""
    assert is_cut(text) is False


# --- has_words -------------------------------------------------------------------------
@pytest.mark.parametrize("text", ["", "😭😭", "999", "٩٩٩", "?!", "👍🏽 1"])
def test_emoji_digits_and_signs_are_no_words(text: str) -> None:
    assert has_words(text) is False


@pytest.mark.parametrize("text", ["a", "مساعدة", "¡ayuda!", "救命", "ช่วยด้วย", "ርዳኒ"])
def test_letters_of_any_script_are_words(text: str) -> None:
    assert has_words(text) is True


# --- sentences -------------------------------------------------------------------------
@pytest.mark.parametrize("text", ["", "Help me please.", "Yes. No. Maybe."])
def test_a_single_sentence_has_no_parts(text: str) -> None:
    assert sentences(text) == []


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("I like my work. He has a knife! Are you there?", 3),
        ("Trabajo todo el día. ¿Me puede usted ayudar?", 2),
        ("أعمل كل يوم هنا. هل تسمعني الآن؟ أنا خائف جدا", 3),
        ("first line of text\nsecond line of text", 2),
    ],
)
def test_sentences_end_at_marks_and_lines(text: str, parts: int) -> None:
    assert len(sentences(text)) == parts


def test_there_are_never_too_many_sentences() -> None:
    assert len(sentences("he hits me. " * 80)) == MAX_SENTENCES


def test_long_chat_without_full_stops_is_read_in_overlapping_windows() -> None:
    words = [f"w{number}" for number in range(50)]

    parts = sentences(" ".join(words))

    assert {word for part in parts for word in part.split()} == set(words)
    assert max(len(part.split()) for part in parts) == 20


# --- normal_form -----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("", ""),
        ("?!…", ""),
        ("I DON'T know", "i dont know"),
        ("he’s here", "hes here"),
        ("now,now - NOW", "now now now"),
        ("¡Ayúdame, señor!", "ayudame senor"),
        ("ＨＥＬＰ", "help"),
        ("straße", "strasse"),
        ("snake_case", "snake case"),
    ],
)
def test_normal_form_of_latin_text(text: str, normal: str) -> None:
    assert normal_form(text) == normal


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("أإآٱ", "اااا"),
        ("سَاعِدُونِي", "ساعدوني"),
        ("مساعدة", "مساعده"),
        ("مســـاعدة؟", "مساعده"),
        ("مستشفى", "مستشفي"),
        ("کی", "كي"),
    ],
)
def test_normal_form_folds_arabic_letters(text: str, normal: str) -> None:
    assert normal_form(text) == normal


@pytest.mark.parametrize("text", ["Ayúdame, señor!", "سَاعِدُونِي مســاعدة", "I don't KNOW"])
def test_normal_form_is_stable(text: str) -> None:
    assert normal_form(normal_form(text)) == normal_form(text)


def test_composed_and_decomposed_accents_have_one_normal_form() -> None:
    assert normal_form("ayu\u0301dame") == normal_form("ay\u00fadame")


def test_the_last_of_many_sentences_is_read_by_itself() -> None:
    read = sentences("So it goes on. " * 40 + "He has a knife now.")

    assert len(read) == MAX_SENTENCES
    assert read[-1] == "He has a knife now."


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("Tôi đang bị đánh", "toi dang bi danh"),
        ("Łódź, TERAZ!", "lodz teraz"),
        ("में बच्चे", "में बच्चे"),
        ("बड़ा", "बडा"),  # the dot below is left out as often as not
        ("เขาตีฉัน!", "เขาตีฉัน"),
        ("ክቐትለኒ፡ እዩ።", "ክቐትለኒ እዩ"),
        ("می‌خواهم", "ميخواهم"),
        ("ok\ufe0f", "ok"),
    ],
)
def test_normal_form_keeps_what_is_a_letter_in_a_script(text: str, normal: str) -> None:
    assert normal_form(text) == normal


@pytest.mark.parametrize(
    ("text", "count"),
    [("he has a knife", 4), ("", 0), ("他有刀", 2), ("快报警 now", 3), ("ช่วยด้วย", 2)],
)
def test_words_are_counted_where_no_space_parts_them(text: str, count: int) -> None:
    assert count_words(text) == count


@pytest.mark.parametrize(
    "text",
    [
        "我在餐馆洗碗很久了。今天天气很好。他拿着刀在门口。",
        "मैं होटल में काम करता हूं। आज मौसम अच्छा है। वो बाहर चाकू लेकर खड़ा है।",
        "ኣብ ቤት ይሰርሕ ኣለኹ። ሎሚ ጽቡቕ መዓልቲ እዩ። ካራ ሒዙ ኣብ ደገ ኣሎ።",
    ],
)
def test_sentences_end_with_each_script_s_own_stop(text: str) -> None:
    assert len(sentences(text)) == 3


def test_long_writing_without_stops_or_spaces_is_read_in_pieces() -> None:
    parts = sentences("我每天从早上工作到晚上" * 12)

    assert len(parts) > 2
    assert max(map(len, parts)) <= 40

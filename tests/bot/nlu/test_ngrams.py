"""bot/nlu/ngrams.py: hashed n-grams as TF-IDF."""

from __future__ import annotations

import numpy as np
import pytest

from bot.nlu import ngrams

TEXTS = ["he has a knife", "he has a dog", "rain"]


@pytest.mark.parametrize("text", ["", "😭", "?!", " \n"])
def test_a_text_without_words_has_no_features(text: str) -> None:
    vocabulary, _ = ngrams.learn(TEXTS, at_least=1)

    found, values = vocabulary.features(text)

    assert (len(found), len(values)) == (0, 0)


def test_hashes_do_not_depend_on_case_accents_or_marks() -> None:
    assert ngrams.hashes_of("¡Ayúdame!").tolist() == ngrams.hashes_of("ayudame").tolist()


def test_a_row_at_run_time_is_the_row_of_training() -> None:
    vocabulary, rows = ngrams.learn(TEXTS, at_least=1)

    for text, learned in zip(TEXTS, rows.toarray()):
        row = np.zeros(len(vocabulary.hashes))
        found, values = vocabulary.features(text)
        row[found] = values
        assert np.allclose(row, learned, atol=1e-6)
        assert np.isclose(np.linalg.norm(row), 1)


def test_what_training_did_not_meet_counts_nothing() -> None:
    """Else every unknown word would borrow the weight of some known one."""
    vocabulary, _ = ngrams.learn(TEXTS, at_least=1)

    found, _ = vocabulary.features("qwx zvb")

    assert len(found) == 0


def test_rare_ngrams_count_nothing() -> None:
    vocabulary, rows = ngrams.learn(["abc", "xyz"], at_least=2)

    assert len(vocabulary.hashes) == 0
    assert rows.shape == (2, 0)


def test_one_character_is_a_word_where_no_space_parts_them() -> None:
    shared = set(ngrams.hashes_of("他有刀").tolist()) & set(ngrams.hashes_of("刀").tolist())

    assert shared

"""bot/nlu/ngrams.py: hashed n-grams as TF-IDF."""

from __future__ import annotations

import numpy as np
import pytest

from bot.nlu import ngrams


@pytest.mark.parametrize("text", ["", "😭", "?!", " \n"])
def test_a_text_without_words_has_no_features(text: str) -> None:
    found, values = ngrams.features(text, np.ones(ngrams.BUCKETS, np.float32))

    assert (len(found), len(values)) == (0, 0)


def test_buckets_do_not_depend_on_case_accents_or_marks() -> None:
    assert ngrams.buckets("¡Ayúdame!").tolist() == ngrams.buckets("ayudame").tolist()


def test_a_row_at_run_time_is_the_row_of_training() -> None:
    texts = ["he has a knife", "he has a dog", "rain"]
    counted = ngrams.counts(texts)
    idf = ngrams.inverse_document_frequency(counted, at_least=1)
    row = np.zeros(ngrams.BUCKETS)

    found, values = ngrams.features(texts[0], idf)
    row[found] = values

    assert np.allclose(row, ngrams.weighted(counted, idf)[0].toarray()[0], atol=1e-6)


def test_rare_buckets_count_nothing() -> None:
    counted = ngrams.counts(["abc", "xyz"])

    assert ngrams.inverse_document_frequency(counted, at_least=2).max() == 0

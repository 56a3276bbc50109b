"""bot/engine/without_tensorflow.py: stands in for imports, loud when asked to work."""

from __future__ import annotations

import sys

import pytest

from bot.engine import without_tensorflow
from bot.engine.without_tensorflow import TensorFlowAbsentError


@pytest.mark.parametrize(
    "work", ["tf.constant(1)", "tf.keras.Sequential()", "tf.zeros([2])", "tf.function(1)"]
)
def test_real_work_is_refused_loudly(work: str) -> None:
    import tensorflow as tf

    with pytest.raises(TensorFlowAbsentError, match=work.split("(")[0].split(".")[-1]):
        eval(work, {"tf": tf})


def test_a_subclass_can_be_made_but_not_used() -> None:
    import tensorflow as tf

    class Layer(tf.keras.layers.Layer):  # type: ignore[misc,name-defined]
        pass

    with pytest.raises(TensorFlowAbsentError):
        Layer()


def test_a_decorator_gives_back_what_it_decorates() -> None:
    import tensorflow as tf

    @tf.function  # type: ignore[misc]
    def work() -> int:
        return 1

    assert work() == 1


def test_names_can_stand_in_annotations() -> None:
    import tensorflow as tf

    assert (tf.Tensor | None) is not None
    assert (None | tf.Tensor) is not None


def test_submodules_can_be_imported() -> None:
    from keras.utils import Sequence
    from tensorflow.python.framework import ops

    assert isinstance(Sequence, type)
    assert ops is not None


def test_other_missing_modules_still_fail() -> None:
    with pytest.raises(ModuleNotFoundError):
        __import__("tensorflowish_nothing")


def test_installing_twice_changes_nothing() -> None:
    before = list(sys.meta_path)
    without_tensorflow.install()

    assert sys.meta_path == before

"""bot/engine/stand_ins.py: stands in for imports, loud when asked to work."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bot.engine import stand_ins
from bot.engine.stand_ins import AbsentLibraryError
from bot.settings import PROJECT


@pytest.mark.parametrize(
    "work", ["tf.constant(1)", "tf.keras.Sequential()", "tf.zeros([2])", "tf.function(1)"]
)
def test_real_work_is_refused_loudly(work: str) -> None:
    import tensorflow as tf

    with pytest.raises(AbsentLibraryError, match=work.split("(")[0].split(".")[-1]):
        eval(work, {"tf": tf})


def test_a_subclass_can_be_made_but_not_used() -> None:
    import tensorflow as tf

    class Layer(tf.keras.layers.Layer):  # type: ignore[misc,name-defined]
        pass

    with pytest.raises(AbsentLibraryError):
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
    stand_ins.install()

    assert sys.meta_path == before


SERVING = """
import subprocess
import sys
import bot.engine.embedded
loaded = {name.split(".")[0] for name in sys.modules}
print(sorted(loaded & {*bot.engine.stand_ins.OTHER_CHANNELS, *bot.engine.stand_ins.OTHER_STORES,
                       *bot.engine.stand_ins.NOT_WHILE_SERVING}))
import sqlalchemy, sklearn.linear_model
print(sqlalchemy.Column("id", sqlalchemy.Integer).name, sklearn.linear_model.Ridge().alpha)
from rasa.core.tracker_store import SQLTrackerStore
try:
    SQLTrackerStore(None)
except bot.engine.stand_ins.AbsentLibraryError as error:
    print("refused:", error)
"""


def test_serving_brings_only_what_it_needs_and_the_rest_stays_to_be_had() -> None:
    """In a process of its own: this one has imported half of them already."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SERVING],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    loaded, real, refused = done.stdout.splitlines() or [done.stderr, "", ""]

    assert loaded == "[]"
    assert real == "id 1.0"
    assert refused.startswith("refused: sqlalchemy")


def test_what_was_there_before_stays() -> None:
    import sqlalchemy

    with stand_ins.left_out():
        import sqlalchemy.orm as again

        assert again is sqlalchemy.orm
    assert sys.modules["sqlalchemy"] is sqlalchemy


def test_what_is_left_out_is_so_only_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [each for each in sys.modules if each.split(".")[0] == "twilio"]:
        monkeypatch.delitem(sys.modules, name)
    with stand_ins.left_out():
        import twilio.rest

        inside = twilio.rest.Client

    with pytest.raises(AbsentLibraryError, match=r"twilio\.rest\.Client"):
        inside()
    assert "twilio" not in sys.modules

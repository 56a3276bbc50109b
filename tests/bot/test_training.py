"""bot/training.py: a model is stale when one of its sources changed."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import training

FILES = (
    *("config.yml", "domain.yml", "data/nlu/en/signs.yml", "data/stories/rules.yml"),
    *("data/danger_phrases/en.yml", "data/safe_phrases/en.yml", "bot/nlu/scorer.py"),
    *("bot/text.py", "uv.lock"),
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project."""
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    monkeypatch.setattr(training, "PROJECT", tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", FILES)
def test_a_changed_source_changes_the_digest(project: Path, name: str) -> None:
    before = training.digest()
    (project / name).write_text("changed")

    assert training.digest() != before


def test_a_new_file_changes_the_digest(project: Path) -> None:
    before = training.digest()
    (project / "data/nlu/so.yml").write_text("x")

    assert training.digest() != before


def test_a_moved_file_changes_the_digest(project: Path) -> None:
    before = training.digest()
    (project / "data/nlu/en/signs.yml").rename(project / "data/nlu/en/sign.yml")

    assert training.digest() != before


def test_a_file_for_readers_changes_nothing(project: Path) -> None:
    before = training.digest()
    (project / "data/nlu/README.md").write_text("x")

    assert training.digest() == before


def test_a_model_that_is_up_to_date_is_left(project: Path) -> None:
    model = project / "waymark.tar.gz"
    model.write_text("model")
    (project / "waymark.tar.gz.sources").write_text(training.digest())

    assert training.train(model) is False
    assert model.read_text() == "model"


@pytest.mark.parametrize("state", ["no model", "stale", "forced"])
def test_training_without_a_model_at_the_end_raises(
    project: Path, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    import rasa.model_training

    class Result:
        code = 1

    model, stamp = project / "waymark.tar.gz", project / "waymark.tar.gz.sources"
    if state != "no model":
        model.write_text("model")
    stamp.write_text("old" if state == "stale" else training.digest())
    monkeypatch.setattr(rasa.model_training, "train", lambda **_: Result())

    with pytest.raises(training.TrainingError):
        training.train(model, force=state == "forced")
    assert state != "stale" or stamp.read_text() == "old"


class Trained:
    code = 0


def training_that(ends: Callable[[Path], object]) -> Callable[..., object]:
    """Rasa's training, which writes a model to where it is told to and then ends like this."""

    def train(*, output: str, fixed_model_name: str, **_: object) -> object:
        fresh = Path(output) / f"{fixed_model_name}.tar.gz"
        fresh.write_text("half a mod")
        return ends(fresh)

    return train


def test_a_full_disk_leaves_the_old_model_and_is_said_plainly(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import rasa.model_training

    def fill(_: Path) -> None:
        try:
            raise OSError(errno.ENOSPC, "No space left on device")
        except OSError as error:
            raise RuntimeError("a component failed") from error

    model = project / "waymark.tar.gz"
    model.write_text("model")
    monkeypatch.setattr(rasa.model_training, "train", training_that(fill))
    with pytest.raises(training.TrainingError, match="No space left on device"):
        training.train(model)

    assert model.read_text() == "model"
    assert sorted(file.name for file in project.glob("*.tar.gz*")) == ["waymark.tar.gz"]


def test_training_that_is_broken_off_leaves_the_old_model(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import rasa.model_training

    def stop(_: Path) -> None:
        raise KeyboardInterrupt

    model = project / "waymark.tar.gz"
    model.write_text("model")
    monkeypatch.setattr(rasa.model_training, "train", training_that(stop))
    with pytest.raises(KeyboardInterrupt):
        training.train(model)

    assert model.read_text() == "model"
    assert sorted(file.name for file in project.glob("*.tar.gz*")) == ["waymark.tar.gz"]


def test_a_new_model_takes_the_old_one_s_place(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import rasa.model_training

    def end(fresh: Path) -> object:
        fresh.write_text("new model")
        return Trained()

    model = project / "waymark.tar.gz"
    model.write_text("model")
    monkeypatch.setattr(rasa.model_training, "train", training_that(end))

    assert training.train(model) is True
    assert model.read_text() == "new model"
    assert training.train(model) is False

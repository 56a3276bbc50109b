"""Stock Rasa's environment and model, made from Waymark's domain and training data."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import yaml

from benchmarks.servers import BenchmarkError
from benchmarks.training_data import blocks, files
from bot.settings import PROJECT

STOCK: Final = PROJECT / "benchmarks" / "stock"
WORK: Final = PROJECT / "benchmarks" / "work"
RASA: Final = STOCK / ".venv" / "bin" / "rasa"
RULES: Final = PROJECT / "data" / "stories"
SYNC_LIMIT_S: Final = 30 * 60
ONE_EPOCH_BATCH: Final = 512
"""Messages a step when there is one epoch: the same model in size and work, sooner trained.
Each step rewrites all weights, of which a million n-grams make many."""
_PLACEHOLDER = re.compile(r"\{([a-z_0-9]+)\}")


def sync_environment() -> None:
    """Install stock Rasa beside Waymark, from its own lock (about 2.5 GB, once).

    Raises:
        BenchmarkError: it can't be installed.
    """
    environment = {
        key: value
        for key, value in os.environ.items()
        if key not in ("VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT")
    }
    command = [os.environ.get("UV") or "uv", "sync", "--locked", "--project", str(STOCK)]
    _run(command, environment, SYNC_LIMIT_S, "Stock Rasa's environment could not be installed")


def model_for(epochs: int, limit_s: float) -> Path:
    """The model for today's training data, trained unless it is there already.

    Raises:
        BenchmarkError: training failed or took longer than `limit_s`.
    """
    domain = yaml.safe_dump(stock_domain(), allow_unicode=True, sort_keys=False)
    config = yaml.safe_dump(stock_config(epochs), sort_keys=False)
    name = _digest(domain, config)
    model = WORK / "models" / f"{name}.tar.gz"
    if model.is_file():
        return model
    folder = WORK / "training"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "domain.yml").write_text(domain, "utf-8")
    (folder / "config.yml").write_text(config, "utf-8")
    (folder / "nlu.yml").write_text(messages_by_intent(), "utf-8")
    command = [
        str(RASA), "train", "--domain", "domain.yml", "--config", "config.yml", "--skip-validation",
        "--data", "nlu.yml", str(RULES), "--out", str(model.parent), "--fixed-model-name", name,
    ]  # fmt: skip
    environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false"}
    _run(command, environment, limit_s, "Stock Rasa could not be trained", folder)
    if not model.is_file():
        raise BenchmarkError(
            "Stock Rasa's training ended without a model; the lines above say why."
        )
    return model


def stock_config(epochs: int) -> dict[str, Any]:
    """The default configuration with this many epochs; a single one takes larger steps."""
    config: dict[str, Any] = yaml.safe_load((STOCK / "config.yml").read_text("utf-8"))
    for part in (*config["pipeline"], *config["policies"]):
        if "epochs" in part:
            part["epochs"] = epochs
            if epochs == 1:
                part["batch_size"] = ONE_EPOCH_BATCH
    return config


def stock_domain() -> dict[str, Any]:
    """Waymark's domain with what stock Rasa's own generator of words would stumble over mended.

    Placeholders that only Waymark's catalogues fill become plain words, and the braces of
    buttons are doubled, as Rasa's documentation asks. Nothing is taken away.
    """
    domain: dict[str, Any] = yaml.safe_load((PROJECT / "domain.yml").read_text("utf-8"))
    for variations in domain["responses"].values():
        for variation in variations:
            variation["text"] = _PLACEHOLDER.sub(r"\1", variation["text"])
            for button in variation.get("buttons") or ():
                button["title"] = _PLACEHOLDER.sub(r"\1", button["title"])
                button["payload"] = button["payload"].replace("{", "{{").replace("}", "}}")
    return domain


def messages_by_intent() -> str:
    """Waymark's training messages as one file with a block an intent.

    The same messages without the labels that stock Rasa does not read: it merges files in the
    square of their number, and takes half an hour to parse so many blocks.
    """
    examples: dict[str, list[str]] = {}
    for file in files(PROJECT):
        for block in blocks(file):
            examples.setdefault(block["intent"], []).extend(block["examples"].splitlines())
    parts = [
        "".join([f"- intent: {intent}\n  examples: |\n", *(f"    {line}\n" for line in lines)])
        for intent, lines in examples.items()
    ]
    return 'version: "3.1"\nnlu:\n' + "".join(parts)


def _digest(*texts: str) -> str:
    total = hashlib.sha256("".join(texts).encode())
    for file in (*files(PROJECT), *sorted(RULES.rglob("*.yml"))):
        total.update(file.read_bytes())
    return f"stock-{total.hexdigest()[:16]}"


def _run(
    command: list[str],
    environment: dict[str, str],
    limit_s: float,
    problem: str,
    folder: Path = STOCK,
) -> None:
    try:
        done = subprocess.run(
            command, env=environment, cwd=folder, timeout=limit_s, stdout=sys.stderr, check=False
        )
    except FileNotFoundError as error:
        raise BenchmarkError(f"{problem}: {command[0]} is missing. Set UV to uv's path.") from error
    except subprocess.TimeoutExpired as error:
        raise BenchmarkError(
            f"{problem}: it took longer than {limit_s / 60:.0f} minutes."
        ) from error
    if done.returncode:
        raise BenchmarkError(f"{problem}; the lines above say why.")

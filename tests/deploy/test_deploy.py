"""What lies in deploy/: settings that exist, containers that can do little, Redis without a disk."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib import metadata
from typing import Any

import pytest
import yaml
from deployment import DEPLOY, KUBERNETES, SETTINGS, directives, documents, files, manifests, read

from bot.settings import PROJECT, load_settings

COMPOSE: dict[str, Any] = yaml.safe_load(read("compose.yml"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
NOT_OURS = frozenset(
    [
        "HOME",
        "PATH",
        "PYTHONDONTWRITEBYTECODE",
        "PYTHONUNBUFFERED",
        "RASA_TELEMETRY_ENABLED",
        "CADDY_ADMIN",
        "SITE_ADDRESS",
        "UPSTREAM",
        "WEB_PROCESSES",
        "REDIS_PASSWORD",
    ]
)
"""Variables of the surroundings, and of compose.yml itself."""
_OURS = re.compile(r"\b(?:WAYMARK|TELEGRAM|TRANSLATION|NUMBERS)_[A-Z_]+\b")
_ADDRESS = re.compile(r"https?://([A-Za-z0-9.-]+)")
OPEN_TO_ALL = ("example.org", "127.0.0.1", "localhost", "core.telegram.org", "waymark")
"""Examples, this machine, the list of Telegram's networks, and the name of an upstream."""


def words(instruction: str) -> list[list[str]]:
    """What stands behind an instruction of the Containerfile, each time."""
    text = re.sub(r"\\\n\s*", "", "\n".join(directives(read("Containerfile"))))
    found = re.findall(rf"^{instruction} (.*)$", text, re.M)
    return [json.loads(each) if each.startswith("[") else shlex.split(each) for each in found]


def variables(name: str) -> dict[str, str]:
    """An example of a file with settings, also of those that are switched off."""
    return dict(re.findall(r"^#?([A-Z_]+)=(.*)$", read(name), re.M))


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(DEPLOY)))
def test_every_setting_that_is_named_exists(path: Any) -> None:
    named = set(_OURS.findall(path.read_text("utf-8")))

    assert named - SETTINGS == set()


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(DEPLOY)))
def test_no_address_but_examples(path: Any) -> None:
    hosts = set(_ADDRESS.findall(path.read_text("utf-8")))

    assert {host for host in hosts if not host.endswith(OPEN_TO_ALL)} == set()


@pytest.mark.parametrize("name", ["waymark.env.example", "redis.env.example"])
def test_examples_of_settings_hold_no_secret_and_nothing_unknown(name: str) -> None:
    found = variables(name)

    assert set(found) - SETTINGS - NOT_OURS == set()
    assert {
        name: value
        for name, value in found.items()
        if re.search("SECRET|TOKEN|PASSWORD", name) and value
    } == {}


def test_example_of_settings_is_taken_as_it_is() -> None:
    said = dict(shlex.split(line)[0].split("=", 1) for line in _said("waymark.env.example"))

    assert load_settings(said).allowed_origins == {"https://www.example.org", "https://example.org"}


def _said(name: str) -> list[str]:
    return [line for line in read(name).splitlines() if line and not line.startswith("#")]


@pytest.mark.parametrize(
    "path", [p for p in files() if p.suffix in (".yml", ".yaml")], ids=lambda path: path.name
)
def test_yaml_can_be_read(path: Any) -> None:
    assert documents(path)


def test_environment_of_containers_names_settings_only() -> None:
    named = {name for service in SERVICES.values() for name in service.get("environment", {})}
    named |= {each.split("=")[0] for line in words("ENV") for each in line}
    for manifest in manifests():
        for container in _containers(manifest):
            named |= {each["name"] for each in container.get("env", [])}
        if manifest["kind"] == "Secret":
            named |= set(manifest["stringData"])
    kustomization = documents(KUBERNETES / "kustomization.yaml")[0]
    for generator in kustomization["configMapGenerator"]:
        named |= {each.split("=")[0] for each in generator.get("literals", [])}

    assert {name for name in named - SETTINGS - NOT_OURS if not name.startswith("UV_")} == set()
    assert len(named & SETTINGS) > 6


def _containers(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    spec = manifest.get("spec", {}).get("template", {}).get("spec", {})
    found: list[dict[str, Any]] = spec.get("containers", [])
    return found


def test_readme_names_files_that_exist() -> None:
    text = read("README.md")
    links = {each for each in re.findall(r"\]\(([^)#]+)", text) if ":" not in each}
    named = set(re.findall(r"(?<![\w/.])deploy/[\w./-]*\w", text)) - {
        "deploy/waymark.env",
        "deploy/redis.env",
    }

    assert len(links) > 5
    assert {each for each in links if not (DEPLOY / each).exists()} == set()
    assert {each for each in named if not (PROJECT / each).exists()} == set()


# The image


def test_image_is_made_in_two_stages_of_named_versions() -> None:
    first, second = words("FROM")

    assert first == ["docker.io/library/python:3.11-slim-bookworm", "AS", "build"]
    assert second == first[:1]


def test_nothing_has_to_be_compiled() -> None:
    """The small image has no compiler. Four packages come as sources, all of Python only."""
    lock = tomllib.loads((PROJECT / "uv.lock").read_text("utf-8"))
    built = re.compile(r"none-any\.whl|(cp311-cp311|abi3|py3-none)-manylinux.*x86_64")
    installed = {each.name.lower().replace("_", "-") for each in metadata.distributions()}
    sources = {
        package["name"]
        for package in lock["package"]
        if package["name"] in installed
        and "sdist" in package
        and not any(built.search(wheel["url"]) for wheel in package.get("wheels", []))
    }

    assert sources == {"docopt", "langdetect", "mattermostwrapper", "randomname"}


def test_image_runs_no_shell_and_installs_from_the_lock() -> None:
    for instruction in ("RUN", "ENTRYPOINT", "CMD"):
        for line in re.findall(rf"^{instruction} (.*)$", read("Containerfile"), re.M):
            assert json.loads(line), line
    runs = [" ".join(each) for each in words("RUN")]
    assert "uv sync --frozen --no-dev" in runs
    assert "/opt/venv/bin/waymark train" in runs
    assert re.search(r"^pip install .* uv==\d+\.\d+\.\d+$", runs[0])


def test_image_runs_as_nobody_in_particular_and_dumps_no_memory() -> None:
    [[user]] = words("USER")
    [entry] = words("ENTRYPOINT")

    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user)
    assert entry == ["prlimit", "--core=0:0", "--", "waymark"]
    assert words("STOPSIGNAL") == [["SIGTERM"]]
    environment = dict(each.split("=", 1) for line in words("ENV") for each in line)
    assert environment["PYTHONDONTWRITEBYTECODE"] == "1"
    assert environment["HOME"] == "/tmp"
    assert len(words("LABEL")[0]) == 4


def test_image_holds_everything_that_is_copied_and_sees_nothing_else() -> None:
    copied = {
        source for *sources, _ in words("COPY") for source in sources if "--from" not in sources[0]
    }
    seen = {line[1:] for line in directives(read(".containerignore")) if line.startswith("!")}

    assert copied == seen
    for name in copied:
        assert (PROJECT / name).exists(), name
    assert next(directives(read(".containerignore"))) == "*"
    assert read(".containerignore") == read("Containerfile.dockerignore")


def test_health_is_asked_without_curl() -> None:
    [line] = re.findall(r"HEALTHCHECK (.*?)\n[A-Z]", read("Containerfile"), re.S)

    assert '["python", "/app/health.py"]' in line


@contextmanager
def answering(status: int) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response_only(status if self.path == "/health/ready" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1), (500, 1)])
def test_health_script_says_what_the_server_says(status: int, code: int) -> None:
    with answering(status) as port:
        assert _run_health(port) == code


def test_health_script_fails_where_nobody_listens() -> None:
    with answering(200) as port:
        pass

    assert _run_health(port) == 1


def _run_health(port: int) -> int:
    done = subprocess.run(
        [sys.executable, str(DEPLOY / "health.py")],
        env={**os.environ, "PORT": str(port)},
        capture_output=True,
    )
    assert (done.stdout, done.stderr) == (b"", b"")
    return done.returncode


# compose.yml


@pytest.mark.parametrize("name", SERVICES)
def test_every_container_can_do_little_and_writes_nothing(name: str) -> None:
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service.get("cap_add", []) == (["NET_BIND_SERVICE"] if name == "caddy" else [])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["ulimits"]["core"] == 0
    assert service["mem_limit"] == service["memswap_limit"], "else it may use swap"
    assert service["logging"] == {
        "driver": "local",
        "options": {"max-size": "1m", "max-file": "2"},
    }
    assert service["pids_limit"] <= 256
    assert all("noexec" in each for each in service["tmpfs"])
    assert re.search(r":\d+\.\d+", service["image"])
    assert "privileged" not in service
    if name != "caddy":
        assert re.fullmatch(r"[1-9]\d+:\d+", service["user"])


def test_without_a_profile_there_is_one_process_that_only_this_machine_reaches() -> None:
    alone = [name for name, service in SERVICES.items() if "profiles" not in service]

    assert alone == ["waymark"]
    assert SERVICES["waymark"]["ports"] == ["127.0.0.1:8000:8000"]
    assert "deploy" not in SERVICES["waymark"]


def test_many_are_several_processes_of_which_one_has_telegram() -> None:
    many = {name for name, each in SERVICES.items() if "many" in each.get("profiles", ["many"])}

    assert many == {"waymark", "web", "redis", "caddy"}
    assert SERVICES["web"]["deploy"]["replicas"] == "${WEB_PROCESSES:-2}"
    assert SERVICES["web"]["environment"]["TELEGRAM_BOT_TOKEN"] == ""
    assert SERVICES["web"]["env_file"] == SERVICES["waymark"]["env_file"] == ["waymark.env"]
    for name in ("waymark", "web"):
        assert SERVICES[name]["networks"]["inside"]["aliases"] == ["process"]
    assert SERVICES["caddy"]["environment"]["UPSTREAM"] == "process"


def test_further_processes_do_not_start_without_redis() -> None:
    script = SERVICES["web"]["entrypoint"][2].replace("$$", "$").replace("exec ", "exec echo ")

    without = _shell(script, {})
    given = _shell(script, {"WAYMARK_REDIS_URL": "redis://redis"})

    assert without.returncode
    assert given.stdout == b"prlimit --core=0:0 -- waymark serve\n"


def _shell(script: str, environment: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["/bin/sh", "-ec", script], env=environment, capture_output=True)


def test_redis_and_further_processes_reach_nothing_outside() -> None:
    assert COMPOSE["networks"]["inside"]["internal"] is True
    for name in ("redis", "web"):
        assert set(SERVICES[name]["networks"]) == {"inside"}
        assert "ports" not in SERVICES[name]


def test_only_certificates_are_kept() -> None:
    assert set(COMPOSE["volumes"]) == {"certificates"}
    mounted = [each for service in SERVICES.values() for each in service.get("volumes", [])]
    assert [each for each in mounted if not each.endswith(":ro")] == ["certificates:/data"]


# Redis


def redis_settings() -> dict[str, str]:
    """Each line of redis.conf, by its first word."""
    return dict(line.split(" ", 1) for line in directives(read("kubernetes/redis.conf")))


def test_redis_writes_nothing_to_disk() -> None:
    said = redis_settings()

    assert said["save"] == '""'
    assert said["appendonly"] == "no"
    assert said["shutdown-on-sigterm"].startswith("nosave")
    assert said["maxmemory-policy"] == "noeviction"
    assert said["maxmemory"] == "128mb"
    assert said["logfile"] == '""'


def test_redis_keeps_no_record_of_commands() -> None:
    said = redis_settings()

    assert said["slowlog-log-slower-than"] == "-1"
    assert said["slowlog-max-len"] == "0"
    assert said["crash-log-enabled"] == "no"
    assert said["enable-debug-command"] == "no"


def test_redis_does_not_start_without_a_password() -> None:
    pods = [each for each in manifests() if each["metadata"]["name"] == "waymark-redis"]
    [container] = [c for pod in pods for c in _containers(pod)]
    scripts = {
        SERVICES["redis"]["entrypoint"][2].replace("$$", "$"),
        container["command"][2],
    }

    for script in scripts:
        script = script.replace("exec redis-server /etc/waymark/redis.conf -", "exec cat")
        without, empty = _shell(script, {}), _shell(script, {"REDIS_PASSWORD": ""})
        given = _shell(script, {"PATH": "/bin", "REDIS_PASSWORD": "p"})

        assert without.returncode and empty.returncode
        assert (given.returncode, given.stdout) == (0, b"requirepass p\n")

"""The reverse proxies keep nothing of who came, and pass on what they must.

Both are held against their files; where nginx or Caddy is installed, they also run, on this machine
only, before a server that notes what reaches it.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from deployment import directives, read, tool

from bot.channels.schemas import ErrorOut
from bot.wording import load_wording

HEADERS_MORE = Path("/usr/lib/nginx/modules/ngx_http_headers_more_filter_module.so")
SITE = "help.example.org"
WORD = "an-invented-word"
FAULT = f"/{WORD}/fault"
ERROR = "/api/v1/error"
PATIENCE_S = 20
SHELTER = 50
"""People behind one address."""
OF_A_PAGE = ("/", "/page.css", "/widget.js", "/api/v1/strings", "/api/v1/conversations")


class Behind(BaseHTTPRequestHandler):
    """Notes what reaches it, and answers as Waymark would, with more headers than it has."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet an answer
    seen: list[dict[str, str]]
    is_alive = True

    def answer(self) -> None:
        """200, unless an error was asked for; nothing at all where a fault was."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == FAULT or not self.is_alive:
            self.close_connection = True
            return
        self.seen.append({name.lower(): value for name, value in self.headers.items()})
        self.send_response_only(503 if self.path == ERROR else 200)
        self.send_header("Content-Length", "2")
        self.send_header("Cache-Control", "public, max-age=300")
        self.send_header("X-Powered-By", "something")
        self.send_header("Server", "something")
        self.end_headers()
        self.wfile.write(b"ok")

    do_GET = do_POST = answer

    def log_message(self, *_: object) -> None:
        """Nothing."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: str


@dataclass
class Proxy:
    """A proxy that runs, its folder, and what came through."""

    https: int
    http: int
    folder: Path
    behind: ThreadingHTTPServer
    seen: list[dict[str, str]] = field(default_factory=list)

    def ask(self, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """One request over TLS; the certificate is made up, so it is not checked."""
        context = ssl._create_unverified_context()
        raw = context.wrap_socket(
            socket.create_connection(("127.0.0.1", self.https), timeout=PATIENCE_S),
            server_hostname=SITE,
        )
        return _ask(raw, path, body, headers)

    def ask_plainly(self, path: str, host: str = SITE) -> Answer:
        """One request without TLS."""
        raw = socket.create_connection(("127.0.0.1", self.http), timeout=PATIENCE_S)
        return _ask(raw, path, None, {"Host": host})

    def lose_what_is_behind(self) -> None:
        """Nobody listens there any more, and connections that were open are closed."""
        self.behind.RequestHandlerClass.is_alive = False  # type: ignore[attr-defined]
        self.behind.shutdown()
        self.behind.server_close()


def _ask(raw: socket.socket, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
    raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection = http.client.HTTPConnection(SITE)
    connection.sock = raw
    try:
        connection.request("POST" if body else "GET", path, body, {"Host": SITE, **headers})
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read().decode())
    finally:
        connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _until_it_answers(proxy: Proxy, process: subprocess.Popen[bytes]) -> None:
    """Caddy listens some moments before it has a certificate."""
    for _ in range(PATIENCE_S * 20):
        with contextlib.suppress(OSError):
            proxy.ask("/")
            proxy.seen.clear()
            return
        assert process.poll() is None, (proxy.folder / "output").read_text("utf-8")
        time.sleep(0.05)
    raise AssertionError("the proxy does not answer")


@contextlib.contextmanager
def _running(command: list[str], proxy: Proxy, **environment: str) -> Iterator[Proxy]:
    output = proxy.folder / "output"
    with output.open("wb") as file:
        process = subprocess.Popen(
            command, stdout=file, stderr=file, env={"PATH": os.environ["PATH"], **environment}
        )
        try:
            _until_it_answers(proxy, process)
            yield proxy
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE_S)
            proxy.behind.shutdown()
            proxy.behind.server_close()


def _proxy(folder: Path) -> Proxy:
    behind = ThreadingHTTPServer(("127.0.0.1", 0), type("Noting", (Behind,), {"seen": []}))
    threading.Thread(target=behind.serve_forever, args=(0.02,), daemon=True).start()
    seen = behind.RequestHandlerClass.seen  # type: ignore[attr-defined]
    return Proxy(_free_port(), _free_port(), folder, behind, seen)


def _certificate(folder: Path) -> None:
    subprocess.run(
        [
            *(tool("openssl"), "req", "-x509", "-nodes", "-days", "2", "-subj", f"/CN={SITE}"),
            *("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
            *("-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")),
        ],
        check=True,
        capture_output=True,
    )


def _nginx_configuration(proxy: Proxy) -> Path:
    """waymark.conf inside the smallest nginx.conf, with ports and certificates of this test."""
    site = read("nginx/waymark.conf")
    site = re.sub(r"listen 443\b", f"listen 127.0.0.1:{proxy.https}", site)
    site = re.sub(r"listen 80\b", f"listen 127.0.0.1:{proxy.http}", site)
    site = re.sub(r"^ *listen \[::\].*\n", "", site, flags=re.M)
    site = site.replace("127.0.0.1:8000", f"127.0.0.1:{proxy.behind.server_port}")
    site = site.replace(f"/etc/letsencrypt/live/{SITE}", str(proxy.folder))
    load = f"load_module {HEADERS_MORE};\n" if HEADERS_MORE.is_file() else ""
    if not load:
        site = re.sub(r"^ *more_clear_headers .*\n", "", site, flags=re.M)
    folders = "".join(
        f"{kind}_temp_path {proxy.folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = (
        f"{load}daemon off;\nmaster_process off;\npid {proxy.folder}/pid;\n"
        f"error_log {proxy.folder}/error.log warn;\nevents {{}}\n"
        f"http {{\naccess_log {proxy.folder}/access.log;\n{folders}{site}\n}}\n"
    )
    file = proxy.folder / "nginx.conf"
    file.write_text(whole, "utf-8")
    return file


@pytest.fixture
def nginx(tmp_path: Path) -> Iterator[Proxy]:
    proxy = _proxy(tmp_path)
    _certificate(tmp_path)
    command = [
        tool("nginx"),
        "-e",
        str(tmp_path / "error.log"),
        "-c",
        str(_nginx_configuration(proxy)),
    ]
    with _running(command, proxy) as running:
        yield running


@pytest.fixture
def caddy(tmp_path: Path) -> Iterator[Proxy]:
    proxy = _proxy(tmp_path)
    text = read("caddy/Caddyfile").replace(" 8000 {", f" {proxy.behind.server_port} {{")
    mine = f"\thttp_port {proxy.http}\n\thttps_port {proxy.https}\n\tlocal_certs\n"
    text = text.replace("\tadmin ", f"{mine}\tskip_install_trust\n\tadmin ", 1)
    (tmp_path / "Caddyfile").write_text(text, "utf-8")
    command = [
        tool("caddy"),
        "run",
        "--config",
        str(tmp_path / "Caddyfile"),
        "--adapter",
        "caddyfile",
    ]
    with _running(command, proxy, HOME=str(tmp_path), CADDY_ADMIN="off") as running:
        yield running


@pytest.fixture(params=["nginx", "caddy"])
def proxy(request: pytest.FixtureRequest) -> Proxy:
    running: Proxy = request.getfixturevalue(request.param)
    return running


def test_nginx_finds_its_file_right(tmp_path: Path) -> None:
    proxy = _proxy(tmp_path)
    _certificate(tmp_path)
    file = _nginx_configuration(proxy)
    proxy.behind.shutdown()
    proxy.behind.server_close()

    done = subprocess.run(
        [tool("nginx"), "-t", "-e", str(tmp_path / "error.log"), "-c", str(file)],
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr


def test_caddy_finds_its_file_right(tmp_path: Path) -> None:
    file = tmp_path / "Caddyfile"
    file.write_text(read("caddy/Caddyfile"), "utf-8")
    surroundings = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    chosen = ["--config", str(file), "--adapter", "caddyfile"]

    checked = subprocess.run(
        [tool("caddy"), "validate", *chosen], capture_output=True, text=True, env=surroundings
    )
    adapted = subprocess.run(
        [tool("caddy"), "adapt", *chosen],
        capture_output=True,
        text=True,
        env=surroundings,
        check=True,
    )

    assert checked.returncode == 0, checked.stderr
    made = json.loads(adapted.stdout)
    assert set(made["logging"]["logs"]) == {"default"}
    assert made["logging"]["logs"]["default"]["include"] == ["tls"]
    servers = made["apps"]["http"]["servers"].values()
    assert len(servers) == 2
    for server in servers:
        assert "logs" not in server
        assert server["max_header_bytes"] == 16 * 1024
        assert server["protocols"] == ["h1", "h2"]
        assert {"read_timeout", "read_header_timeout", "write_timeout"} <= set(server)


def test_what_comes_through_is_told_from_where_and_nothing_else_of_the_sender(proxy: Proxy) -> None:
    claims = {
        "X-Forwarded-For": "192.0.2.7",
        "Forwarded": "for=192.0.2.7",
        "X-Real-IP": "192.0.2.7",
        "User-Agent": "a-browser",
        "Referer": "https://example.org/somewhere",
        "Cookie": "a=b",
        "Authorization": "Bearer a-token",
    }

    answer = proxy.ask("/api/v1/messages", b'{"text": "hello"}', **claims)

    assert answer.status == 200
    [seen] = proxy.seen
    assert seen["x-forwarded-for"] == "127.0.0.1"
    assert seen["authorization"] == "Bearer a-token"
    assert seen["host"] == SITE
    kept = set(seen) & {"forwarded", "x-real-ip", "user-agent", "referer", "cookie"}
    assert {name: seen[name] for name in kept if seen[name]} == {}


def test_answers_say_neither_who_made_them_nor_that_they_may_be_kept(proxy: Proxy) -> None:
    api, page = proxy.ask("/api/v1/numbers"), proxy.ask("/widget.js")

    assert api.headers.get_all("Cache-Control") == ["no-store"]
    assert page.headers.get_all("Cache-Control") == ["public, max-age=300"]
    for answer in (api, page):
        age = re.fullmatch(r"max-age=(\d+)", answer.headers["Strict-Transport-Security"])
        assert age and int(age[1]) <= 7 * 24 * 3600
        named = {"x-powered-by", "via", "alt-svc", "set-cookie", "etag"}
        assert named & {name.lower() for name in answer.headers} == set()
        # Debian's nginx needs a module to leave its name away
        assert answer.headers.get_all("Server") in (None, ["nginx"])
        assert answer.headers.get("Server") is None or not HEADERS_MORE.is_file()


def test_a_body_of_more_than_64_kilobytes_is_refused(proxy: Proxy) -> None:
    """And does not shut the server for those who come after it."""
    whole = proxy.ask("/api/v1/messages", b"a" * 64 * 1024)

    assert whole.status == 200
    with contextlib.suppress(OSError):  # it may hang up before all was sent
        refused = proxy.ask("/api/v1/messages", b"a" * (64 * 1024 + 1))
        assert refused.status in (413, 502)  # Caddy 2.6 takes it for a fault behind it
        assert refused.body == numbers_for_programs()
    assert proxy.ask("/").status == 200


def test_nginx_gives_the_numbers_with_a_refusal(nginx: Proxy) -> None:
    too_big = {"Content-Length": str(64 * 1024 + 1)}  # it does not wait for the body itself

    page, api = nginx.ask("/", None, **too_big), nginx.ask("/api/v1/messages", None, **too_big)

    assert (page.status, page.body) == (413, numbers_for_people())
    assert (api.status, api.body) == (413, numbers_for_programs())


def test_without_waymark_the_numbers_come_from_the_proxy(proxy: Proxy) -> None:
    proxy.ask("/")
    proxy.lose_what_is_behind()

    page, api = proxy.ask("/?language=es"), proxy.ask("/api/v1/numbers")
    sent = proxy.ask("/api/v1/messages", b'{"text": "hello"}')

    assert {answer.status for answer in (page, api, sent)} == {502}
    assert page.body == numbers_for_people()
    assert api.body == sent.body == numbers_for_programs()
    assert page.headers.get_content_type() == "text/html"
    assert api.headers.get_content_type() == "application/json"
    for answer in (page, api, sent):
        assert answer.headers.get_all("Cache-Control") == ["no-store"]
        assert "Strict-Transport-Security" in answer.headers


def test_an_error_of_waymark_is_passed_on(proxy: Proxy) -> None:
    """It has the person's language, and the proxy has not."""
    answer = proxy.ask(ERROR)

    assert (answer.status, answer.body) == (503, "ok")


def numbers_for_people() -> str:
    """The page of a proxy: Waymark's apology in English, with the numbers of the directory."""
    lines = "".join(
        f"<p>{line}</p>" for line in load_wording().reply("en", "utter_problem").text.split("\n")
    )
    for href, phone in emergency_numbers().items():
        lines = lines.replace(phone, f'<a href="{href}">{phone}</a>')
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport"'
        f' content="width=device-width, initial-scale=1"><title>Waymark</title>{lines}</html>'
    )


def numbers_for_programs() -> str:
    """The API's error of a proxy. Only digits: the chat would show English words to anybody."""
    links = [
        {"label": phone, "href": href, "kind": "call"}
        for href, phone in emergency_numbers().items()
    ]
    error = {"code": "problem", "message": "", "links": links}
    return json.dumps({"error": error, "language": "en", "dir": "ltr"})


def emergency_numbers() -> dict[str, str]:
    services = load_wording().directory.services
    found = [services["emergency-999"].phone, services["modern-slavery-helpline"].phone]
    return {f"tel:{phone.replace(' ', '')}": phone for phone in found if phone}


@pytest.mark.parametrize("name", ["nginx/waymark.conf", "caddy/Caddyfile"])
def test_the_numbers_of_a_proxy_are_those_of_the_directory(name: str) -> None:
    text = read(name)

    assert text.count(numbers_for_people()) == text.count(numbers_for_programs()) == 1
    assert text.count("tel:") == 4, "no other number"
    assert ErrorOut().validate(json.loads(numbers_for_programs())) == {}
    assert len(emergency_numbers()) == 2


def test_a_shelter_behind_one_address_is_not_held_back(proxy: Proxy) -> None:
    """Fifty people open the page within seconds. Waymark itself holds back floods."""
    statuses = [proxy.ask(path).status for _ in range(SHELTER) for path in OF_A_PAGE]

    assert set(statuses) == {200}


def test_http_leads_to_https_and_another_name_to_nothing(proxy: Proxy) -> None:
    answer = proxy.ask_plainly(f"/{WORD}")

    assert answer.status == 308
    assert re.fullmatch(rf"https://{SITE}(:\d+)?/{WORD}", answer.headers["Location"])
    assert answer.headers["Cache-Control"] == "no-store"
    with pytest.raises((http.client.HTTPException, OSError)):
        proxy.ask_plainly("/", host="another.example.org")
    assert proxy.seen == []


def test_nothing_is_written_of_what_came(proxy: Proxy) -> None:
    """Also not of what failed: too long, no TLS, no HTTP, no answer from behind."""
    proxy.ask(f"/{WORD}?{WORD}", b'{"text": "%s"}' % WORD.encode(), Authorization=WORD)
    with contextlib.suppress(OSError, http.client.HTTPException):
        proxy.ask(f"/{WORD}", WORD.encode() * 10_000)
    with contextlib.suppress(OSError, http.client.HTTPException):
        proxy.ask("/", Authorization=WORD * 2000)
    for port in (proxy.https, proxy.http):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)) as raw:
            raw.sendall(f"{WORD}\r\n\r\n".encode())
            raw.settimeout(2)
            raw.recv(1000)
    assert proxy.ask(FAULT, WORD.encode()).status == 502
    assert proxy.ask("/").status == 200

    written = [path for path in proxy.folder.rglob("*") if path.is_file()]
    for path in written:
        assert WORD.encode() not in path.read_bytes(), path
        if path.suffix == ".log" or path.name == "output":
            assert b"client" not in path.read_bytes(), path.read_text("utf-8")
            assert b"remote" not in path.read_bytes(), path.read_text("utf-8")


def test_nginx_logs_nowhere_and_keeps_bodies_in_memory() -> None:
    text = read("nginx/waymark.conf")
    servers = text.split("\nserver {")[1:]

    assert len(servers) == 3
    for server in servers:
        assert {"access_log off;", "error_log /dev/null crit;"} <= set(directives(server))
    said = [*directives(text)]
    assert {line for line in said if line.startswith(("access_log", "error_log"))} == {
        "access_log off;",
        "error_log /dev/null crit;",
    }
    for wanted in (
        "client_max_body_size 64k;",
        "client_body_buffer_size 64k;",
        "client_header_timeout 10s;",
        "client_body_timeout 10s;",
        "send_timeout 10s;",
        "proxy_buffering off;",
        "proxy_max_temp_file_size 0;",
        "proxy_cache off;",
        "proxy_set_header X-Forwarded-For $remote_addr;",
        "server_tokens off;",
        "more_clear_headers Server X-Powered-By;",
        "ssl_protocols TLSv1.2 TLSv1.3;",
    ):
        assert wanted in said
    assert "$proxy_add_x_forwarded_for" not in text
    assert not [line for line in said if "$binary_remote_addr" in line or line.startswith("limit_")]


def test_caddy_logs_no_request_and_sets_limits() -> None:
    said = [*directives(read("caddy/Caddyfile"))]

    assert said.count("log {") == 1
    assert said[said.index("log {") + 1 : said.index("log {") + 5] == [
        "output stderr",
        "level ERROR",
        "include tls",
        "}",
    ]
    for wanted in (
        "max_size 64KiB",
        "max_header_size 16KiB",
        "read_header 10s",
        "read_body 20s",
        "-Server",
        "-X-Powered-By",
        "header_up X-Forwarded-For {remote_host}",
    ):
        assert wanted in said
    assert not [line for line in said if line.startswith(("trusted_proxies", "encode", "cache"))]

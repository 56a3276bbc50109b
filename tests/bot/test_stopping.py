"""bot/stopping.py: a server that is told to end does, whatever its loop is doing then."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from bot.settings import PROJECT

SERVER = """
import time
from waitress import create_server, wasyncore
from bot.stopping import end_on_sigterm

def app(environ, start_response):
    start_response("200 OK", [])
    return []

close = wasyncore.dispatcher.close

def slow_close(self):
    time.sleep({closing_s})
    close(self)

wasyncore.dispatcher.close = slow_close
sockets = {{}}
server = create_server(app, map=sockets, host="127.0.0.1", port=0, asyncore_use_poll=True)
end_on_sigterm(sockets)
print("ready", flush=True)
server.run()
print("ended", flush=True)
"""


@pytest.mark.parametrize("closing_s", [0, 0.5])
def test_a_server_ends_however_long_it_takes_to_close_its_door(closing_s: float) -> None:
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER.format(closing_s=closing_s)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout and server.stdout.readline() == "ready\n"
        server.send_signal(signal.SIGTERM)
        said, complaints = server.communicate(timeout=30)
    finally:
        server.kill()

    assert (said, complaints, server.returncode) == ("ended\n", "", 0)

"""Ask the server in this container whether it can answer: 0 for yes, 1 for no, and no word.

The Containerfile runs it as HEALTHCHECK, so that no curl is needed.
"""

from __future__ import annotations

import http.client
import os
import sys


def is_ready(port: int, timeout_s: float = 4) -> bool:
    """Whether /health/ready answers 200 on this machine."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout_s)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(not is_ready(int(os.environ.get("PORT", "8000"))))

"""One trained model for all tests of understanding."""

from collections.abc import Iterator

import pytest

from bot.recognition import Hear, open_recogniser
from bot.settings import Settings


@pytest.fixture(scope="session")
def hear() -> Iterator[Hear]:
    with open_recogniser(Settings().model) as function:
        yield function

"""Let Rasa be imported without libraries that nothing of Waymark's needs.

Rasa imports at the top of its modules whatever any part of it may use. `install()` answers for
TensorFlow and Keras, which are not installed. `left_out()` answers, while Rasa is imported for
serving, for what its other channels, stores and brokers would bring: 95 MB of memory and more
than a second of every start (benchmarks/README.md).

The answers are empty stand-ins: a name can be imported, subclassed or used as a decorator or
annotation, but calling anything for real raises `AbsentLibraryError` and says which name was
asked for.
"""

from __future__ import annotations

import contextlib
import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Iterator, Sequence
from typing import Any, Final

TENSORFLOW: Final = (
    *("tensorflow", "keras", "tensorflow_addons", "tensorflow_hub", "tensorflow_text"),
)
OTHER_CHANNELS: Final = (
    *("aiogram", "google", "jwt", "prompt_toolkit", "questionary", "requests", "slack_sdk"),
    *("socketio", "twilio", "webexteamssdk"),
)
OTHER_STORES: Final = ("aio_pika", "boto3", "botocore", "pymongo", "sqlalchemy")
NOT_WHILE_SERVING: Final = ("apscheduler", "sklearn")
"""Reminders, which no story sets; splitting data, which only training does."""


class AbsentLibraryError(RuntimeError):
    """A library that Waymark runs Rasa without was asked to do real work."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} was called, but Waymark runs Rasa without it. "
            "A component of config.yml or a setting of Rasa needs it: use one that does not."
        )


class _StandInType(type):
    """Class attributes resolve to further stand-ins, so `tf.keras.layers.Layer` works."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _stand_in(f"{cls.__module__}.{cls.__qualname__}.{name}")

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        # Used bare as a decorator (`@tf.function`): hand back what was decorated.
        if _is_stand_in(cls) and len(args) == 1 and callable(args[0]) and not kwargs:
            return args[0]
        name = f"{cls.__module__}.{cls.__qualname__}"
        if any(isinstance(finder, _Finder) and finder.is_lenient for finder in sys.meta_path):
            return _stand_in(name)  # tables of a database, declared while a module is read
        raise AbsentLibraryError(name)

    def __or__(cls, other: Any) -> Any:
        return Any

    __ror__ = __or__


def _is_stand_in(cls: type) -> bool:
    return bool(cls.__dict__.get("_waymark_stand_in"))


def _stand_in(dotted: str) -> type:
    module, _, name = dotted.rpartition(".")
    return _StandInType(
        name, (), {"__module__": module or dotted, "__qualname__": name, "_waymark_stand_in": True}
    )


class _StandInModule(types.ModuleType):
    __path__: list[str] = []
    __version__ = "0.0.0"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = _stand_in(f"{self.__name__}.{name}")
        setattr(self, name, value)
        return value


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(self, names: Sequence[str], *, is_lenient: bool = False) -> None:
        self._names = frozenset(names)
        self.is_lenient = is_lenient

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname.split(".")[0] in self._names:
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _StandInModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        return None


def install() -> None:
    """Stand in for TensorFlow; call before the first import of Rasa.

    Comes last: what can be imported is. Does nothing when called again.
    """
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.append(_Finder(TENSORFLOW))


@contextlib.contextmanager
def left_out() -> Iterator[None]:
    """Stand in for the other libraries while Rasa is imported for serving.

    What was imported before stays as it is; whoever imports one of them afterwards gets the
    real one.
    """
    wanted = (*OTHER_CHANNELS, *OTHER_STORES, *NOT_WHILE_SERVING)
    finder = _Finder([name for name in wanted if name not in sys.modules], is_lenient=True)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name, module in list(sys.modules.items()):
            if isinstance(module, _StandInModule) and name.split(".")[0] in wanted:
                del sys.modules[name]

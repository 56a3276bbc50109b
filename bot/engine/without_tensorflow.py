"""Let Rasa be imported without TensorFlow.

Rasa 3.6 imports `tensorflow` and `keras` at the top of many modules, although none of
Waymark's components uses them. `install()` answers those imports with empty stand-ins:
a name can be imported, subclassed or used as a decorator or annotation, but calling
anything for real raises `TensorFlowAbsentError` and says which name was asked for.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import sys
import types
from collections.abc import Sequence
from typing import Any

STAND_INS = ("tensorflow", "keras", "tensorflow_addons", "tensorflow_hub", "tensorflow_text")


class TensorFlowAbsentError(RuntimeError):
    """Something asked TensorFlow to do real work; Waymark is installed without it."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} was called, but Waymark runs Rasa without TensorFlow. "
            "A component in config.yml needs it: use one that does not."
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
        raise TensorFlowAbsentError(f"{cls.__module__}.{cls.__qualname__}")

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
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname.split(".")[0] in STAND_INS:
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _StandInModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        return None


def install() -> None:
    """Put the stand-ins in place; call before the first import of Rasa.

    Does nothing where a real TensorFlow can be imported, or when called again.
    """
    if any(isinstance(finder, _Finder) for finder in sys.meta_path):
        return
    if importlib.util.find_spec("tensorflow") is None:
        sys.meta_path.append(_Finder())

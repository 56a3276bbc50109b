"""One YAML file of the directory, with the line on which each of its fields stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from bot.errors import WaymarkError
from bot.settings import PROJECT

_BASE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml is eight times faster, where it was built in."""
_DATE: Final = "tag:yaml.org,2002:timestamp"


class DirectoryError(WaymarkError, ValueError):
    """The directory can't be trusted; each of `problems` names file, line and field."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class _Loader(_BASE):
    """Dates stay text, as they do in editors, which read YAML 1.2."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != _DATE]
        for first, resolvers in _BASE.yaml_implicit_resolvers.items()
    }


@dataclass(frozen=True)
class YamlFile:
    """What a file says, and where. Numbers in a place count from 0, in a message from 1."""

    path: Path
    text: str = field(repr=False)
    data: Any
    root: yaml.Node = field(repr=False)

    def node(self, *where: str | int) -> yaml.Node:
        """The value at a place, else the nearest one around it."""
        return self._at(where)[1]

    def problem(self, message: str, *where: str | int) -> str:
        """'file:line: field: message'."""
        name = ".".join(str(each + 1 if isinstance(each, int) else each) for each in where)
        line = self._at(where)[0].start_mark.line + 1
        return _problem(self.path, line, f"{name}: {message}" if name else message)

    def _at(self, where: tuple[str | int, ...]) -> tuple[yaml.Node, yaml.Node]:
        """The nodes of a field's name (of the value, where it has none) and of its value."""
        name = value = self.root
        for step in where:
            below = _below(value, step)
            if below is None:
                break
            name, value = below
        return name, value


def _below(node: yaml.Node, step: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    return None


def read_text(path: Path) -> str:
    """The text of a file with its line ends as they are.

    Raises:
        DirectoryError: it is not there, or no text.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, ValueError) as error:
        raise DirectoryError(f"{shown(path)} can't be read: {error}") from error


def parse(path: Path, text: str) -> YamlFile:
    """Read YAML; `path` is only named.

    Raises:
        DirectoryError: malformed, empty, or a field stands twice.
    """
    try:
        loader = _Loader(text)
        root = loader.get_single_node()
        data = loader.construct_document(root) if root else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise DirectoryError(_problem(path, line, f"no YAML: {error.problem}")) from error
    except yaml.reader.ReaderError as error:
        found = yaml.reader.Reader.NON_PRINTABLE.search(text)
        line = text.count("\n", 0, found.start() if found else 0) + 1
        raise DirectoryError(_problem(path, line, f"no YAML: {error.reason}")) from error
    if root is None:
        raise DirectoryError(_problem(path, 1, "the file is empty"))
    if twice := list(_twice(root)):
        raise DirectoryError(
            *(_problem(path, n.start_mark.line + 1, f"{n.value}: stands twice") for n in twice)
        )
    return YamlFile(path, text, data, root)


def _twice(node: yaml.Node) -> Iterator[yaml.Node]:
    """Names of fields that stand before in the same entry; YAML would keep only the last."""
    if isinstance(node, yaml.MappingNode):
        names = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for number, (key, value) in enumerate(node.value):
            if key.value in names[:number]:
                yield key
            yield from _twice(value)
    elif isinstance(node, yaml.SequenceNode):
        for each in node.value:
            yield from _twice(each)


def shown(path: Path) -> Path:
    """A path as messages name it: from the project's folder on, where it lies there."""
    return path.relative_to(PROJECT) if path.is_relative_to(PROJECT) else path


def _problem(path: Path, line: int, message: str) -> str:
    return f"{shown(path)}:{line}: {message}"

"""YAML text to plain data: every scalar stays text, every value keeps its place.

Only the plain part of YAML is read. Anchors, aliases, merge keys, tags, second documents and
duplicate keys are refused, so that what a file looks like is what it says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

import yaml
from yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from yaml.reader import ReaderError

from retcalc.core.findings import Finding, RetcalcError, Spot

MAX_BYTES = 256 << 10  # a second's work for the YAML scanner at worst
MAX_DEPTH = 20
MAX_VALUES = 5_000
SHOWN_CHARS = 80

KeyPath: TypeAlias = tuple[str | int, ...]
Data: TypeAlias = "str | list[Data] | dict[str, Data] | None"

_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_UNUSABLE = re.compile("[\0\ud800-\udfff]")
_HINTS = {
    "mapping values": 'put text that holds ": " into quotes',
    "'\\t'": "indent with spaces, not tabs",
    "'%'": 'put text that starts with "%" into quotes',
    "'@'": 'put text that starts with "@" into quotes',
    "'`'": 'put text that starts with "`" into quotes',
    "expected <block end>": "check the indentation of this line and the one above",
    "could not find expected ':'": 'a key is followed by ": " and its value',
    "expected ',' or": "close the bracket or brace, or add the missing comma",
    "quoted scalar": "close the quotes",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the file, both 1-based."""

    line: int
    column: int


@dataclass(slots=True)
class Tree:
    """The data of a file, and where each key and value stands by its path.

    ``blind`` are the paths whose value was refused here already.
    """

    file: str
    data: Data = None
    keys: dict[KeyPath, Mark] = field(default_factory=dict)
    values: dict[KeyPath, Mark] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    blind: set[KeyPath] = field(default_factory=set)

    def finding(
        self,
        code: str,
        message: str,
        mark: Mark | None,
        *,
        path: KeyPath = (),
        raw: str | None = None,
        value: str | None = None,
        fix: str | None = None,
    ) -> Finding:
        """Make a finding at a place; ``raw`` is the offending text, ``value`` a clause."""
        line, column = (mark.line, mark.column) if mark else (None, None)
        spot = Spot(self.file, line, None if raw is None else shown(raw))
        return Finding(code, message, (spot,), column, dotted(path) or None, value, fix)


def dotted(path: KeyPath) -> str:
    """Write a path as ``checks[1].max``; positions in lists count from 1."""
    parts = (f"[{p + 1}]" if isinstance(p, int) else "." + (shown(p) or '""') for p in path)
    return "".join(parts).lstrip(".")


def shown(text: str) -> str:
    """Cut a text for a message."""
    return text if len(text) <= SHOWN_CHARS else text[:SHOWN_CHARS] + "…"


def read_tree(file: str, content: bytes) -> Tree:
    """Read the bytes of one file; raises RetcalcError (RC101, RC105-RC107) for hopeless ones."""
    if len(content) > MAX_BYTES:
        raise RetcalcError(
            Finding("RC105", f"the config is larger than {MAX_BYTES >> 10} KiB", (Spot(file),))
        )
    tree = Tree(file)
    loader = _loader(tree, _decode(tree, content))
    try:
        _Builder(tree, loader.get_event).document()
    except yaml.MarkedYAMLError as error:
        raise RetcalcError(_syntax(tree, error)) from None
    except (ValueError, OverflowError):  # an escape or a directive with an impossible number
        message = "the config is not valid YAML: there is no such character or version"
        raise RetcalcError(tree.finding("RC101", message, _mark(loader.get_mark()))) from None
    return tree


def _decode(tree: Tree, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        raise RetcalcError(
            tree.finding("RC106", "the config is not UTF-8 text", Mark(line, column))
        ) from None


def _loader(tree: Tree, text: str) -> yaml.SafeLoader:
    try:
        return yaml.SafeLoader(text)
    except ReaderError as error:
        before = text[: error.position]
        mark = Mark(before.count("\n") + 1, len(before) - before.rfind("\n"))
        message = f"the config holds the control character U+{ord(text[error.position]):04X}"
        raise RetcalcError(tree.finding("RC106", message, mark)) from None


def _syntax(tree: Tree, error: yaml.MarkedYAMLError) -> Finding:
    problem = " ".join((error.problem or "it cannot be parsed").split())
    mark = _mark(error.problem_mark or error.context_mark)
    fix = next((fix for word, fix in _HINTS.items() if word in f"{problem} {error.context}"), None)
    message = f"the config is not valid YAML: {problem}"
    return tree.finding("RC101", message, mark, fix=fix)


class _Position(Protocol):
    line: int
    column: int


def _mark(mark: _Position | None) -> Mark:
    return Mark(mark.line + 1, mark.column + 1) if mark else Mark(1, 1)


class _Builder:
    """Turns the events of one document into data, with the limits and refusals of the module."""

    def __init__(self, tree: Tree, get_event: Callable[[], Event]) -> None:
        self.tree = tree
        self.next = get_event
        self.count = 0

    def document(self) -> None:
        self.next()  # the start of the stream
        if isinstance(self.next(), StreamEndEvent):
            return
        self.tree.data = self.value(self.next(), ())
        self.next()  # the end of the document
        event = self.next()
        if not isinstance(event, StreamEndEvent):
            message = "the config holds more than one document"
            raise RetcalcError(self.tree.finding("RC107", message, _mark(event.start_mark)))

    def value(self, event: Event, path: KeyPath) -> Data:
        """Give the value that starts with an event, and keep its place."""
        self.tree.values[path] = mark = _mark(event.start_mark)
        self._limit(len(path), mark, event)
        self._refuse_extras(event, path, mark)
        if isinstance(event, MappingStartEvent):
            return dict(self._pairs(path))
        if isinstance(event, SequenceStartEvent):
            return list(self._items(path))
        if isinstance(event, ScalarEvent):
            text: str = event.value
            return None if event.style is None and text in _NULLS else text
        return None

    def _items(self, path: KeyPath) -> Iterator[Data]:
        number = 0
        while not isinstance(event := self.next(), SequenceEndEvent):
            yield self.value(event, (*path, number))
            number += 1

    def _pairs(self, path: KeyPath) -> Iterator[tuple[str, Data]]:
        seen: dict[str, Mark] = {}
        while not isinstance(event := self.next(), MappingEndEvent):
            mark = _mark(event.start_mark)
            if not isinstance(event, ScalarEvent):
                message = "a key of the config must be plain text"
                raise RetcalcError(self.tree.finding("RC101", message, mark, path=path))
            key: str = event.value
            here = (*path, key)
            self._refuse_extras(event, here, mark)
            if key == "<<" and event.style is None:
                self.tree.blind.add(here)
                self._refuse("RC103", "merge keys are not used in a config", here, mark)
            if key not in seen:
                seen[key] = self.tree.keys[here] = mark
                yield key, self.value(self.next(), here)
                continue
            where = f"it is given first on line {seen[key].line}"
            self._refuse("RC102", f"the key {shown(key)!r} is given twice", here, mark, where)
            self.value(self.next(), (*here, ""))  # read for its own mistakes, not kept

    def _limit(self, depth: int, mark: Mark, event: Event) -> None:
        self.count += 1
        if depth >= MAX_DEPTH and isinstance(event, CollectionStartEvent):
            message = f"the config is nested more than {MAX_DEPTH} levels deep"
            raise RetcalcError(self.tree.finding("RC105", message, mark))
        if self.count > MAX_VALUES:
            message = f"the config holds more than {MAX_VALUES:,} values"
            raise RetcalcError(self.tree.finding("RC105", message, mark))

    def _refuse_extras(self, event: Event, path: KeyPath, mark: Mark) -> None:
        if isinstance(event, AliasEvent):
            fix = "write the value out where it is needed"
            self.tree.blind.add(path)
            self._refuse("RC103", "aliases are not used in a config", path, mark, fix=fix)
        elif isinstance(event, NodeEvent) and event.anchor is not None:
            fix = f"remove &{shown(event.anchor)}"
            self._refuse("RC103", "anchors are not used in a config", path, mark, fix=fix)
        if (tag := getattr(event, "tag", None)) is not None:
            value = f"the tag {shown(tag)}"
            self._refuse("RC104", "tags are not used in a config", path, mark, value)
        if isinstance(event, ScalarEvent) and _UNUSABLE.search(event.value):
            message = "the config holds an escape that is not text"
            raise RetcalcError(self.tree.finding("RC106", message, mark))

    def _refuse(
        self,
        code: str,
        message: str,
        path: KeyPath,
        mark: Mark,
        value: str | None = None,
        fix: str | None = None,
    ) -> None:
        found = self.tree.finding(code, message, mark, path=path, value=value, fix=fix)
        self.tree.findings.append(found)

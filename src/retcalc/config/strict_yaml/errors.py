"""What pydantic finds wrong, as findings with the place in the file, in the words of retcalc."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import get_args, get_origin

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from retcalc.config.definitions.names import profile_fix
from retcalc.config.model.key_group import Part, key_names
from retcalc.config.strict_yaml.tree import Data, KeyPath, Tree, dotted, shown
from retcalc.core.findings import Finding, did_you_mean

MOST_ERRORS = 200  # hints take time to find, and nobody reads more

_CODES = {
    "extra_forbidden": "RC110",
    "missing": "RC112",
    "outside": "RC113",
    "contradiction": "RC114",
    "unknown_profile": "RC120",
}
_WORDS = {
    "missing": "is missing",
    "outside": "leads out of the folder of the config",
    "unknown_profile": "is not a definition profile",
    "wrong_value": "{problem}",
    "contradiction": "{problem}",
    "literal_error": "is not one of {expected}",
    "model_type": "is not a group of keys",
    "dict_type": "is not a group of keys",
    "mapping_type": "is not a group of keys",
    "tuple_type": "is not a list",
    "string_type": "is not a text",
    "string_too_short": "is empty",
    "int_type": "is not a whole number",
    "greater_than": "is not above {gt}",
    "greater_than_equal": "is below {ge}",
    "less_than_equal": "is above {le}",
    "too_short": "is empty",
}
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./%-]*")


def explain(error: ValidationError, tree: Tree, model: type[Part]) -> list[Finding]:
    """Turn a validation error into findings, one a mistake, but for values refused before."""
    details = error.errors(include_url=False)[:MOST_ERRORS]
    blind = tuple(tree.blind)
    return [_finding(d, tree, model) for d in details if not _starts(d["loc"], blind)]


def _starts(path: KeyPath, blind: Sequence[KeyPath]) -> bool:
    return any(path[: len(b)] == b for b in blind)


def _finding(detail: ErrorDetails, tree: Tree, model: type[Part]) -> Finding:
    kind, path = detail["type"], detail["loc"]
    code = _CODES.get(kind, "RC111")
    if code == "RC110":
        return _unknown_key(path, tree, model)
    where, data = _locate(path, tree.data)
    name = path if code == "RC112" else where
    words = _WORDS.get(kind, "is not understood").format_map(detail.get("ctx", {}))
    if data is None and code != "RC112":
        words = "is empty"
    raw = data if isinstance(data, str) and code != "RC112" else None
    fix = _fix(code, name, raw, model)
    subject = dotted(name) or "the config"
    return tree.finding(code, f"{subject} {words}", tree.values[where], path=name, raw=raw, fix=fix)


def _unknown_key(path: KeyPath, tree: Tree, model: type[Part]) -> Finding:
    part, _, _ = _walk(model, path[:-1])
    key, names = str(path[-1]), list(key_names(part or model))
    group = dotted(path[:-1])
    fix = did_you_mean(key, names)
    if not fix:
        same = [other for other in _all_keys(model) if other.rpartition(".")[2] == key]
        listed = f"the keys {'of ' + group if group else 'here'} are {', '.join(names)}"
        fix = f"did you mean {same[0]}?" if same else listed
    message = f'unknown key "{shown(key)}"' + (f" in {group}" if group else "")
    return tree.finding("RC110", message, tree.keys.get(path), path=path, fix=fix)


def _locate(path: KeyPath, data: Data) -> tuple[KeyPath, Data]:
    """Follow a path as far as the file goes: short forms and missing keys are not in it."""
    for depth, step in enumerate(path):
        if isinstance(data, dict) and step in data:
            data = data[str(step)]
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            return path[:depth], data
    return path, data


def _walk(model: type[Part], path: KeyPath) -> tuple[type[Part] | None, str, FieldInfo | None]:
    """Give the part that a path leads to (None below free names) and the last key on the way."""
    part: type[Part] | None = model
    key, field = "", None
    free = False  # the next step is a name of the user's
    for step in path:
        if free or isinstance(step, int) or part is None:
            free = False
            continue
        if step not in key_names(part):  # a step of pydantic's own
            break
        key, field = step, part.model_fields[key_names(part)[step]]
        free = get_origin(field.annotation) is Mapping
        part = next(_parts(field.annotation), None)
    return part, key, field


def _parts(annotation: object) -> Iterator[type[Part]]:
    if inspect.isclass(annotation) and issubclass(annotation, Part):
        yield annotation
    for argument in get_args(annotation):
        yield from _parts(argument)


def _all_keys(model: type[Part], prefix: str = "") -> Iterator[str]:
    for key, name in key_names(model).items():
        yield prefix + key
        for part in _parts(model.model_fields[name].annotation):
            yield from _all_keys(part, f"{prefix}{key}.")


def _fix(code: str, path: KeyPath, raw: str | None, model: type[Part]) -> str | None:
    if code == "RC113":
        return "move the file there, or name it on the command line"
    if code == "RC114":
        return None
    if code == "RC120":
        return profile_fix(raw or "")
    _, key, field = _walk(model, path)
    if field is None or not field.examples:
        return None
    return f"for example  {key}: {flow(field.examples[0])}"


def flow(value: object) -> str:
    """Write a value as YAML on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{k}: {flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    text = str(value)
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)

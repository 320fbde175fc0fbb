"""Finds, reads and checks a retcalc.yaml; every error has its file, line and column."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from retcalc.config.model.config import Config
from retcalc.config.model.key_group import Part
from retcalc.config.strict_yaml.errors import explain
from retcalc.config.strict_yaml.tree import MAX_BYTES, read_tree
from retcalc.core.findings import Finding, RetcalcError, Spot

_P = TypeVar("_P", bound=Part)


@dataclass(frozen=True, slots=True)
class LoadedConfig:
    """A config, the path it was read from and the sha256 of its bytes."""

    config: Config
    path: str
    sha256: str


def load_config(path: str) -> LoadedConfig:
    """Read and check a config; its file names come back relative to the working folder.

    Raises RetcalcError with everything that is wrong (RC101-RC120, exit 2), or with RC460 or
    RC461 (exit 4) when the file cannot be read.
    """
    content = read_bytes(path)
    config = parse(path, content, Config)
    return LoadedConfig(config, path, hashlib.sha256(content).hexdigest())


def parse(path: str, content: bytes, model: type[_P]) -> _P:
    """Check the bytes of one YAML file against a model; raises RetcalcError with every error."""
    tree = read_tree(path, content)
    findings = tree.findings
    try:
        value = model.model_validate(
            {} if tree.data is None else tree.data,
            context=os.path.dirname(path),  # noqa: PTH120
        )
    except ValidationError as error:
        findings += explain(error, tree, model)
    if findings:
        raise RetcalcError(sorted(findings, key=_place))
    return value


def read_bytes(path: str) -> bytes:
    """Read a file of at most ``MAX_BYTES`` (one byte more says it is larger)."""
    try:
        if not stat.S_ISREG(Path(path).stat().st_mode):
            raise _unreadable(path, "it is not a file")
        with Path(path).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        message = f"there is no file {path}"
        raise RetcalcError(Finding("RC460", message, (Spot(path),))) from None
    except OSError as error:
        raise _unreadable(path, (error.strerror or "input/output error").lower()) from None
    except ValueError:
        raise _unreadable(path, "its name holds a NUL") from None


def _unreadable(path: str, reason: str) -> RetcalcError:
    return RetcalcError(Finding("RC461", f"the config cannot be read: {reason}", (Spot(path),)))


def _place(finding: Finding) -> tuple[int, int]:
    return finding.spots[0].line or 0, finding.column or 0

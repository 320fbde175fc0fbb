"""Names of the definition profiles that ship, and what is said of a wrong one."""

from __future__ import annotations

import os
from pathlib import Path

from retcalc.core.findings import did_you_mean

_FOLDER = Path(__file__).parent / "profiles"


def profile_names() -> tuple[str, ...]:
    """Names of the profiles that come with retcalc, ``default`` first."""
    names = (file.stem for file in _FOLDER.glob("*.yaml"))
    return tuple(sorted(names, key=lambda name: (name != "default", name)))


def profile_path(name: str) -> str:
    """The file of a profile that comes with retcalc."""
    return str(_FOLDER / f"{name}.yaml")


def is_file_name(text: str) -> bool:
    """Tell a profile's file from its name."""
    return "/" in text or os.sep in text or text.endswith((".yaml", ".yml"))


def profile_fix(name: str) -> str:
    """Give the remedy for a profile that does not exist."""
    names = profile_names()
    hint = did_you_mean(name, names)
    return f"{hint + '  ' if hint else ''}the profiles are {', '.join(names)}, or name a file"

"""Names of the definition profiles that ship, and the nearest one to a wrong name."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

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


def did_you_mean(name: str, known: Sequence[str]) -> str:
    """Give ``did you mean …?`` for the nearest name, or nothing."""
    from difflib import get_close_matches

    near = get_close_matches(name[:100].casefold(), known, n=1, cutoff=0.6)
    return f"did you mean {near[0]}?" if near else ""

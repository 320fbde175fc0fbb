"""The numbered catalogue of everything retcalc can refuse or note.

Codes are stable. RC1xx command line and config (exit 2), RC2xx cells and rows (exit 3), RC3xx
file content (exit 3), RC4xx reading and writing files (exit 4), RC5xx reconciliation (exit 3),
RC6xx failed checks (exit 1), RC7xx internal (exit 70), RC8xx notes (exit 0; errors with
``--strict``).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One code: its short title, exit status (0 = a note) and the general remedy."""

    title: str
    status: int
    remedy: str


_STATUS = {"1": 2, "2": 3, "3": 3, "4": 4, "5": 3, "6": 1, "7": 70, "8": 0}

_ENTRIES: dict[str, tuple[str, str]] = {
    # code: (title, remedy)
    "RC214": (
        "amount is not a number",
        'Say how amounts are written: --decimal "," or --thousands ",".',
    ),
}

CATALOGUE: dict[str, Kind] = {
    code: Kind(title, _STATUS[code[2]], remedy) for code, (title, remedy) in _ENTRIES.items()
}

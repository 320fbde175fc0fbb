"""What retcalc has to say about its inputs: errors that stop a run and notes that go with it.

A leaf: imports nothing of retcalc but the catalogue of codes. A stage returns
``(value, findings)``; errors are collected per file and raised together, so that one run shows
everything that is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from retcalc.core.error_codes import CATALOGUE, Kind


@dataclass(frozen=True, slots=True)
class Spot:
    """One offending place: file, physical line (1 = first line of the file) and raw value."""

    file: str
    line: int | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows that do not count, the accounts they name, and the money in them.

    ``gone`` are the accounts that no other row names. ``amount`` is in major units, every amount
    without its sign; None where there are no amounts. ``unweighed`` rows have an amount that cannot
    be read, and ``unknown`` are the accounts they name.
    ``limited``: left out for want of knowledge, so that too much of it stops the run; False for
    rows that by their own words are no revenue, such as trials.
    """

    rows: int
    accounts: int
    gone: int
    amount: Fraction | None
    limited: bool = True
    unweighed: int = 0
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found, at one or many places.

    ``code`` is a key of the catalogue and decides whether it is an error or a note. ``column`` is
    the 1-based position of ``header`` in the file. ``spots`` lists every place, first one first.
    ``value`` and ``fix`` are whole clauses, shown behind the words "value" and "fix".
    ``left_out`` weighs the rows that a note leaves out.
    """

    code: str
    message: str
    spots: tuple[Spot, ...] = ()
    column: int | None = None
    header: str | None = None
    value: str | None = None
    fix: str | None = None
    as_error: bool = False
    left_out: LeftOut | None = None

    @property
    def kind(self) -> Kind:
        """The catalogue entry of this code."""
        return CATALOGUE[self.code]

    @property
    def is_error(self) -> bool:
        """True when the run must stop."""
        return self.as_error or self.kind.status != 0

    @property
    def is_information(self) -> bool:
        """True for what only says how things were read; never an error, even with ``--strict``."""
        return self.code.startswith("RC89")

    @property
    def status(self) -> int:
        """Exit status this finding asks for (0 for a note)."""
        return self.kind.status or (3 if self.as_error else 0)


class RetcalcError(Exception):
    """One or more findings that stop the run; nothing has been printed or written."""

    def __init__(self, findings: Finding | Iterable[Finding]) -> None:
        self.findings: tuple[Finding, ...] = (
            (findings,) if isinstance(findings, Finding) else tuple(findings)
        )
        super().__init__("; ".join(f"{f.code}: {f.message}" for f in self.findings))

    @property
    def status(self) -> int:
        """Exit status of the whole run: that of the first error."""
        return next((f.status for f in self.findings if f.is_error), 70)


def own_fault(code: str, message: str) -> RetcalcError:
    """The error of a self-check of ours that failed, whatever the data."""
    fix = "this is a bug in retcalc: report it with the command and its --debug output"
    return RetcalcError(Finding(code, message, fix=fix))


def nearest(name: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The known name that is most like a wrong one, whatever its case; None where none is."""
    from difflib import get_close_matches  # only a refusal needs it

    by_fold = {each.casefold(): each for each in known}
    near = get_close_matches(name[:100].casefold(), by_fold, n=1, cutoff=cutoff)
    return by_fold[near[0]] if near else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The fix ``did you mean …?`` with the nearest name; empty where none is near."""
    near = nearest(name, known)
    return f"did you mean {near}?" if near else ""


def raise_errors(findings: Sequence[Finding], *, strict: bool = False) -> None:
    """Raise when any finding is an error; with ``strict`` every note is one too."""
    if strict:
        findings = [f if f.is_information else replace(f, as_error=True) for f in findings]
    errors = [f for f in findings if f.is_error]
    if errors:
        raise RetcalcError(errors)

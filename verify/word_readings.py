"""Kinds of exports whose words and flags say who pays, in the languages that they come in."""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from harness import clean_panel
from readings import Reading, of_panel, reading

# a header, what the rows of payers say, and what the rows say that are no revenue
TELLING: Sequence[tuple[str, str, Sequence[str]]] = (
    ("status", "active", ("trial", "churned", "Cancelled by customer")),
    ("Zustand", "aktiv", ("gekündigt", "Testphase", "pausiert")),
    ("situation", "actif", ("résilié", "essai", "suspendu")),
    ("estado", "activo", ("baja", "prueba", "cancelado")),
    ("stato", "attivo", ("disdetto", "in prova")),
    ("klantstatus", "actief", ("opgezegd", "proef")),
    ("is_active", "1", ("0",)),
    ("Aktiv?", "ja", ("nein",)),
    ("is_deleted", "false", ("true",)),
    ("churned", "No", ("Yes",)),
    ("bezahlt", "ja", ("nein",)),
)
NAMES = (
    ("account_id", "occurred_at", "event", "old_mrr", "new_mrr"),
    ("account_id", "event_date", "action", "mrr_before", "mrr_after"),
    ("account_id", "event_date", "Ereignis", "MRR alt", "MRR neu"),
)
NEW, MORE, LESS, GONE = range(4)
KINDS = (
    ("new", "expansion", "contraction", "churn"),
    (
        "subscription.created",
        "subscription.updated",
        "subscription.updated",
        "subscription.deleted",
    ),
    ("Neukunde", "Erweiterung", "Reduzierung", "Kündigung"),
)


@reading
def panel_who_pays(rng: random.Random) -> Reading:
    """Accounts that pay nothing stand among the others with an amount."""
    rows = clean_panel(rng)
    header, pays, others = rng.choice(TELLING)
    lines = [[*row, pays] for row in rows]
    for day in sorted({row[1] for row in rows}):
        lines.append(["free-rider", day, "77.00", rng.choice(others)])
    rng.shuffle(lines)
    return of_panel(rows, lines, ("account_id", "month", "mrr", header), codes="RC815")


def _changes(rows: Sequence[Sequence[str]]) -> list[tuple[str, str, int, Decimal, Decimal]]:
    """Account, month, kind, and the MRR before and after of every change of a panel."""
    months = sorted({row[1][:7] for row in rows})
    amounts = {(row[0], row[1][:7]): Decimal(row[2]) for row in rows}
    found = []
    for name in sorted({row[0] for row in rows}):
        path = [Decimal(0), *(amounts.get((name, month), Decimal(0)) for month in months)]
        for month, (old, new) in zip(months, pairwise(path), strict=True):
            if old != new:
                kind = GONE if not new else NEW if not old else MORE if new > old else LESS
                found.append((name, month, kind, old, new))
    return found


def _next(month: str) -> str:
    year, number = divmod(int(month[:4]) * 12 + int(month[5:]), 12)
    return f"{year:04}-{number + 1:02}"


@reading
def log_before_and_after(rng: random.Random) -> Reading:
    """A log of events with the MRR before and after each; the last one begins no whole month."""
    rows = clean_panel(rng)
    header, kinds = rng.choice(NAMES), rng.choice(KINDS)
    lines = [
        [name, f"{month}-{rng.randint(2, 27):02}", kinds[kind], f"{old}", f"{new}"]
        for name, month, kind, old, new in _changes(rows)
    ]
    last = _next(max(row[1][:7] for row in rows))
    lines.append(["later", f"{last}-15", kinds[NEW], "0", "5.00"])
    rng.shuffle(lines)
    return of_panel(rows, lines, header, settle=("--shape", "states"), refused=None, codes="RC891")


@reading
def kind_that_nobody_knows(rng: random.Random) -> Reading:
    """One change of a log has a kind that is no word for a movement."""
    rows = clean_panel(rng)
    header, kinds = rng.choice(("kind", "category", "Art", "movement_type")), rng.choice(KINDS)
    found = _changes(rows)
    strange = rng.randrange(len(found))
    lines = [
        [name, f"{month}-15", "frobnicated" if at == strange else kinds[kind], f"{new - old}"]
        for at, (name, month, kind, old, new) in enumerate(found)
    ]
    last = _next(max(row[1][:7] for row in rows))
    lines.append(["later", f"{last}-15", kinds[NEW], "5.00"])
    return of_panel(
        rows,
        lines,
        ("account_id", "date", header, "mrr_change"),
        codes="RC254",
        refused=True,
        line=strange + 2,
        settle=("--ignore", header),
    )

"""The command line on accounts with several products at once, against the walked oracle."""

import csv
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from helpers import run
from oracle import split
from oracle.panels import month_text

FIRST, MONTHS = 12 * 2024, 6
PRODUCTS = ("Core", "Addon", "Data", "Old")
LINES = tuple(
    [f"{n}_mrr" for n in ("opening", "new", "reactivation", "expansion", "contraction", "churn")]
    + ["segment_in_mrr", "segment_out_mrr", "closing_mrr"]
    + [f"{n}_accounts" for n in ("opening", "new", "reactivated", "churned", "closing")]
    + ["segment_in_accounts", "segment_out_accounts"]
)


def random_book(seed: int) -> dict[tuple[str, str, int], int]:
    """Some accounts with up to four products each; one pays from first to last."""
    rng = random.Random(seed)
    book = {}
    for account in (f"a{i}" for i in range(rng.randint(2, 6))):
        for product in rng.sample(PRODUCTS, rng.randint(1, 4)):
            amount = 0
            for month in range(FIRST, FIRST + MONTHS):
                if rng.random() < 0.5:
                    amount = rng.choice((0, 0, 5, 10, 20, 30))
                if amount:
                    book[account, product, month] = amount
    for month in range(FIRST, FIRST + MONTHS):
        book["b", "Core", month], book["b", "Addon", month] = 7, 3
    return book


def write(path: Path, header: str, rows: Sequence[Sequence[Any]]) -> None:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([header.split(","), *rows])


def runs(book: split.Book) -> list[tuple[str, str, int, int, int]]:
    """Account, product, first month, month after the last one and amount of unchanged stretches."""
    found: list[tuple[str, str, int, int, int]] = []
    for account, product, month in sorted(book):
        amount = book[account, product, month]
        if found and found[-1][:2] == (account, product) and found[-1][3:] == (month, amount):
            found[-1] = (*found[-1][:3], month + 1, amount)
        else:
            found.append((account, product, month, month + 1, amount))
    return found


def as_long(path: Path, book: split.Book) -> list[str]:
    rows = [[a, month_text(m), mrr, p] for (a, p, m), mrr in book.items()]
    write(path, "account,month,mrr,product", rows)
    return ["--duplicates", "sum"]


def as_wide(path: Path, book: split.Book) -> list[str]:
    months = range(FIRST, FIRST + MONTHS)
    pairs = sorted({(a, p) for a, p, _ in book})
    rows = [[a, p, *(book.get((a, p, m), 0) for m in months)] for a, p in pairs]
    write(path, f"account,product,{','.join(map(month_text, months))}", rows)
    return ["--duplicates", "sum"]


def as_intervals(path: Path, book: split.Book) -> list[str]:
    last = FIRST + MONTHS
    rows = [
        [a, p, f"{month_text(s)}-01", "" if e == last else f"{month_text(e)}-01", mrr]
        for a, p, s, e, mrr in runs(book)
    ]
    write(path, "account,product,start,end,mrr", rows)
    return ["--as-of", month_text(last - 1)]


def as_movements(path: Path, book: split.Book) -> list[str]:
    rows = []
    for a, p in sorted({(a, p) for a, p, _ in book}):
        for m in range(FIRST, FIRST + MONTHS):
            change = book.get((a, p, m), 0) - book.get((a, p, m - 1), 0)
            rows += [[f"{month_text(m)}-10", a, p, change]] if change else []
    write(path, "date,account,product,mrr_change", sorted(rows))
    return ["--as-of", month_text(FIRST + MONTHS - 1)]


SHAPES: dict[str, Callable[[Path, split.Book], list[str]]] = {
    "long": as_long,
    "wide": as_wide,
    "intervals": as_intervals,
    "movements": as_movements,
}


def lines_of(row: Any) -> dict[str, int]:
    """The lines that a row shows, money as whole units."""
    return {n: int(float(row[n])) if n in row else 0 for n in LINES}


def padded(lines: split.Lines) -> dict[str, int]:
    return {n: lines.get(n, 0) for n in LINES}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", range(12))
def test_every_month_and_window(seed: int, shape: str, tmp_path: Path) -> None:
    book, path = random_book(seed), tmp_path / "data.csv"
    options = [*SHAPES[shape](path, book), "--format", "json", "--by", "product"]
    as_of: split.As = ("opening", "closing")[seed % 2]  # type: ignore[assignment]
    (tmp_path / "retcalc.yaml").write_text(f"segments: {{as_of: {as_of}}}\n")
    where = {"product in Core,Old": ("Core", "Old")} if seed % 3 == 0 else {}
    inside = next(iter(where.values()), PRODUCTS)
    options += ["-c", str(tmp_path / "retcalc.yaml"), *(f"--where={w}" for w in where)]
    months = run("movements", path, *options).json["rows"]
    alone = [o for o in options if o not in ("--by", "product")]
    totals = run("movements", path, *alone).json["rows"]
    for month in range(FIRST, FIRST + MONTHS):
        rows = {r["segment"].get("product"): r for r in months if r["month"] == month_text(month)}
        check(rows, split.window(book, month - 1, month, as_of, inside.__contains__))
        (total,) = (r for r in totals if r["month"] == month_text(month))
        mrr = [n for n in LINES if not n.startswith("segment_") or where]
        assert {n: lines_of(total)[n] for n in mrr} == {n: lines_of(rows[None])[n] for n in mrr}
    s, e = FIRST + seed % 3, FIRST + MONTHS - 1
    rows = run("nrr", path, *options, "--window", f"{e - s}m").json["rows"]
    found = split.window(book, s, e, as_of, inside.__contains__)
    check({r["segment"].get("product"): r for r in rows}, found)


def check(rows: Any, found: tuple[dict[str, split.Lines], split.Lines]) -> None:
    products, total = found
    for product, row in rows.items():
        own = total if product is None else products.get(product, {})
        assert lines_of(row) == padded(own), product
    assert products.keys() <= rows.keys()
    for name in ("new", "reactivation", "expansion", "contraction", "churn", "closing"):
        parts = sum(lines_of(r)[f"{name}_mrr"] for p, r in rows.items() if p is not None)
        assert parts == lines_of(rows[None])[f"{name}_mrr"]

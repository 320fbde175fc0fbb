"""Small exports written inside a test."""

from collections.abc import Iterable, Sequence
from pathlib import Path

Amount = int | str


def panel(
    folder: Path, accounts: dict[str, Sequence[Amount]], start: str = "2024-01", name: str = "mrr"
) -> Path:
    """A long panel: one row of monthly amounts per account, zeros written out."""
    year, month = map(int, start.split("-"))
    first = 12 * year + month - 1
    text = ["account_id,month,mrr"]
    for account, amounts in accounts.items():
        for number, amount in enumerate(amounts, start=first):
            text.append(f"{account},{number // 12:04}-{number % 12 + 1:02},{amount}")
    return write(folder / f"{name}.csv", text)


def many(prefix: str, count: int, amounts: Sequence[Amount]) -> dict[str, Sequence[Amount]]:
    """The same row for several accounts."""
    return {f"{prefix}{number}": amounts for number in range(1, count + 1)}


def subscriptions(folder: Path, lines: Iterable[str]) -> Path:
    """Subscription intervals: customer, start, end, amount, billing interval."""
    return write(
        folder / "subscriptions.csv", ["customer_id,start_date,end_date,amount,interval", *lines]
    )


def write(path: Path, lines: Iterable[str]) -> Path:
    """Lines into a file."""
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path

"""A reproducer for every code that the book, the command line and the pipeline can give.

Each case is a small file and the arguments behind it; ``{}`` stands for the file's path. The same
cases make the section of reproducers in the docs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from helpers import Run, run

PANEL = "account,month,mrr\na,2024-01,10\nb,2024-01,20\na,2024-02,10\nb,2024-02,20\n"
LONG = "account,month,mrr\n" + "".join(
    f"{account},{2023 + m // 12}-{m % 12 + 1:02},10\n" for m in range(20) for account in "ab"
)
FEW = "account,month,mrr\n" + "".join(
    f"a{n},2024-0{m},10\n" for n in range(50) for m in (1, 2, 3, 4) if n or m < 3
)
PLANS = "account,month,mrr,plan\na,2024-01,10,Pro\na,2024-02,10,Pro\n"
PERIODS = (
    "account,start,end,amount\na,2024-01-05,,10\nb,2024-02-01,2024-03-31,20\nc,2024-03-31,,5\n"
)


@dataclass(frozen=True)
class Case:
    """One reproducer: a file's text, arguments, and the line and column that must be named."""

    text: str
    args: tuple[str, ...] = ("nrr", "{}")
    line: int | None = None
    column: int | None = None
    fix: str | None = None
    others: dict[str, str | bytes] = field(default_factory=dict)


def run_case(case: Case, folder: Path, *more: str) -> Run:
    """Write the files of a case into a folder and run its command there."""
    data = folder / "data.csv"
    data.write_text(case.text)
    for name, text in case.others.items():
        (folder / name).write_text(text)
    return run(*(a.format("data.csv") for a in case.args), *more, cwd=folder)


def panel(row: str, *args: str, **expected: object) -> Case:
    """Make a case of a good panel with one more row, line 6."""
    return Case(PANEL + row + "\n", ("nrr", "{}", *args), **{"line": 6, **expected})  # type: ignore[arg-type]


ERRORS: dict[str, Case] = {
    "RC100": Case(PANEL, ("nrr", "{}", "--nonsense")),
    "RC150": Case(PANEL, ("nrr", "{}", "--by", "acount"), fix="did you mean 'account'"),
    "RC151": Case(PANEL, ("nrr", "{}", "--as-of", "2025-01"), fix="--as-of 2024-02"),
    "RC152": Case(PANEL, ("nrr", "{}", "--window", "12m"), fix="--window 1m"),
    "RC153": Case(PANEL, ("nrr", "{}", "--window", "fortnight"), fix="--window 1m"),
    "RC154": Case(PANEL, ("nrr", "{}", "-o", "{}")),
    "RC155": Case(PANEL, ("nrr", "{}", "-o", "out.doc"), fix=".json"),
    "RC156": Case(PANEL, ("nrr", "{}", "--as-of", "10/2026"), fix="2026-10"),
    "RC157": Case(PLANS, ("nrr", "{}", "--where", "plan"), fix="plan=Pro"),
    "RC158": Case(PANEL, ("nrr",)),
    "RC184": Case(PANEL, ("nrr", "{}", "--left-out", "some"), fix="--left-out 5%"),
    "RC187": Case(PANEL, ("nrr", "{}", "--word", "golden"), fix="--word 'WORD=active'"),
    "RC185": Case(LONG, ("forecast", "{}"), fix="--months 5"),
    "RC186": Case(
        LONG, ("forecast", "{}", "--months", "3", "--new", "some"), fix="--new 40000/month"
    ),
    "RC188": Case(PANEL, ("survival", "{}", "--age-unit", "days"), fix="--age-unit months"),
    "RC189": Case(PERIODS, ("nrr", "{}", "--grace", "soon"), fix="--grace 30d"),
    "RC282": Case(PANEL, ("renewals", "{}")),
    "RC159": Case(PANEL, ("nrr", "{}", "--confidence", "3"), fix="--confidence 95"),
    "RC160": Case(PANEL, ("metrics", "nrrr"), fix="did you mean nrr"),
    "RC161": Case(
        PANEL, ("init", "{}", "-o", "old.yaml"), fix="--force", others={"old.yaml": "window: 1m\n"}
    ),
    "RC201": Case(
        "account_id,customer_id,month,mrr\na,x,2024-01,1\n", fix="--customer-column account_id"
    ),
    "RC202": Case("account,month,blah\na,2024-01,1\n", fix="--mrr-column"),
    "RC210": Case(PANEL, ("nrr", "{}", "--customer-column", "mrr", "--mrr-column", "mrr")),
    "RC211": panel(",2024-02,5", column=1),
    "RC212": panel("Total,2024-02,30", column=1, fix="--drop-total-rows"),
    "RC213": panel("c,2024-02,", column=3),
    "RC214": panel('c,2024-02,"1,234.50"', column=3, fix='--thousands ","'),
    "RC215": panel("c,2024-02,-5", column=3, fix="--allow-negative"),
    "RC217": panel("c,2024-02,99999999999999999", column=3),
    "RC218": Case(
        "account,month,mrr,currency\na,2024-01,1,USD\nb,2024-01,1,EUR\n",
        line=2,
        column=4,
        fix="--fx",
    ),
    "RC219": panel("a,2024-02,5", line=4, column=1, fix="--duplicates sum"),
    "RC221": panel("c,2024-13,5", column=2),
    "RC222": panel("c,0202-01,5", column=2),
    "RC223": Case("account,month,mrr\na,01/02/2024,1\n", line=2, column=2, fix="--date-format"),
    "RC224": panel("c,2024-02-01,5", column=2),
    "RC225": Case(
        "account,month,mrr\na,2024-01-31T23:30:00-08:00,1\n", line=2, column=2, fix="--timezone UTC"
    ),
    "RC226": panel("c,,5", column=2),
    "RC231": Case(
        "account,start,end,amount,interval\na,2024-01-05,,10,whenever\n",
        line=2,
        column=5,
        fix="--skip-bad-rows",
    ),
    "RC232": Case("account,start,end,amount\na,2024-03-05,2024-01-01,10\n", line=2, column=3),
    "RC233": panel("a,2024-05,10", line=6, fix="--allow-empty-months"),
    "RC249": Case(
        "account,date,type,amount\na,2024-01-31,new,10\na,2024-02-28,upgrade,5\n",
        fix="--shape movements",
    ),
    "RC241": Case(
        PANEL,
        ("nrr", "{}", "--customers", "c.csv", "--by", "plan"),
        line=3,
        column=1,
        others={"c.csv": "account,plan\na,Pro\na,Team\n".replace("\na,Pro", "\nb,Pro\na,Pro")},
    ),
    "RC242": Case(
        PANEL,
        ("nrr", "{}", "--customers", "c.csv", "--by", "plan"),
        others={"c.csv": "who,plan\na,Pro\n"},
    ),
    "RC174": Case(
        "account,month,mrr,reason\na,2024-01,10,price\nb,2024-01,20,\nb,2024-02,20,\n",
        ("explain", "churn", "{}", "--reason", "pryce"),
        fix="did you mean price?",
    ),
    "RC263": Case(PANEL, ("churn", "{}", "--by-reason"), fix="--reasons FILE"),
    "RC264": Case(PANEL, ("movements", "{}", "--kinds"), fix="--product-column COLUMN"),
    "RC281": Case(PANEL, ("explain", "carr_mrr", "{}"), fix="retcalc summary data.csv"),
    "RC501": Case(PANEL, ("nrr", "{}", "--expect-total", "59.99")),
}

NOTES: dict[str, Case] = {
    "RC832": Case("account,month,mrr\na,31/01/2024,1\na,29/02/2024,1\n"),
    "RC833": panel(" c,2024-02,5"),
    "RC834": panel("A,2024-02,5"),
    "RC835": Case("account,month,mrr\n7,2024-01,1\n007,2024-01,1\n"),
    "RC836": Case("account,start,amount\na,2024-01-31,1\nb,2024-03-31,1\n"),
    "RC837": panel("Total,2024-02,30", "--drop-total-rows"),
    "RC838": panel("c,2024-02,8.33333333333"),
    "RC839": panel("c,2024-02,8.3333"),
    "RC840": panel("c,2024-02,-5", "--allow-negative"),
    "RC841": Case(PERIODS + "d,2024-01-02,2024-01-09,5\n"),
    "RC842": Case(PERIODS, ("nrr", "{}", "--as-of", "2024-02")),
    "RC843": panel("a,2024-05,10", "--allow-empty-months"),
    "RC844": panel("a,2024-02,5", "--duplicates", "sum"),
    "RC845": Case(
        "account,start,end,amount,plan\na,2024-01-05,,10,Pro\na,2024-01-31,,20,Team\n",
        ("survival", "{}", "--by", "plan"),
    ),
    "RC846": Case(
        PANEL,
        ("nrr", "{}", "--customers", "c.csv", "--by", "plan"),
        others={"c.csv": "account,plan\na,Pro\n"},
    ),
    "RC847": Case(PANEL + "b,2024-03,20\na,2024-04,10\nb,2024-04,20\n"),
    "RC848": Case("account,month,mrr\n", ("nrr", "{}", "--allow-empty")),
    "RC853": Case(
        FEW, ("clv", "{}", "--margin", "0.8", "--lifespan", "inverse-churn"), fix="--horizon 60"
    ),
    "RC875": Case(
        "account,month,mrr,reason\na,2024-01,10,price\nb,2024-01,20,\nb,2024-02,20,price\n",
        ("churn", "{}", "--by-reason"),
    ),
    "RC876": Case(
        "account,month,mrr,reason\na,2024-01,10,odd\nb,2024-01,20,\nb,2024-02,20,\n",
        ("churn", "{}", "--by-reason"),
    ),
    "RC877": Case(
        "account,month,mrr,seats\na,2024-01,10,\na,2024-02,20,2\n",
        ("movements", "{}", "--kinds", "--quantity", "ignore"),
    ),
    "RC890": Case("account,month,arr\na,2024-01,120\n"),
    "RC891": Case(PANEL),
    "RC893": Case(
        PANEL,
        ("nrr", "{}", "--customers", "c.csv", "--by", "plan"),
        others={"c.csv": "account,plan\na,Pro\nb,Pro\nz,Pro\n"},
    ),
    "RC894": Case(PANEL),
    "RC895": Case(PANEL, ("movements", "{}")),
}

"""Reproducers of the codes of configs, files, folders and single commands.

Together with the cases of rows and shapes they are one case for every error that a fix can mend.
"""

from __future__ import annotations

import gzip

from errors.cases import PANEL, Case

SUBS = "account,start,end,amount\na,2025-01-01,2025-01-31,100\na,2025-02-01,,120\n"
THREE = PANEL + "a,2024-03,10\nb,2024-03,20\n"
LINES = "account,amount,period_start,period_end\na,1,2024-02-01,2024-02-01\n"
BARE = "id,shop_id,started_at,mrr\n1,A,2025-01-05,50\n2,A,2025-02-10,80\n"


def config(text: str | bytes, *args: str, data: str = PANEL) -> Case:
    """Make a case of a good panel and a config beside it."""
    return Case(data, args or ("nrr", "{}"), others={"retcalc.yaml": text})


def read(text: str, *args: str) -> Case:
    """Make a case of one text and options of reading."""
    return Case(text, ("nrr", "{}", *args))


def stored(name: str, data: str | bytes, *args: str) -> Case:
    """Make a case of one file of another name, perhaps of bytes."""
    return Case(PANEL, ("nrr", name, *args), others={name: data})


CONFIG_ERRORS: dict[str, Case] = {
    "RC101": config("window: [1m\n"),
    "RC102": config("window: 1m\nwindow: 1m\n"),
    "RC103": config("window: &short 1m\n"),
    "RC104": config("window: !!str 1m\n"),
    "RC105": config("window: 1m\n#" + "x" * 300_000 + "\n"),
    "RC106": config(b"window: 1m # \xff\n"),
    "RC107": config("window: 1m\n---\nwindow: 1m\n"),
    "RC110": config("windw: 1m\n"),
    "RC111": config("amounts: {unit: cents}\n"),
    "RC112": config("checks:\n- min: 0\n"),
    "RC113": config("sources: {mrr: ../data.csv}\n"),
    "RC114": config("checks: [{metric: nrr}]\n"),
    "RC120": config("definition: defalt\n"),
    "RC180": config("window: 1m\n", "check", "{}"),
    "RC181": config("checks: [{metric: nr, min: 0}]\n", "check", "{}"),
    "RC460": Case(PANEL, ("nrr", "{}", "-c", "retcal.yaml"), others={"retcalc.yaml": ""}),
}

COMMAND_ERRORS: dict[str, Case] = {
    "RC162": Case(
        PANEL,
        ("cohort", "{}", "--cohort-date", "signup"),
        others={"customers.csv": "account,signup\na,2023-12-01\nb,2023-12-01\n"},
    ),
    "RC163": Case(SUBS, ("tenure", "{}", "--phases", "90,30")),
    "RC165": Case(PANEL, ("clv", "{}")),
    "RC166": Case(THREE, ("clv", "{}", "--trend", "--margin", "1", "--window", "2m")),
    "RC167": Case(PANEL, ("whatif", "{}", "--margin", "1", "--churn", "1pt")),
    "RC168": Case(PANEL, ("clv", "{}", "--margin", "1", "--horizon", "0")),
    "RC169": Case(
        PANEL,
        ("clv-cac", "{}", "--margin", "1"),
        others={"spend.csv": "month,spend\n2024-01,5\n2024-02,5\n"},
    ),
    "RC170": Case(PANEL, ("explain", "nrrr", "{}")),
    "RC171": Case(
        PANEL.replace("mrr", "mrr,plan", 1).replace("10\n", "10,Pro\n").replace("20\n", "20,Pro\n"),
        ("explain", "nrr", "{}", "--by", "plan"),
    ),
    "RC172": Case(THREE, ("explain", "nrr", "{}", "--definition", "monthly-average")),
    "RC173": Case(PANEL, ("explain", "nrr", "{}", "--account", "aa")),
    "RC175": Case(PANEL, ("nrr", "{}", "--expect-total", "many")),
    "RC179": Case(PANEL, ("nrr", "{}", "--timezone=Europe/Berlin")),
    "RC182": Case(PANEL, ("report", "{}", "-o", "close.pdf")),
    "RC183": Case(PANEL, ("validate", "{}", "-o", "x.svg")),
    "RC203": Case(LINES),
    "RC252": Case(SUBS + "a,2025-02-01,,120\n"),
    "RC253": Case(SUBS + "b,2025-01-01,2025-02-01,1\nb,2025-02-01,,1\n"),
    "RC254": Case(
        "date,account,movement_type,amount\n2026-01-05,A,new,100\n2026-02-10,A,promo,50\n"
    ),
    "RC255": Case("account,start,mrr\nA,2024-01-05,100\nA,2024-02-29,120\nB,2024-01-05,10\n"),
    "RC256": Case(BARE),
    "RC260": Case(
        PANEL,
        ("clv-cac", "{}", "--margin", "1", "--costs", "costs.csv"),
        others={"costs.csv": "month,ads\n2024-01,5\n2024-02,5\n"},
    ),
    "RC261": Case(
        PANEL + "c,2024-02,1\n",
        ("clv-cac", "{}", "--margin", "1", "--costs", "costs.csv"),
        others={"costs.csv": "month,spend\n2024-01,5\n"},
    ),
    "RC262": Case(
        PANEL + "c,2024-02,1\n",
        ("clv-cac", "{}", "--margin", "1", "--costs", "costs.csv"),
        others={"costs.csv": "month,spend\n2024-02,-5\n"},
    ),
    "RC280": Case(PANEL, ("explain", "churn", "{}", "--definition", "all-events")),
    "RC292": Case(PANEL, ("close", "verify", "{}")),
}

FILE_ERRORS: dict[str, Case] = {
    "RC301": read(""),
    "RC302": read("account,month,mrr\n"),
    "RC303": stored("latin.csv", (PANEL + "Caf\u00e9,2024-02,5\n").encode("cp1252")),
    "RC304": stored("nul.csv", PANEL.encode() + b"c\0,2024-02,5\n"),
    "RC305": read(PANEL + "Caf\u00e9,2024-02,5\n", "--encoding", "ascii"),
    "RC306": read(PANEL + "c\rd,2024-02,5\n"),
    "RC307": read(PANEL + "Smith, Ltd,2024-02,5\n"),
    "RC308": read(PANEL + "c,2024-02\n"),
    "RC309": read(PANEL + '5" pipe,2024-02,5\n'),
    "RC310": read(PANEL + "c" * (2 << 20) + ",2024-02,5\n"),
    "RC311": read("account,month,mrr" + ",x" * 10_001 + "\na,2024-01,1\n"),
    "RC312": read("account,month,mrr,mrr\na,2024-01,1,1\n"),
    "RC313": read("Report,,,\naccount,month,amt,\na,2024-01,1,\n"),
    "RC314": read("account,month,mrr,__line\na,2024-01,1,1\n"),
    "RC315": read("MRR of 2024\n\n" + PANEL),
    "RC316": stored("data.json", '[{"account": "a", "month": "2024-01", "mrr": 10}]'),
    "RC317": stored("data.zip", b"PK\x03\x04" + b"\0" * 60),
    "RC318": read(PANEL.replace(",", "~")),
    "RC319": read(PANEL + "account,month,mrr\na,2024-03,1\n"),
    "RC320": Case(
        PANEL, ("nrr", "{}", "b.csv"), others={"b.csv": "account,start,price\na,2024-03-01,1\n"}
    ),
    "RC322": stored("data.parquet", b"PAR1" + b"\0" * 40 + b"PAR1"),
    "RC324": stored("data.csv.gz", gzip.compress(PANEL.encode())[:-9]),
    "RC327": read(PANEL, "--skip-lines", "9"),
    "RC328": read(PANEL.replace("\na,", "\n\ufeffa,", 1)),
    "RC329": read(PANEL.replace(",", ";"), "--delimiter", "ab"),
    "RC339": read("account,mrr\na,10\n", "--month-from-name"),
    "RC391": read(PANEL, "--expect-rows", "3"),
    "RC392": read(PANEL, "--expect-sha256", "0" * 64),
    "RC401": Case(PANEL, ("nrr", "dat.csv")),
    "RC402": Case(PANEL, ("nrr", "parts"), others={"parts/a.txt": PANEL}),
    "RC406": Case(PANEL, ("nrr", "https://localhost:9/data.parquet")),
    "RC410": Case(PANEL, ("nrr", "{}", "{}")),
    "RC453": Case(PANEL, ("nrr", "{}", "-o", "parts.csv"), others={"parts.csv/a.txt": ""}),
    "RC454": Case(PANEL, ("nrr", "{}", "-o", "out/nrr.csv")),
    "RC455": Case(PANEL, ("nrr", "{}", "-o", "x" * 300 + ".csv")),
}

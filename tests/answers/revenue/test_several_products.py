"""--by product and --where where an account has several products at once, in every shape.

The book of every shape: Acme has Core and Add-on; in February the Add-on grows from 20 to 30 and in
March all of Core becomes Pro. Beta has Core until February. Coda comes in March with Pro.

    month      Core  Add-on  Pro   total
    January     150      20    0     170
    February    150      30    0     180   Add-on: expansion 10
    March         0      30  170     200   Beta: churn 50 of Core; Coda: new 40 of Pro; Acme: Core
                                           out 100, Pro in 100 and expansion 30
"""

import json

import polars as pl
import pytest

from helpers import run

LONG = """customer,month,product,mrr
Acme,2025-01,Core,100
Acme,2025-01,Add-on,20
Acme,2025-02,Core,100
Acme,2025-02,Add-on,30
Acme,2025-03,Pro,130
Acme,2025-03,Add-on,30
Beta,2025-01,Core,50
Beta,2025-02,Core,50
Coda,2025-03,Pro,40
"""
INTERVALS = """customer_id,start_date,end_date,mrr,product
Acme,2025-01-01,2025-03-01,100,Core
Acme,2025-01-01,2025-02-01,20,Add-on
Acme,2025-02-01,,30,Add-on
Acme,2025-03-01,,130,Pro
Beta,2025-01-01,2025-03-01,50,Core
Coda,2025-03-01,,40,Pro
"""
INVOICES = """customer_id,invoice_date,period_start,period_end,amount,product
Acme,2025-01-01,2025-01-01,2025-01-31,100,Core
Acme,2025-01-01,2025-01-01,2025-01-31,20,Add-on
Acme,2025-02-01,2025-02-01,2025-02-28,100,Core
Acme,2025-02-01,2025-02-01,2025-02-28,30,Add-on
Acme,2025-03-01,2025-03-01,2025-03-31,130,Pro
Acme,2025-03-01,2025-03-01,2025-03-31,30,Add-on
Beta,2025-01-01,2025-01-01,2025-02-28,100,Core
Coda,2025-03-01,2025-03-01,2025-03-31,40,Pro
"""
WIDE = """customer,product,2025-01,2025-02,2025-03
Acme,Core,100,100,0
Acme,Add-on,20,30,30
Acme,Pro,0,0,130
Beta,Core,50,50,0
Coda,Pro,0,0,40
"""
LOG = """customer,date,product,mrr_change
Acme,2025-01-05,Core,100
Acme,2025-01-05,Add-on,20
Acme,2025-02-05,Add-on,10
Acme,2025-03-05,Core,-100
Acme,2025-03-05,Pro,130
Beta,2025-01-05,Core,50
Beta,2025-03-05,Core,-50
Coda,2025-03-05,Pro,40
"""
SHAPES = {
    "long": (LONG, ["--duplicates", "sum"]),
    "intervals": (INTERVALS, ["--as-of", "2025-03"]),
    "invoices": (INVOICES, ["--as-of", "2025-03"]),
    "wide": (WIDE, ["--duplicates", "sum"]),
}
MONEY = ("opening", "new", "expansion", "contraction", "churn", "segment_in", "segment_out")
MARCH = {
    "Add-on": (30, 0, 0, 0, 0, 0, 0, 30),
    "Core": (150, 0, 0, 0, 50, 0, 100, 0),
    "Pro": (0, 40, 30, 0, 0, 100, 0, 170),
    None: (180, 40, 30, 0, 50, 0, 0, 200),
}


@pytest.fixture(params=SHAPES)
def book(request, tmp_path):
    text, options = SHAPES[request.param]
    path = tmp_path / "book.csv"
    path.write_text(text)
    return path, *options


def lines(row):
    return tuple(float(row.get(f"{n}_mrr", 0)) for n in (*MONEY, "closing"))


def test_the_bridge_of_an_account_is_split_over_its_products(book):
    rows = run("movements", *book, "--by", "product", "-f", "json").json["rows"]
    march = {r["segment"].get("product"): lines(r) for r in rows if r["month"] == "2025-03"}
    assert march == MARCH
    february = {r["segment"].get("product"): r for r in rows if r["month"] == "2025-02"}
    assert february["Add-on"]["expansion_mrr"] == "10.00"
    assert february["Core"]["expansion_mrr"] == "0.00"


def test_the_total_is_that_without_segments(book):
    split = run("movements", *book, "--by", "product", "-f", "json").json["rows"]
    plain = run("movements", *book, "-f", "json").json["rows"]
    totals = [r for r in split if not r["segment"]]
    assert [{**t, "segment": {}} for t in totals] == [
        {**{k: t[k] for k in t if k not in p}, **p} for t, p in zip(totals, plain, strict=True)
    ]


def test_accounts_count_under_each_product_and_once_in_the_total(book):
    result = run("nrr", *book, "--by", "product", "--window", "1m", "-f", "json").json
    counts = {r["segment"].get("product"): r["opening_accounts"] for r in result["rows"]}
    assert counts == {"Add-on": 1, "Core": 2, "Pro": 0, None: 2}
    notes = [n["message"] for n in result["notes"] if "several values" in n["message"]]
    assert len(notes) == 1
    assert notes[0].startswith("1 account has several values of product in one month (")


def test_churn_of_a_product_counts_who_dropped_it(book):
    """Of the two with Core Beta left and Acme dropped it; of all two accounts one left."""
    rows = run("churn", *book, "--by", "product", "--window", "1m", "-f", "json").json["rows"]
    found = {r["segment"].get("product"): (r["logo_churn"], r["segment_churn"]) for r in rows}
    assert found == {"Add-on": (0, 0), "Core": (0.5, 1), "Pro": (None, None), None: (0.5, 0.5)}
    plain = run("churn", *book, "--window", "1m", "-f", "json").total
    assert "segment_churn" not in plain


def test_a_product_alone_is_its_rows_and_is_explained(book):
    only = ("--where", "product=Core", "--window", "1m")
    total = run("nrr", *book, *only, "-f", "json").total
    assert lines(total) == MARCH["Core"]
    assert total["nrr"] == pytest.approx(100 / 150)
    rows = run("explain", "nrr", *book, *only, "-f", "json").json["rows"]
    found = {r["account"]: (r["movement"], r["opening_mrr"], r["closing_mrr"]) for r in rows}
    assert found == {
        "Acme": ("segment_out", "100.00", "0.00"),
        "Beta": ("churn", "50.00", "0.00"),
        None: (None, "150.00", "0.00"),
    }


def test_compare_and_checks_agree_with_it(book, tmp_path):
    only = ("--where", "product=Core", "--window", "1m")
    values = run("compare", "nrr", *book, *only, "-f", "json").json["rows"]
    default = next(r for r in values if r["profile"] == "default")
    assert default["value"] == pytest.approx(100 / 150)
    config = tmp_path / "rules.yaml"
    config.write_text(
        "checks:\n  - {metric: churn_mrr, window: 1m, where: {product: Core}, equals: '50.00'}\n"
        "  - {metric: nrr, window: 1m, where: {product: Core}, min: 0.9}\n"
    )
    result = run("check", *book, "-c", config, "-f", "json")
    assert [r["status"] for r in json.loads(result.stdout)["rows"]] == ["ok", "failed"]
    assert result.exit_code == 1


def test_intervals_of_rates_are_of_the_products(book):
    row = run(
        "nrr", *book, "--where", "product=Add-on", "--window", "1m", "--confidence", "-f", "json"
    ).total
    assert row["nrr"] == row["nrr_lower"] == row["nrr_upper"] == 1.0


def test_every_answer_says_how_several_products_count(book, tmp_path):
    for command in ("cohort", "survival", "concentration", "summary", "report"):
        out = tmp_path / f"{command}.json"
        done = run(command, *book, "--by", "product", "-o", out)
        assert done.exit_code == 0, done.stderr
        assert "several values of product" in out.read_text()


def test_cohorts_follow_each_product_from_its_own_start(book):
    """Add-on, Core and Pro by themselves; the accounts of January pay 170, 180 and 160 in total."""
    rows = run("cohort", *book, "--by", "product", "-f", "json").json["rows"]
    found = {}
    for r in rows:
        found.setdefault((r["segment"].get("product"), r["cohort"]), []).append(float(r["mrr"]))
    assert found == {
        ("Add-on", "2025-01"): [20, 30, 30],
        ("Core", "2025-01"): [150, 150, 0],
        ("Pro", "2025-03"): [170],
        (None, "2025-01"): [170, 180, 160],
        (None, "2025-03"): [40],
    }


def test_the_life_of_an_account_inside_a_filter(book):
    rows = run(
        "explain", "nrr", *book, "--where", "product=Add-on", "--account", "Acme", "-f", "json"
    ).json["rows"]
    assert [(r["mrr"], r["movement"]) for r in rows] == [
        ("20.00", "new"),
        ("30.00", "expansion"),
        ("30.00", "retained"),
    ]


@pytest.mark.parametrize(
    "command", ["survival", "win-back", "churn --by-reason", "movements --kinds"]
)
def test_answers_by_account_keep_the_largest_product_and_say_so(tmp_path, command):
    text = INTERVALS.replace("product\n", "product,churn_reason\n", 1).splitlines()
    rows = [text[0], *(f"{line},price" for line in text[1:])]
    (tmp_path / "book.csv").write_text("\n".join(rows) + "\n")
    done = run(*command.split(), "book.csv", "--by", "product", "--as-of", "2025-03", cwd=tmp_path)
    assert done.exit_code == 0, done.stderr
    assert "RC845" in done.stdout + done.stderr


def test_a_log_of_changes_is_split_too(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text(LOG)
    rows = run("movements", path, "--by", "product", "--as-of", "2025-03", "-f", "json").json[
        "rows"
    ]
    march = {r["segment"].get("product"): lines(r) for r in rows if r["month"] == "2025-03"}
    assert march == MARCH


def test_parquet_gives_the_same(tmp_path):
    path = tmp_path / "book.parquet"
    pl.read_csv(INTERVALS.encode(), try_parse_dates=True).write_parquet(path)
    command = ("movements", path, "--by", "product", "--as-of", "2025-03", "-f", "json")
    rows = run(*command).json["rows"]
    assert {r["segment"].get("product"): lines(r) for r in rows if r["month"] == "2025-03"} == MARCH


def test_an_account_with_a_discount_line_of_its_own_is_not_split(tmp_path):
    path = tmp_path / "book.csv"
    path.write_text(LONG.replace("Add-on,20", "Rebate,-20"))
    options = ("--duplicates", "sum", "--allow-negative", "--by", "product", "-f", "json")
    result = run("nrr", path, *options, "--window", "1m").json
    (note,) = (n["message"] for n in result["notes"] if n["code"] == "RC845")
    assert "the largest amount's counts" in note
    assert "split" not in note

"""movements --kinds: quantity, price, cross-sell and ramp add up to expansion and contraction."""

import csv
import random
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from helpers import SHARED, needs_shared, run
from oracle.intervals import last_day, month_of
from oracle.kinds import PARTS, Line, cells, kinds
from oracle.panels import month_text

EXPANSION = ("expansion_quantity_mrr", "expansion_price_mrr", "cross_sell_mrr", "ramp_mrr")
CONTRACTION = tuple(f"contraction_{part}_mrr" for part in PARTS)
EXCLUSIVE = ("--period-end", "exclusive")

# February: a goes from 10 seats at 10 to 12 at 11: 2 more at the old price are 20, the rest of 32
# is price. b drops Chat. March: a takes Chat; b has one seat less (5 to 4: 10 of 50), at a price
# that rises by 4.
SUBSCRIPTIONS = """customer,product,quantity,start_date,end_date,mrr,region
a,Core,10,2026-01-01,2026-02-01,100,EU
a,Core,12,2026-02-01,2026-03-01,132,EU
a,Core,12,2026-03-01,,132,EU
a,Chat,1,2026-03-01,,30,EU
b,Core,5,2026-01-01,2026-03-01,50,US
b,Chat,2,2026-01-01,2026-02-01,20,US
b,Core,4,2026-03-01,,44,US
c,Core,1,2026-03-31,,10,US
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "subs.csv"
    path.write_text(SUBSCRIPTIONS)
    return path


def write(folder: Path, text: str) -> Path:
    path = folder / "data.csv"
    path.write_text(text)
    return path


def ask(path: Path, *options: str) -> list[dict]:
    return run("movements", path, "--kinds", *options, "-f", "json").json["rows"]


def told(row: dict) -> tuple:
    """The parts of expansion, then those of contraction."""
    return tuple(row[n] for n in EXPANSION), tuple(row[n] for n in CONTRACTION)


NOTHING = ("0.00", "0.00", "0.00", "0.00")


def test_worked_by_hand(data):
    january, february, march = ask(data, *EXCLUSIVE)
    assert told(january) == (NOTHING, NOTHING)
    assert told(february) == (("20.00", "12.00", "0.00", "0.00"), ("0.00", "0.00", "20.00", "0.00"))
    assert told(march) == (("0.00", "0.00", "30.00", "0.00"), ("10.00", "-4.00", "0.00", "0.00"))
    assert (february["expansion_mrr"], february["contraction_mrr"]) == ("32.00", "20.00")
    assert (march["expansion_mrr"], march["contraction_mrr"]) == ("30.00", "6.00")


def test_by_segment(data):
    rows = ask(data, *EXCLUSIVE, "--by", "region")
    march = {row["segment"].get("region"): told(row) for row in rows if row["month"] == "2026-03"}
    assert march["EU"] == (("0.00", "0.00", "30.00", "0.00"), NOTHING)
    assert march["US"] == (NOTHING, ("10.00", "-4.00", "0.00", "0.00"))
    assert march[None] == (march["EU"][0], march["US"][1])


def test_a_filter_takes_its_accounts_only(data):
    march = ask(data, *EXCLUSIVE, "--where", "region=EU")[-1]
    assert told(march) == (("0.00", "0.00", "30.00", "0.00"), NOTHING)


def test_what_was_signed_before_the_product_began_is_a_ramp(tmp_path):
    """Both steps of Core were signed in December; Chat in February."""
    path = write(
        tmp_path,
        "customer,product,quantity,start_date,end_date,signed_at,mrr\n"
        "a,Core,10,2026-01-01,2026-02-01,2025-12-20,100\n"
        "a,Core,20,2026-02-01,,2025-12-20,150\n"
        "a,Chat,1,2026-02-01,,2026-01-20,5\n"
        "z,Core,1,2026-02-28,,2026-02-28,1\n",
    )
    _, february = ask(path, *EXCLUSIVE)
    assert told(february) == (("0.00", "0.00", "5.00", "50.00"), NOTHING)


def test_a_step_down_that_was_agreed_is_a_ramp_too(tmp_path):
    path = write(
        tmp_path,
        "customer,product,start_date,end_date,signed_at,mrr\n"
        "a,Core,2026-01-01,2026-02-01,2025-12-20,100\n"
        "a,Core,2026-02-01,,2025-12-20,70\n"
        "z,Core,2026-02-28,,2026-02-28,1\n",
    )
    _, february = ask(path, *EXCLUSIVE)
    assert told(february) == (NOTHING, ("0.00", "0.00", "0.00", "30.00"))


def test_without_products_there_is_no_cross_sell(tmp_path):
    path = write(tmp_path, "account,month,mrr,seats\na,2024-01,10,1\na,2024-02,30,2\n")
    result = run("movements", path, "--kinds", "--quantity", "ignore", "-f", "json").json
    assert told(result["rows"][-1]) == (("10.00", "10.00", "0.00", "0.00"), NOTHING)
    (note,) = [n["message"] for n in result["notes"] if "kinds of" in n["message"]]
    assert "no product, so no cross-sell, quantity = seats" in note
    assert not [n for n in result["notes"] if n["code"] == "RC866"]


def test_without_quantities_the_rest_is_price(tmp_path):
    text = "account,month,mrr,product\na,2024-01,10,X\na,2024-02,12,X\na,2024-02,5,Y\n"
    path = write(tmp_path, text)
    row = ask(path, "--duplicates", "sum")[-1]
    assert told(row) == (("0.00", "2.00", "5.00", "0.00"), NOTHING)


def test_a_row_without_a_quantity_is_noted(tmp_path):
    path = write(tmp_path, "account,month,mrr,seats\na,2024-01,10,1\na,2024-02,30,some\n")
    result = run("movements", path, "--kinds", "--quantity", "ignore", "-f", "json").json
    assert told(result["rows"][-1]) == (("0.00", "20.00", "0.00", "0.00"), NOTHING)
    (note,) = [n["message"] for n in result["notes"] if n["code"] == "RC877"]
    assert note == "1 row of 1 account has no number in seats; what changes there counts as price"


def test_columns_can_be_named(tmp_path):
    path = write(tmp_path, "account,month,mrr,what,many\na,2024-01,10,X,1\na,2024-02,30,X,3\n")
    row = ask(path, "--product-column", "what", "--quantity-column", "many")[-1]
    assert told(row) == (("20.00", "0.00", "0.00", "0.00"), NOTHING)
    done = run("movements", path, "--product-column", "whta")
    assert done.exit_code == 2
    assert "RC150" in done.stderr and "did you mean 'what'" in done.stderr


def test_two_columns_are_asked_about(tmp_path):
    path = write(tmp_path, "account,month,mrr,sku,item\na,2024-01,10,X,1\na,2024-02,30,X,3\n")
    done = run("movements", path, "--kinds")
    assert done.exit_code == 3
    assert "fix    --product-column sku   or  --product-column item" in done.stderr


def test_rates_by_month_are_no_kind_of_expansion(tmp_path):
    """10 EUR at 1.1 become 12 EUR at 1.5: at the new rate 15 become 18, all of it quantity."""
    data, rates = tmp_path / "mrr.csv", tmp_path / "rates.csv"
    data.write_text(
        "account,month,mrr,currency,product,quantity\n"
        "a,2024-01,10,EUR,X,5\na,2024-02,12,EUR,X,6\nb,2024-01,1,USD,X,1\nb,2024-02,1,USD,X,1\n"
    )
    rates.write_text("month,currency,rate\n2024-01,EUR,1.1\n2024-02,EUR,1.5\n")
    config = tmp_path / "monthly.yaml"
    config.write_text("currency: {report: USD, policy: monthly}\n")
    options = ("--fx", str(rates), "-c", str(config), "--quantity", "ignore")
    row = ask(data, *options)[-1]
    assert (row["fx_mrr"], row["expansion_mrr"]) == ("4.00", "3.00")
    assert told(row) == (("3.00", "0.00", "0.00", "0.00"), NOTHING)


def test_explain_lists_the_accounts_of_each_month(data):
    rows = run("explain", "movements", data, "--kinds", *EXCLUSIVE, "-f", "json").json["rows"]
    found = [(row["account"], row["month"], *told(row), row["line"]) for row in rows]
    assert found == [
        ("a", "2026-02", ("20.00", "12.00", "0.00", "0.00"), NOTHING, 3),
        ("a", "2026-03", ("0.00", "0.00", "30.00", "0.00"), NOTHING, 4),
        ("b", "2026-02", NOTHING, ("0.00", "0.00", "20.00", "0.00"), 7),
        ("b", "2026-03", NOTHING, ("10.00", "-4.00", "0.00", "0.00"), 8),
        (
            *(None, None),
            ("20.00", "12.00", "30.00", "0.00"),
            ("10.00", "-4.00", "20.00", "0.00"),
            None,
        ),
    ]
    options = (*EXCLUSIVE, "--where", "region=US", "--limit", "1", "-f", "json")
    rows = run("explain", "movements", data, "--kinds", *options).json["rows"]
    assert [row["account"] for row in rows] == ["b", "(1 more row)", None]
    done = run("explain", "nrr", data, "--kinds")
    assert done.exit_code == 2
    assert "RC170: 'nrr' is not told by kinds of expansion" in done.stderr


def test_trailing_rates_stand_beside(data):
    row = ask(data, *EXCLUSIVE, "--trailing", "1m")[-1]
    assert row["trailing_nrr"] == row["nrr"]
    assert row["cross_sell_mrr"] == "30.00"


def test_every_format(data, tmp_path):
    outputs = [tmp_path / f"out.{e}" for e in ("html", "xlsx", "parquet", "json", "csv", "md")]
    files = (word for path in outputs for word in ("-o", path))
    done = run("movements", data, "--kinds", *EXCLUSIVE, *files)
    assert done.exit_code == 0, done.stderr
    rows = list(csv.DictReader((tmp_path / "out.csv").read_text().splitlines()))
    assert told(rows[-1])[0] == ("0.00", "0.00", "30.00", "0.00")
    assert "Expansion: cross-sell" in (tmp_path / "out.md").read_text()


def random_lines(seed: int) -> list[Line]:
    """Some accounts with some of three products in some of eight months."""
    rng = random.Random(seed)
    made = [Line("steady", month, "A", 100, 1) for month in range(12 * 2024, 12 * 2024 + 8)]
    for number in range(rng.randint(1, 8)):
        for product in "ABC":
            if rng.random() < 0.4:
                continue
            quantity, price = rng.randint(1, 9), rng.randint(1, 9999)
            for month in range(12 * 2024, 12 * 2024 + 8):
                if rng.random() < 0.2:
                    continue
                quantity = rng.randint(1, 9) if rng.random() < 0.3 else quantity
                price = rng.randint(1, 9999) if rng.random() < 0.3 else price
                made.append(Line(f"a{number}", month, product, quantity * price, quantity))
    return made


def in_cents(row: dict, names: tuple[str, ...]) -> list[int]:
    return [int(Decimal(row[name]) * 100) for name in names]


@pytest.mark.parametrize("seed", range(30))
def test_random_books_equal_the_walk(tmp_path, seed):
    lines = random_lines(seed)
    path = tmp_path / "mrr.csv"
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(("account", "month", "mrr", "product", "quantity"))
        for one in lines:
            money = f"{one.cents // 100}.{one.cents % 100:02}"
            out.writerow((one.account, month_text(one.month), money, one.product, one.quantity))
    rows = ask(path, "--duplicates", "sum", "--quantity", "ignore")
    found = cells(lines)
    for month, row in zip(range(12 * 2024, 12 * 2024 + 8), rows, strict=True):
        grown, shrunk = kinds(found, month)
        assert in_cents(row, EXPANSION) == list(grown.values())
        assert in_cents(row, CONTRACTION) == list(shrunk.values())
        assert sum(grown.values()) == in_cents(row, ("expansion_mrr",))[0]
        assert sum(shrunk.values()) == in_cents(row, ("contraction_mrr",))[0]


@needs_shared
def test_ravenstack_by_plan_and_seats_equals_the_walk():
    """Its plan tiers as products and its seats as quantities, without the trials."""
    path = SHARED / "data" / "ravenstack" / "ravenstack_subscriptions.csv"
    lines = []
    for row in csv.DictReader(path.read_text().splitlines()):
        if row["is_trial"] == "True":
            continue
        start = date.fromisoformat(row["start_date"])
        end = date.fromisoformat(row["end_date"]) if row["end_date"] else date.max
        months = [m for m in range(month_of(start), 12 * 2024 + 12) if last_day(m) < end]
        cents, seats = int(row["mrr_amount"]) * 100, int(row["seats"])
        lines += [Line(row["account_id"], m, row["plan_tier"], cents, seats) for m in months]
    columns = ("--product-column", "plan_tier", "--quantity-column", "seats")
    rows = ask(path, *columns, "--as-of", "2024-12", "--window", "12m")
    found = cells(lines)
    for month, row in zip(range(12 * 2024, 12 * 2024 + 12), rows, strict=True):
        grown, shrunk = kinds(found, month)
        assert in_cents(row, EXPANSION) == list(grown.values())
        assert in_cents(row, CONTRACTION) == list(shrunk.values())

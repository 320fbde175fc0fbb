"""Inputs of other makers, by kind: what each is refused for, or read as."""

import gzip
import io
import json
import tarfile
import zlib
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from helpers import run

PANEL = "account_id,month,mrr\na,2026-01,1.00\na,2026-02,2.00\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "panel.csv").write_text(PANEL)
    return tmp_path


def arrow_file(folder: Path, **columns: object) -> Path:
    pa = pytest.importorskip("pyarrow")
    from pyarrow.parquet import write_table

    table = {"account_id": ["a", "a"], "month": ["2026-01", "2026-02"], "mrr": [1, 2]}
    write_table(pa.table({**table, **columns}), folder / "odd.parquet")
    return folder / "odd.parquet"


def test_bytes_that_are_no_text_are_refused_by_their_row(tmp_path: Path) -> None:
    done = run("nrr", arrow_file(tmp_path, account_id=[b"a\xc3\xa9", b"\xff\xfe"]))
    assert done.exit_code == 3 and "RC303" in done.stderr and "line 2" in done.stderr
    done = run("nrr", arrow_file(tmp_path, account_id=[b"a\xc3\xa9", b"a\xc3\xa9"]), "-f", "json")
    assert done.total["closing_mrr"] == "2.00"
    listed = arrow_file(tmp_path, picture=[b"\xff", b"\xfe"])
    done = run("nrr", "-", "--customers", listed, "--by", "plan", stdin=PANEL)
    assert done.exit_code == 2 and "RC150" in done.stderr
    assert run("nrr", listed, "-f", "json").total["closing_mrr"] == "2.00"


def test_durations_are_no_amounts_and_no_dates(tmp_path: Path) -> None:
    spans = [timedelta(days=1), timedelta(days=2)]
    for needed in ("mrr", "month", "account_id"):
        done = run("nrr", arrow_file(tmp_path, **{needed: spans}))
        assert done.exit_code == 3 and "RC323" in done.stderr
    assert "RC811" in run("nrr", arrow_file(tmp_path, age=spans)).stdout


def test_why_a_sound_parquet_file_cannot_be_read_is_said(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    from pyarrow.parquet import write_table

    stamp = pa.array([0, 1], pa.timestamp("us", "+05:30"))
    assert "time zone without a name" in run("nrr", arrow_file(tmp_path, at=stamp)).stderr
    wide = pa.array([Decimal(1), Decimal(2)], pa.decimal256(50, 2))
    assert "more than 38 digits" in run("nrr", arrow_file(tmp_path, mrr=wide)).stderr
    twice = pa.table([pa.array(["a"]), pa.array(["b"])], names=["account_id", "account_id"])
    write_table(twice, tmp_path / "twice.parquet")
    assert "RC312" in run("nrr", tmp_path / "twice.parquet").stderr


def test_a_starter_config_is_accepted_wherever_the_data_lies(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "panel.csv").write_text(PANEL)
    here = tmp_path / "here"
    here.mkdir()
    assert run("init", "../far/panel.csv", cwd=here).exit_code == 0
    assert "../far/panel.csv" in (here / "retcalc.yaml").read_text()
    assert run("nrr", "../far/panel.csv", "-f", "json", cwd=here).total["closing_mrr"] == "2.00"
    assert run("init", "-", "--force", stdin=PANEL, cwd=here).exit_code == 0
    assert run("nrr", "-", "-f", "json", stdin=PANEL, cwd=here).total["closing_mrr"] == "2.00"


def test_a_starter_config_names_every_file_and_any_header(tmp_path: Path) -> None:
    title = 'account "id"\\\n\u2028'
    quoted = '"' + title.replace('"', '""') + '"'
    for name, row in (("a b.csv", "a,2026-01,1.00"), ("c.csv", "a,2026-02,2.00")):
        (tmp_path / name).write_text(f"{quoted},month,mrr\n{row}\n")
    line = ("a b.csv", "c.csv", "--customer-column", title)
    assert run("init", *line, cwd=tmp_path).exit_code == 0
    total = run("nrr", "-f", "json", cwd=tmp_path).total
    assert (total["opening_mrr"], total["closing_mrr"]) == ("1.00", "2.00")


def test_standard_input_is_validated_as_a_file_is() -> None:
    done = run("validate", "-", "-f", "json", stdin=f"{PANEL}b,2026-02,x\n")
    assert done.exit_code == 3
    assert [(row["code"], row["line"]) for row in json.loads(done.stdout)["rows"]] == [("RC214", 4)]
    assert run("validate", "-", stdin=PANEL).exit_code == 0


@pytest.mark.parametrize("total", ["1/0", "1e99999999", "1/3", "nan", "", "٣", "1 000"])
def test_an_expected_total_is_a_plain_number(total: str, folder: Path) -> None:
    done = run("nrr", "panel.csv", "--expect-total", total, cwd=folder)
    assert done.exit_code == 2 and "RC175" in done.stderr


@pytest.mark.parametrize("total", ["3", "3.00", "+3.0"])
def test_an_expected_total_is_met_in_any_spelling(total: str, folder: Path) -> None:
    assert run("nrr", "panel.csv", "--expect-total", total, cwd=folder).exit_code == 0


def test_standard_input_is_one_file_and_read_once(tmp_path: Path) -> None:
    done = run("nrr", "-", "--customers", "-", stdin=PANEL, cwd=tmp_path)
    assert done.exit_code == 2 and "named twice" in done.stderr
    done = run("close", "lock", "2026-02", "-", "--locks", "locks", stdin=PANEL, cwd=tmp_path)
    assert done.exit_code == 0


def test_a_long_chain_of_renames_is_followed_at_once(folder: Path) -> None:
    chain = [f"n{i},n{i + 1}" for i in range(20_000)]
    (folder / "mergers.csv").write_text("\n".join(["from,to", *chain, "n20000,a"]) + "\n")
    (folder / "late.csv").write_text("account_id,month,mrr\nn7,2026-01,1\na,2026-02,2\n")
    done = run("nrr", "late.csv", "--mergers", "mergers.csv", "-f", "json", cwd=folder)
    assert done.total["nrr"] == 2.0
    (folder / "mergers.csv").write_text("\n".join(["from,to", *chain, "n20000,n3"]) + "\n")
    done = run("nrr", "late.csv", "--mergers", "mergers.csv", cwd=folder)
    assert done.exit_code == 3 and "n3 → n4 → n5 → n6 → n7 → n8 → … → n3" in done.stderr


def rated(folder: Path, amount: str, *rates: str) -> tuple[str, ...]:
    rows = [
        f"{n},2026-0{m},{v},{c}"
        for n, v, c in (("a", amount, "EUR"), ("b", "10", "USD"))
        for m in (1, 2)
    ]
    (folder / "two.csv").write_text("\n".join(["account_id,month,mrr,currency", *rows]) + "\n")
    lines = [f"2026-0{m},{rate}" for rate in rates for m in (1, 2)]
    (folder / "fx.csv").write_text("\n".join(["month,currency,rate", *lines]) + "\n")
    return ("movements", "two.csv", "--fx", "fx.csv", "--currency", "USD")


def test_products_beyond_128_bits_are_refused(folder: Path) -> None:
    """Ten to the 21st units times ten to the 18th wrapped and became a negative amount."""
    line = rated(folder, "9999999999999.12345678", "EUR,999999999.123456789")
    done = run(*line, cwd=folder)
    assert done.exit_code == 3 and "RC217" in done.stderr
    done = run(*rated(folder, "9999999999999.12345678", "EUR,1000"), "-f", "json", cwd=folder)
    assert done.json["rows"][-1]["closing_mrr"] == "9999999999999133.45678"


def test_rates_of_another_currency_are_refused(folder: Path) -> None:
    """A file of values in EUR says what a dollar is worth; the report is in USD."""
    done = run(*rated(folder, "100", "EUR,1", "USD,0.9"), cwd=folder)
    assert done.exit_code == 3 and "one USD is worth 0.9 USD" in done.stderr
    done = run(*rated(folder, "100", "EUR,1.1", "USD,1.0"), "-f", "json", cwd=folder)
    assert done.json["rows"][-1]["closing_mrr"] == "120.00"


def test_a_log_of_changes_is_not_taken_for_a_panel(tmp_path: Path) -> None:
    rows = ("a,2024-01-31,new,10", "a,2024-02-28,Upgrade,5", "b,2024-02-28,new,7")
    rows = (*rows, "b,2024-03-31,churn,7", "a,2024-03-31,add on,1", "a,2024-04-30,new,0")
    (tmp_path / "log.csv").write_text("\n".join(["account,date,type,amount", *rows]) + "\n")
    done = run("movements", "log.csv", cwd=tmp_path)
    assert done.exit_code == 3 and "RC249" in done.stderr
    done = run("movements", "log.csv", "--shape", "movements", "-f", "json", cwd=tmp_path)
    assert [r["closing_mrr"] for r in done.json["rows"]] == ["10.00", "22.00", "16.00", "16.00"]
    plans = (tmp_path / "log.csv").read_text().replace("new", "Pro").replace("churn", "Basic")
    (tmp_path / "plans.csv").write_text(plans)
    assert run("movements", "plans.csv", cwd=tmp_path).exit_code == 0
    levels = (tmp_path / "log.csv").read_text().replace("amount", "mrr")
    (tmp_path / "levels.csv").write_text(levels)
    assert run("movements", "levels.csv", cwd=tmp_path).exit_code == 0


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("gzip twice", "compressed twice"),
        ("zlib", "compressed with zlib"),
        ("tar", "a tar archive"),
        ("tar.gz", "a tar archive"),
        ("crcrlf", "RC306"),
    ],
)
def test_other_wrappings_are_named(kind: str, words: str, tmp_path: Path) -> None:
    data = PANEL.encode()
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        entry = tarfile.TarInfo("panel.csv")
        entry.size = len(data)
        tar.addfile(entry, io.BytesIO(data))
    made = {
        "gzip twice": gzip.compress(gzip.compress(data)),
        "zlib": zlib.compress(data),
        "tar": archive.getvalue(),
        "tar.gz": gzip.compress(archive.getvalue()),
        "crcrlf": data.replace(b"\n", b"\r\r\n"),
    }
    (tmp_path / "odd.csv").write_bytes(made[kind])
    done = run("nrr", "odd.csv", cwd=tmp_path)
    assert done.exit_code == 3 and words in done.stderr

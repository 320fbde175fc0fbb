"""The meaning of single values: YAML's traps stay text, numbers stay exact."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from helpers import ROOT
from retcalc.config.load import parse
from retcalc.config.model.config import Config
from retcalc.core.findings import RetcalcError
from retcalc.core.months import parse_month


def config(text: str) -> Config:
    return parse("retcalc.yaml", text.encode(), Config)


def problem(text: str) -> str:
    with pytest.raises(RetcalcError) as caught:
        config(text)
    (finding,) = caught.value.findings
    return f"{finding.code} {finding.message}"


@pytest.mark.parametrize(
    "word",
    ["NO", "on", "yes", "0123", "1e3", "1:30", "2024-13-01", "0x10", "1_000", ".inf", "=", "007"],
)
def test_text_stays_as_it_is_written(word: str) -> None:
    read = config(
        f"columns: {{mrr: {word}}}\nchecks: [{{metric: nrr, min: 1, where: {{a: {word}}}}}]"
    )
    assert read.columns.mrr == word
    assert read.checks[0].where == {"a": (word,)}


@pytest.mark.parametrize("word", ["null", "~", "Null", "NULL", ""])
def test_null_is_not_set_and_quoted_null_is_text(word: str) -> None:
    assert config(f"columns: {{mrr: {word}}}").columns.mrr is None
    if word:
        assert config(f"columns: {{mrr: '{word}'}}").columns.mrr == word


def test_a_condition_without_a_value_is_never_dropped() -> None:
    assert "where.plan is empty" in problem("checks: [{metric: nrr, min: 1, where: {plan: }}]")
    assert "where.plan is empty" in problem("checks: [{metric: nrr, min: 1, where: {plan: []}}]")


def test_an_unknown_key_without_a_value_is_unknown_too() -> None:
    assert problem("grace:") == 'RC110 unknown key "grace"'


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("123456.78", "123456.78"),
        ('"123456.78"', "123456.78"),
        ("0.1", "0.1"),
        ("-5", "-5"),
        ("+1.00", "1.00"),
        ("0123", "123"),
        ("123456789012345.123456789012", "123456789012345.123456789012"),
    ],
)
def test_numbers_are_exact_decimals(text: str, value: str) -> None:
    equals = config(f"checks: [{{metric: closing_mrr, equals: {text}}}]").checks[0].equals
    assert isinstance(equals, Decimal)
    assert str(equals) == value


@pytest.mark.parametrize(
    "text",
    [
        "1e3",
        ".5",
        "5.",
        "1_000",
        "0x10",
        "1:30",
        "78%",
        "'1,5'",
        "nan",
        ".inf",
        "NO",
        "'1 '",
        "١",
        "1" * 16,
    ],
)
def test_other_spellings_of_numbers_are_refused(text: str) -> None:
    assert "is not a plain number" in problem(f"checks: [{{metric: nrr, min: {text}}}]")


@pytest.mark.parametrize("text", ["013", "1.0", "1e1", "+1", "0x1", "true", "' 1'", "one"])
def test_counts_are_written_plainly(text: str) -> None:
    assert "is not a whole number" in problem(f"min_group: {text}")


@pytest.mark.parametrize("text", ["NO", "yes", "on", "1", "y"])
def test_flags_are_true_or_false(text: str) -> None:
    assert "neither true nor false" in problem(f"reactivation_in_nrr: {text}")
    assert config("reactivation_in_nrr: True").reactivation_in_nrr is True
    assert config("reactivation_in_nrr: false").reactivation_in_nrr is False


def test_months_are_month_indexes() -> None:
    assert config("as_of: 2026-10").as_of == parse_month("2026-10") == 2026 * 12 + 9
    for text in ("2026-13", "2026-1", "202610", "2026-10-31", "0202-01", "2204-01"):
        assert "is not a month" in problem(f"as_of: {text}")


def test_windows() -> None:
    assert [config(f"window: {w}").window for w in ("12m", "1Y", "FYTD")] == ["12m", "1y", "fytd"]
    for text in ("12", "0m", "12w", "ltm", "1000m"):
        assert "is not a window" in problem(f"window: {text}")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("calendar: {fiscal_year_start: 13}", "calendar.fiscal_year_start is above 12"),
        ("calendar: {fiscal_year_start: 0}", "calendar.fiscal_year_start is below 1"),
        ("clv: {gross_margin: 78}", "clv.gross_margin is above 1"),
        ("cac: {lag: -1}", "cac.lag is below 0"),
        ("min_group: -1", "min_group is below 0"),
        ("health: {threshold: 50}", 'unknown key "health"'),
        ("sources: {signals: usage.csv}", 'unknown key "signals" in sources'),
        ("columns: {first_value: onboarded}", 'unknown key "first_value" in columns'),
        ("columns: {nps: score}", 'unknown key "nps" in columns'),
        ("calendar: {month_close: last_day}", 'unknown key "month_close" in calendar'),
        ("segments: {size: {from: mrr, bands: [5, 5]}}", "segments.size has bands that do not"),
        ("segments: {size: {from: mrr, bands: []}}", "segments.size.bands is empty"),
        ("tenure: {boundaries: [90, 30]}", "tenure has boundaries that do not ascend"),
        ("amounts: {thousands: .}", "amounts uses one mark for decimals and thousands"),
        ("amounts: {decimal: ',', thousands: ','}", "amounts uses one mark"),
        ("amounts: {thousands: x}", "amounts.thousands is not one of"),
        ("currency: {policy: monthly, at: 2026-10}", "currency has a month of the constant rate"),
        ("currency: {report: usd}", "currency.report is not a currency code"),
        ("dates: {timezone: ../etc}", "dates.timezone is not a time zone"),
        ("dates: {timezone: Europe}", "dates.timezone is not a time zone"),
        ("dates: {format: dmy}", "dates.format is neither iso, excel nor"),
        ("targets: {a: {to: 1, from: 2}}", "targets.a is a glide path, which needs"),
        ("targets: {a: {to: 1, from: 2, start: 2026-10, by: 2026-10}}", "targets.a starts after"),
        ("checks: [{metric: nrr, window: 12m}]", "checks[1] has no limit"),
        ("checks: [{metric: nrr, min: 2, max: 1}]", "checks[1] has a min above its max"),
        ("checks: [{metric: nrr, min: 1, tolerance: 1}]", "checks[1] has a tolerance, but no"),
        ("checks: [{metric: '', min: 1}]", "checks[1].metric is empty"),
        ("sources: {mrr: {a: b}}", "sources.mrr is neither a text nor a list of texts"),
        ("sources: {customers: [a]}", "sources.customers is not a text"),
        ("columns: [a]", "columns is not a group of keys"),
        ("targets: [a]", "targets is not a group of keys"),
        ("min_group: {a: 1}", "min_group is not a whole number"),
        ("missing_month: drop", "missing_month is not one of 'zero', 'refuse' or 'carry'"),
    ],
)
def test_what_does_not_fit_is_said_in_words(text: str, said: str) -> None:
    assert said in problem(text)


def test_short_forms() -> None:
    read = config("account: parent_id\ntargets: {clv_cac: 3.0}\nsources: {mrr: a.csv}")
    assert (read.account.column, read.account.mergers) == ("parent_id", None)
    assert (read.targets["clv_cac"].to, read.targets["clv_cac"].from_) == (Decimal("3.0"), None)
    assert read.sources.mrr == ("a.csv",)
    check = config("checks: [{metric: nrr, min: 1, where: {plan: [A, B]}, by: plan}]").checks[0]
    assert (check.where, check.by) == ({"plan": ("A", "B")}, ("plan",))


def test_documented_defaults() -> None:
    read = Config()
    assert read.shape == "auto"
    assert read.definition == "default"
    assert read.min_group == 10
    assert read.missing_month == "zero"
    assert read.segments.as_of == "opening"
    assert read.calendar.fiscal_year_start == 1
    assert read.amounts.negative == "refuse"
    assert read.tenure.boundaries == (30, 90, 180)
    assert read.checks == ()


def test_a_config_is_frozen() -> None:
    with pytest.raises(ValidationError):
        Config().min_group = 3  # type: ignore[misc]


def test_money_is_never_a_float() -> None:
    with pytest.raises(ValidationError):
        Config.model_validate({"checks": [{"metric": "closing_mrr", "equals": 0.1}]})


def test_the_example_loads(tmp_path: Path) -> None:
    example = ROOT / "configs" / "retcalc.example.yaml"
    read = parse(str(tmp_path / "retcalc.yaml"), example.read_bytes(), Config)
    assert read.sources.mrr == (str(tmp_path / "exports/mrr.parquet"),)
    assert [c.metric for c in read.checks] == ["nrr", "logo_churn", "closing_mrr", "forecast_mrr"]
    assert read.checks[2].equals == Decimal("123456.78")
    smb = read.targets["smb_churn"]
    assert (smb.from_, smb.to, smb.where) == (
        Decimal("0.18"),
        Decimal("0.12"),
        {"segment": ("SMB",)},
    )
    assert read.segments.size is not None
    assert read.segments.size.bands == (Decimal(0), Decimal(500), Decimal(5000))

"""Which rows count, and how: words of a status, kinds of a log, ids that look alike, no rows."""

from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest

from book.books import book, book_of, mrr_of, write
from retcalc.book.columns.column_names import candidates, is_named, mark, normalise, unmark
from retcalc.book.values.subscription_status import classify
from retcalc.cli.options import Options
from retcalc.core.findings import RetcalcError


def refused(folder: Path, text: str, **options: object):
    with pytest.raises(RetcalcError) as error:
        book(folder, text.replace("|", "\n"), **options)
    return [f for f in error.value.findings if f.is_error]


NOTHING = {
    "trials only": ("account,start,end,mrr,status|a,2024-01-01,,1,trial", "{} has no revenue"),
    "invoices without days": (
        "account,amount,period_start,period_end|a,1,,|b,2,,", "{} has no dated rows",
    ),
    "invoices of nothing": (
        "account,amount,period_start,period_end|a,0,2024-01-31,2024-02-29",
        "{} has no line with a service period",
    ),
    "an empty sheet": ("account,2024-01,2024-02|a,,-|b,–,", "{} has no amount in any month"),
}  # fmt: skip


@pytest.mark.parametrize("name", NOTHING)
def test_files_that_hold_no_revenue(name, tmp_path):
    text, message = NOTHING[name]
    (told,) = refused(tmp_path, text)
    assert (told.code, told.message) == ("RC203", message.format(tmp_path / "data.csv"))


KINDS = "account,date,type,amount|"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("new churn", "churn, new"),
        ("new Upgrade churn contraction", "churn, contraction, new, upgrade"),
        ("new upgrade churn contraction downsell", "churn, contraction, downsell, new"),
        ("new churn x y", "churn, new"),
        ("new churn x y z", None),
        ("new new x", None),
        ("card transfer", None),
    ],
)
def test_amounts_beside_kinds_may_be_changes(tmp_path, words, told):
    """Two kinds of change or more, and half of all words: that is a question."""
    rows = [f"a{i},2024-01-31,{word},1" for i, word in enumerate(words.split())]
    text = KINDS + "|".join(rows)
    if told is None:
        assert set(mrr_of(book(tmp_path, text.replace("|", "\n")))) == {
            f"a{i}" for i in range(len(rows))
        }
        return
    (error,) = refused(tmp_path, text)
    assert (error.code, error.value) == ("RC249", f"type tells of {told}")


@pytest.mark.parametrize("shape", ["long", "movements"])
def test_the_shape_that_is_named_settles_it(tmp_path, shape):
    """As changes 5 and 2 less are 3 in February; as MRR they are 5 and then 2."""
    text = "account,date,type,amount\na,2024-01-31,new,5\na,2024-02-29,contraction,2\n"
    found = mrr_of(book(tmp_path, text, f"shape: {shape}"))
    assert found == {"a": {"2024-01": 5, "2024-02": 3 if shape == "movements" else 2}}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("new,10|churn,-4|other,-1", {"2024-01": 10, "2024-02": 6, "2024-03": 5}),
        ("new,10|churn,4|up-sell,1", {"2024-01": 10, "2024-02": 6, "2024-03": 7}),
        ("new,10|Expansion,0.5|increase,1", {"2024-01": 10, "2024-02": "10.5", "2024-03": "11.5"}),
        ("new,10|new biz,2|DOWN-SELL,1", {"2024-01": 10, "2024-02": 12, "2024-03": 11}),
        ("new,10|churn,0|other,-1", {"2024-01": 10, "2024-02": 10, "2024-03": 9}),
    ],
)
def test_signs_of_changes(tmp_path, rows, expected):
    """Where one amount has a sign, all have theirs; else the kinds that are known tell it."""
    lines = [f"a,2024-0{m}-28,{row}" for m, row in enumerate(rows.split("|"), 1)]
    lines.append("z,2024-03-31,new,0")
    text = "\n".join(["account,date,movement_type,mrr", *lines])
    there = {month: Fraction(amount) for month, amount in expected.items()}
    assert mrr_of(book(tmp_path, text))["a"] == there


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        ("Caf\u00e9", "Cafe\u0301", "RC834"),
        ("Caf\u00e9", "CAF\u00c9", "RC834"),
        ("acme", "ac\u200bme", "RC834"),
        ("acme", "ac\u00adme", "RC834"),
        ("\uff21cme", "Acme", "RC834"),
        ("acme", "ACME", "RC834"),
        ("12", "0012", "RC835"),
        ("acme", "acne", None),
        ("10", "1", None),
    ],
)
def test_ids_that_look_alike_are_kept_apart(tmp_path, one, other, code):
    made = book(tmp_path, f"account,month,mrr\n{one},2024-01,1\n{other},2024-01,2\nx,2024-01,1\n")
    assert len(made.accounts) == 3
    told = {n.code: n.message for n in made.notes if n.code in ("RC834", "RC835")}
    assert list(told) == ([] if code is None else [code])
    for text in told.values():
        assert text.startswith("ids that are the same") and text.count(" and ") == 1


def test_places_are_told_file_by_file(tmp_path):
    header = "account,month,mrr\n"
    texts = ("a,2024-01,x\nb,2024-01,1\nc,2024-01,y\n", "d,2024-01,1\ne,2024-01,z\n")
    paths = [write(tmp_path, header + text, f"{i}.csv") for i, text in enumerate(texts)]
    with pytest.raises(RetcalcError) as error:
        book_of(Options(data=paths))
    (told,) = error.value.findings
    spots = [(s.file, s.line, s.value) for s in told.spots]
    assert spots == [(paths[0], 2, "x"), (paths[0], 4, "y"), (paths[1], 3, "z")]


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("", "live"),
        ("  ", "live"),
        (None, "live"),
        ("Active", "live"),
        ("in-trial", "none"),
        (" Past Due ", "past_due"),
        ("On Hold", "paused"),
        ("CANCELLED", "ended"),
        ("golden", "unknown"),
    ],
)
def test_words_of_a_status(word, kind):
    assert classify(pl.Series([word], dtype=pl.String)).to_list() == [kind]


@pytest.mark.parametrize(
    ("header", "folded"),
    [
        ("Account ID", "account_id"),
        ("accountId", "account_id"),
        ("AccountID", "account_id"),
        ("customerid", "customer_id"),
        ("paid", "paid"),
        ("Start (UTC)", "start"),
        ("Start (gmt) ", "start"),
        ("  MRR $ ", "mrr"),
        ("plan-name", "plan_name"),
        ("mrrUSD", "mrr_usd"),
    ],
)
def test_headers_are_folded(header, folded):
    assert normalise(header) == folded


def test_the_strongest_names_of_a_role_win():
    header = ["Email", "Company", "Account ID", "customer_id", "name"]
    assert candidates("customer", header) == ["Account ID", "customer_id"]
    assert candidates("customer", header[:2]) == ["Company"]
    assert candidates("customer", header[:1]) == ["Email"]
    assert candidates("customer", ["x"]) == []
    assert is_named("MRR", (("arr",), ("mrr",))) and not is_named("x", (("arr",), ("mrr",)))
    assert unmark(mark("plan")) == unmark("plan") == "plan"


CHURN = (
    "account,start,end,mrr,canceled_at,current_period_end|a,2024-01-01,2024-03-15,1,2024-02-10,"
    "2024-03-31|b,2024-01-01,,1,2024-02-10,2024-04-30|c,2024-01-01,2024-02-15,1,,"
    "|d,2024-04-30,,1,,2024-05-31|e,2024-01-31,,1,,2024-02-28"
)


@pytest.mark.parametrize(
    ("rule", "last"),
    [
        ("end", {"a": 2, "b": 4, "c": 1, "d": 4, "e": 4}),
        ("cancelled", {"a": 1, "b": 1, "c": 1, "d": 4, "e": 4}),
        ("end_of_paid_period", {"a": 2, "b": 3, "c": 1, "d": 4, "e": 4}),
    ],
)
def test_the_day_that_ends_a_subscription(tmp_path, rule, last):
    """Written end, else the day of cancelling, or the end of what was paid once cancelled."""
    made = book(tmp_path, CHURN.replace("|", "\n"), f"billing: {{churn_date: {rule}}}")
    assert {who: int(max(row)[5:]) for who, row in mrr_of(made).items()} == last


@pytest.mark.parametrize(
    ("rule", "role", "fix"),
    [
        ("cancelled", "cancelled", "columns: {cancelled: COLUMN}"),
        ("end_of_paid_period", "paid_until", "columns: {paid_until: COLUMN}"),
    ],
)
def test_the_day_needs_its_column(tmp_path, rule, role, fix):
    text = "account,start,end,mrr|a,2024-01-31,,1"
    (told,) = refused(tmp_path, text, config=f"billing: {{churn_date: {rule}}}")
    assert (told.code, told.message) == ("RC208", f"--churn-date {rule} needs a column")
    assert told.value == f"no column of {tmp_path}/data.csv is recognised as {role}"
    assert told.fix == f"--churn-date end   or in retcalc.yaml  {fix}"


@pytest.mark.parametrize(
    ("shape", "text", "starts", "later"),
    [
        ("long", "account,month,mrr|a,2024-01,1", False, False),
        ("wide", "account,2024-01,2024-02|a,1,1", False, False),
        ("intervals", "account,start,end,mrr|a,2024-01-31,,1", True, True),
        ("invoices", "account,amount,period_start,period_end|a,1,2024-01-31,2024-02-28", 0, 0),
        ("movements", "date,account,mrr_change|2024-01-31,a,1", False, True),
        ("snapshot", "account,tenure,churn|a,1,no", True, True),
    ],
)
def test_what_a_shape_knows(tmp_path, shape, text, starts, later):
    """Whether its rows say when an account began, and whether it can be read at a later month."""
    made = book(tmp_path, text.replace("|", "\n"))
    assert (made.shape, made.starts_known, made.open_ended) == (shape, bool(starts), bool(later))
    assert made.revenue == (shape != "snapshot")


def test_terms_that_are_over_of_rows_that_are_active(tmp_path):
    """Up to the latest start the export shows; what is over later, or ended, stays so."""
    header = "account_code,plan_code,state,total_recurring_amount,activated_at,expired_at"
    rows = [
        "a,p,active,1.00,2024-01-31,2024-03-31",
        "b,p,active,1.00,2024-01-31,2024-04-01",
        "c,p,expired,1.00,2024-01-31,2024-02-29",
        "d,p,past_due,1.00,2024-01-31,2024-02-29",
        "e,p,active,1.00,2024-03-31,",
    ]
    made = book(tmp_path, "\n".join([header, *rows]), as_of="2024-04")
    last = {who: int(max(row)[5:]) for who, row in mrr_of(made).items()}
    assert last == {"a": 4, "b": 3, "c": 1, "d": 4, "e": 4}
    (note,) = [n for n in made.notes if n.code == "RC818"]
    assert [s.line for s in note.spots] == [2, 5]


def test_look_alikes_are_those_of_the_ids_that_count(tmp_path):
    """After white space is cut, and without the rows that are left out."""
    rows = "account,month,mrr\n Acme,2024-01,1\nacme,2024-01,2\nTotal,2024-01,3\ntotal,2024-01,3\n"
    made = book(tmp_path, rows, drop_total_rows=True)
    (note,) = [n for n in made.notes if n.code == "RC834"]
    assert note.message.endswith("kept apart: 'Acme' and 'acme'")

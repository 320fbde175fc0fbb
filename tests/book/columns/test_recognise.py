"""What headers alone tell: the shape, the columns of its roles, and what must be asked."""

import pytest

from retcalc.book.columns.columns_to_read import Headers, named_columns
from retcalc.book.columns.recognise import accepts, recognise
from retcalc.book.rules import BookRules, Condition, Question, SizeBands
from retcalc.core.findings import RetcalcError

TOLD = {
    "a panel": ("account month mrr", {}, "auto", "long", "customer=account month=month mrr=mrr"),
    "a sheet": ("account 2024-01 2024-02", {}, "auto", "wide", "customer=account"),
    "a sheet without a known id": ("Wer Wo 2024-01 2024-02", {}, "auto", "wide", "customer=Wer"),
    "one month is no sheet": (
        "account month mrr 2024-01", {}, "auto", "long", "customer=account month=month mrr=mrr",
    ),
    "a panel with months": (
        "account month mrr 2024-01 2024-02", {}, "auto", "long",
        "customer=account month=month mrr=mrr",
    ),
    "a start by name": (
        "account month since mrr", {"start": "since"}, "auto", "intervals",
        "customer=account start=since mrr=mrr",
    ),
    "a month by name": (
        "account start end when mrr", {"month": "when"}, "auto", "long",
        "customer=account month=when mrr=mrr",
    ),
    "a month beside a start": (
        "account month start_date mrr", {}, "auto", "long", "customer=account month=month mrr=mrr",
    ),
    "a date beside a start": (
        "account date start_date end_date mrr", {}, "auto", "intervals",
        "customer=account start=start_date mrr=mrr end=end_date",
    ),
    "a date beside the day of creation": (
        "account date created_at mrr", {}, "auto", "long", "customer=account month=date mrr=mrr",
    ),
    "changes": (
        "account date mrr_change", {}, "auto", "movements",
        "customer=account month=date change=mrr_change",
    ),
    "amounts with a kind": (
        "account date movement_type mrr", {}, "auto", "movements",
        "customer=account month=date change=mrr movement=movement_type",
    ),
    "periods": (
        "account amount period_start period_end", {}, "auto", "invoices",
        "customer=account start=period_start mrr=amount end=period_end",
    ),
    "invoices with their dates": (
        "account invoice_id start end amount", {}, "auto", "invoices",
        "customer=account start=start mrr=amount end=end",
    ),
    "total values": (
        "account start tcv term", {}, "auto", "invoices",
        "customer=account start=start mrr=tcv term=term",
    ),
    "a snapshot": (
        "account tenure churn", {}, "auto", "snapshot", "customer=account tenure=tenure churned="
        "churn",
    ),
    "a tenure beside months": (
        "account month mrr tenure churn", {}, "auto", "long",
        "customer=account month=month mrr=mrr",
    ),
    "a quantity of unit prices": (
        "account start end unit_price quantity", {}, "auto", "intervals",
        "customer=account start=start mrr=unit_price end=end quantity=quantity",
    ),
    "a quantity of amounts": (
        "account start end mrr quantity", {}, "auto", "intervals",
        "customer=account start=start mrr=mrr end=end",
    ),
    "a quantity that was named": (
        "account start end mrr quantity", {"quantity": "quantity"}, "auto", "intervals",
        "customer=account start=start mrr=mrr end=end quantity=quantity",
    ),
    "a known export": (
        "customer_uuid date type activity_mrr_movement activity_mrr", {}, "auto", "movements",
        "customer=customer_uuid month=date change=activity_mrr_movement running=activity_mrr "
        "movement=type",
    ),
    "a known export with an amount by name": (
        "customer_uuid date type activity_mrr_movement net", {"mrr": "net"}, "auto", "movements",
        "customer=customer_uuid month=date change=net movement=type",
    ),
    "a known export of another shape": (
        "customer_uuid date type activity_mrr_movement mrr", {}, "long", "long",
        "customer=customer_uuid month=date mrr=mrr kind=type",
    ),
    "a known list whose columns were named": (
        "id subscriber_since status mrr", {"customer": "id", "start": "subscriber_since"}, "auto",
        "intervals", "customer=id start=subscriber_since mrr=mrr status=status",
    ),
    "words that are no role": (
        "account month mrr", {"nonsense": "mrr"}, "auto", "long",
        "customer=account month=month mrr=mrr",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TOLD)
def test_shapes_and_roles(name):
    header, given, shape, expected, roles = TOLD[name]
    found = recognise(header.split(), given, shape, "f.csv")
    assert found.shape == expected
    assert found.columns == dict(pair.split("=") for pair in roles.split())


REFUSED = {
    "two ids": (
        "account_id customer_id month mrr", {}, "auto",
        ("RC201", "customer", "in f.csv: account_id, customer_id",
         "--customer-column account_id   or  --customer-column customer_id"),
    ),
    "two changes": (
        "account date mrr_change mrr_diff", {}, "auto",
        ("RC201", "change", "in f.csv: mrr_change, mrr_diff",
         'in retcalc.yaml  columns: {change: "mrr_change"}'),
    ),
    "no amount": (
        "account month blah", {}, "payments",
        ("RC202", None, "the columns are: account, month, blah",
         "export the amounts too, or the days on which accounts left"),
    ),
    "no flag": (
        "account tenure", {}, "snapshot",
        ("RC202", None, "the columns are: account, tenure",
         "export who left too, as yes or no"),
    ),
    "nobody in a known export": (
        "date type activity_mrr_movement", {}, "auto",
        ("RC202", None, "the columns are: date, type, activity_mrr_movement",
         "export the id of the account of each row too"),
    ),
    "one column twice": (
        "account month mrr", {"customer": "mrr", "mrr": "mrr"}, "auto",
        ("RC210", "mrr", '"mrr" of f.csv is named as customer and mrr',
         "name another column for one of them"),
    ),
    "a column that is not there": (
        "account month mrr", {"customer": "acount"}, "auto",
        ("RC150", None, "the columns are: account, month, mrr",
         "did you mean 'account'? name an existing column with --customer-column"),
    ),
    "a column like no other": (
        "account month mrr", {"tax": "zzz"}, "auto",
        ("RC150", None, "the columns are: account, month, mrr",
         "name an existing column with columns.tax"),
    ),
    "invoices of one day": (
        "account created_at amount due_date invoice_id paid_at amount_due", {}, "auto",
        ("RC206", None,
         "f.csv looks like invoices (due_date, invoice_id, paid_at) without service periods",
         "--shape payments   counts each in its month; else export the periods of the lines"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_questions(name):
    header, given, shape, expected = REFUSED[name]
    with pytest.raises(RetcalcError) as error:
        recognise(header.split(), given, shape, "f.csv")
    (told,) = error.value.findings
    assert (told.code, told.header, told.value, told.fix) == expected


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        ("account month mrr", True),
        ("account month", False),
        ("account start mrr", True),
        ("account period_start amount", True),
        ("account 2024-01 2024-02", True),
        ("2024-01 2024-02", False),
        ("account 2024-01", False),
        ("account 01/02/2024 02/03/2024", True),
        ("account tenure churn", True),
        ("customer_since status mrr", True),
        ("one two three", False),
    ],
)
def test_which_rows_look_like_a_header(header, accepted):
    assert accepts(header.split()) is accepted


HEADER = ["account", "month", "mrr", "Plan", "seats", "owner", "currency"]
ASKED = {
    "by": ("Plan",),
    "where": (Condition("owner", "=", ("x",)), Condition("currency", "=", ("EUR",))),
    "size": SizeBands("seats", ("10",)),
}


@pytest.mark.parametrize(
    ("header", "rules", "used", "coded"),
    [
        (HEADER, {}, "account month mrr currency", "account"),
        (HEADER, {"by": ("plan",)}, "account month mrr currency Plan", "account Plan"),
        (
            HEADER,
            ASKED,
            "account month mrr currency Plan owner seats",
            "account Plan owner seats",
        ),
        (HEADER, {"parent": "owner"}, "account month mrr currency owner", "account owner"),
        (HEADER, {"by": ("elsewhere",)}, "account month mrr currency", "account"),
        (["account", "2024-01", "2024-02", "x"], {}, "account 2024-01 2024-02", "account"),
        (
            ["account", "2024-01", "2024-02", "x"],
            {"by": ("x", "2024-01")},
            "account 2024-01 2024-02 x",
            "account x",
        ),
        (["one", "two"], {"by": ("one",)}, None, None),
    ],
)
def test_columns_that_a_run_looks_at(header, rules, used, coded):
    """Amounts, months and currencies are read; ids and segments are only told apart."""
    asked = {name: value for name, value in rules.items() if name in ("by", "where")}
    question = Question(**asked)
    rules = BookRules(**{n: value for n, value in rules.items() if n not in asked})
    there = [None if names is None else sorted(names.split()) for names in (used, coded)]
    plan = Headers(rules, named_columns(rules, question.columns), "f.csv").plan(header)
    found = [plan.columns, plan.codes if plan.fits else None]
    assert [None if names is None else sorted(names) for names in found] == there

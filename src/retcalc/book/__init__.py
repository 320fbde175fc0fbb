"""From text to the canonical tables: accounts, months and exact money.

An ``Export`` is open: its files are read, and no question is in it. ``build_book`` answers a
``Question`` from it, without reading anything. May import ``read`` and the leaf modules; knows
nothing of metrics or output.
"""

from retcalc.book.book import Book, build_book, constant_currency
from retcalc.book.ledger.export import Export
from retcalc.book.rules import BookRules, Condition, Question
from retcalc.book.shapes.common.active_months import account_months

__all__ = [
    "Book",
    "BookRules",
    "Condition",
    "Export",
    "Question",
    "account_months",
    "build_book",
    "constant_currency",
]

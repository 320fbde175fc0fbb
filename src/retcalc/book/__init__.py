"""From text to the canonical tables: accounts, months and exact money.

May import ``read`` and the leaf modules; knows nothing of metrics or output.
"""

from retcalc.book.book import Book, build_book, restated
from retcalc.book.rules import BookRules, Condition

__all__ = ["Book", "BookRules", "Condition", "build_book", "restated"]

"""Money as finance writes it: currency signs, brackets for negative amounts, a dash for zero."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from retcalc.book.rules import AmountRules

_BLANK = " \t\u00a0\u2007\u2009\u202f"
_MINUS = "-−–—"
_SIGN = r"(?:[A-Z]{3}|[A-Z]{0,3}\$|[€£¥₹₽₩₪₫₱฿₴₺₦]|kr\.?|zł|Kč|Fr\.)"
_WRITTEN = (  # compiled on first use, as most files have no such amounts
    rf"(?:{_SIGN})?(?P<open>\()?(?P<minus>[{_MINUS}])?(?:{_SIGN})?(?P<inner>[{_MINUS}])?(?:{_SIGN})?"
    rf"(?P<number>[+]?[0-9][0-9.,'’_]*)?(?:{_SIGN})?(?P<after>[{_MINUS}])?(?:{_SIGN})?(?P<close>\))?(?:{_SIGN})?"
)
_GROUPED = rf"[0-9]{{1,3}}(?:[{_BLANK}'’_][0-9]{{3}})+(?![0-9])"


def bare_number(text: str) -> str | None:
    """The sign, digits and marks of an amount; 0 for a dash, None where it is no amount."""
    text = re.sub(_GROUPED, lambda found: re.sub(r"[^0-9]", "", found[0]), text.strip(_BLANK))
    if re.search(rf"[0-9][{_BLANK}]+[0-9]", text):
        return None
    found = re.fullmatch(_WRITTEN, re.sub(rf"[{_BLANK}]", "", text))
    if found is None or bool(found["open"]) != bool(found["close"]):
        return None
    signs = [found[name] for name in ("open", "minus", "inner", "after") if found[name]]
    if not found["number"]:
        return "0" if any(sign in _MINUS for sign in signs) else None
    if len(signs) > 1:
        return None
    return ("-" if signs else "") + found["number"].lstrip("+")


def is_dressed(text: str) -> bool:
    """True for an amount that only this style reads: with a sign of money, brackets or a dash."""
    bare = bare_number(text)
    return bare is not None and bare.lstrip("-") != text.strip(_BLANK).lstrip("+-")


def marks(texts: Iterable[str], rules: AmountRules) -> AmountRules:
    """The same rules with the marks that the amounts of a sheet themselves prove.

    Nothing is settled where no amount proves them, or where two prove different ones.
    """
    if rules.decimal is not None or rules.thousands is not None:
        return rules
    proofs = set()
    for text in texts:
        number = (bare_number(text) or "").lstrip("-")
        last = max(number.rfind("."), number.rfind(","))
        if last < 0:
            continue
        mark, other = number[last], "." if number[last] == "," else ","
        whole = number.count(mark) > 1  # 1.234.567 groups thousands
        if not whole and other not in number and len(number) - last == 4 and number[0] != "0":
            continue  # 1,234 can be read in two ways
        proofs.add(other if whole else mark)
    if len(proofs) != 1:
        return rules
    decimal = proofs.pop()
    return replace(rules, decimal=decimal, thousands="," if decimal == "." else ".")

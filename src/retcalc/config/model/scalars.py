"""How single values of the config are written: numbers, months, windows, paths.

Every scalar of the file arrives as text. A type here turns the text into a value or raises a
PydanticCustomError whose message continues "the key …".
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from retcalc.config.definitions.names import is_file_name, profile_names
from retcalc.core.months import parse_month

_NUMBER = r"[+-]?[0-9]{1,15}(\.[0-9]{1,12})?"
_WHOLE = r"-?(0|[1-9][0-9]{0,8})"
_DAYS = r"(0|[1-9][0-9]{0,3})d?"
_MONTH = r"(199[0-9]|20[0-9]{2})-(0[1-9]|1[0-2])"
_WINDOW = r"([1-9][0-9]{0,2}[mqy]|f?qtd|f?ytd)"
_CURRENCY = r"[A-Z]{3}"
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


def wrong(problem: str) -> PydanticCustomError:
    """Make the error of one value; ``problem`` continues the sentence "the key …"."""
    return PydanticCustomError("wrong_value", "{problem}", {"problem": problem})


def _number(value: object) -> Decimal:
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, str) and re.fullmatch(_NUMBER, value):
        return Decimal(value)
    raise wrong("is not a plain number such as 1250.00 or 0.05")


def _whole(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(_WHOLE, value):
        raise wrong("is not a whole number such as 12")
    return value


def _days(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(_DAYS, value):
        raise wrong("is not a number of days such as 30d")
    return value.removesuffix("d") if isinstance(value, str) else value


def _flag(value: object) -> bool:
    known = {"true": True, "false": False}
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in known:
        return known[value.lower()]
    raise wrong("is neither true nor false")


def _month(value: object) -> object:
    if not isinstance(value, str):
        return value
    if not re.fullmatch(_MONTH, value):
        raise wrong("is not a month from 1990-01 to 2099-12, written 2026-10")
    return parse_month(value)


def _window(value: str) -> str:
    if not re.fullmatch(_WINDOW, value.lower()):
        raise wrong("is not a window: 12m, 1m, 3m, 1q, 1y, ytd, fytd, qtd or fqtd")
    return value.lower()


def _currency(value: str) -> str:
    if not re.fullmatch(_CURRENCY, value):
        raise wrong("is not a currency code of three capitals")
    return value


def _zone(value: str) -> str:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise wrong("is not a time zone such as Europe/Berlin") from None
    return value


def _date_format(value: str) -> str:
    if value not in ("iso", "excel") and "%" not in value:
        raise wrong("is neither iso, excel nor a strftime pattern such as %d/%m/%Y")
    return value


def _share(value: object) -> object:
    text = str(value).strip()
    percent = text.endswith("%")
    number = _number(text.removesuffix("%"))
    return number / 100 if percent and isinstance(number, Decimal) else number


def _one_or_many(value: object) -> object:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list | tuple):
        return value
    raise wrong("is neither a text nor a list of texts")


def _path(value: str, info: ValidationInfo) -> str:
    """Resolve a path against the config's folder, which it may not leave."""
    if value == "-":
        raise wrong("is standard input, which is named on the command line only")
    if _ADDRESS.match(value):
        raise wrong("is a network address, which is named on the command line only")
    if info.context is None:
        return value
    folder = str(info.context)
    path = os.path.join(folder, value)  # noqa: PTH118  a Path would tidy what the user wrote
    root = Path(os.path.realpath(folder or "."))
    if not Path(os.path.realpath(path)).is_relative_to(root):
        raise PydanticCustomError("outside", "leads out of the folder of the config")
    return path


def _definition(value: str, info: ValidationInfo) -> str:
    if is_file_name(value):
        return _path(value, info)
    if value not in profile_names():
        raise PydanticCustomError("unknown_profile", "is not a definition profile")
    return value


def _text_schema(pattern: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": f"^{pattern}$"})


_ONE_OR_MANY: Mapping[str, Any] = {
    "anyOf": [
        {"type": ["string", "number", "boolean"]},
        {"type": "array", "items": {"type": ["string", "number", "boolean"]}},
    ]
}


def _number_schema(**limits: int) -> WithJsonSchema:
    text = {"type": ["number", "string"], "pattern": f"^{_NUMBER}$"}
    return WithJsonSchema({**text, **limits})


AS_NUMBER = BeforeValidator(_number)
AS_WHOLE = BeforeValidator(_whole)

Number = Annotated[Decimal, AS_NUMBER, _number_schema()]
NotNegative = Annotated[Decimal, Field(ge=0), AS_NUMBER, _number_schema(minimum=0)]
Share = Annotated[Decimal, Field(ge=0, le=1), AS_NUMBER, _number_schema(minimum=0, maximum=1)]
LeftOutShare = Annotated[
    Decimal,
    Field(ge=0, le=1),
    BeforeValidator(_share),
    _text_schema(r"\d{1,3}(\.\d{1,4})?%?"),
]
MonthCount = Annotated[int, Field(ge=1, le=1200), AS_WHOLE]
DayCount = Annotated[int, Field(ge=0, le=9999), BeforeValidator(_days), _text_schema(_DAYS)]
Flag = Annotated[bool, BeforeValidator(_flag)]
Month = Annotated[int, BeforeValidator(_month), _text_schema(_MONTH)]
WindowText = Annotated[str, AfterValidator(_window), _text_schema(_WINDOW)]
CurrencyCode = Annotated[str, AfterValidator(_currency), _text_schema(_CURRENCY)]
Zone = Annotated[str, AfterValidator(_zone)]
DateFormat = Annotated[str, AfterValidator(_date_format)]
FilePath = Annotated[str, AfterValidator(_path)]
Files = Annotated[
    tuple[FilePath, ...], BeforeValidator(_one_or_many, json_schema_input_type=str | list[str])
]
Texts = Annotated[
    tuple[str, ...], BeforeValidator(_one_or_many), WithJsonSchema(dict(_ONE_OR_MANY))
]
Where = Mapping[str, Annotated[Texts, Field(min_length=1)]]
Definition = Annotated[str, AfterValidator(_definition)]

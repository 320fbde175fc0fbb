"""How long a price is for: billing intervals, service periods and terms, as exact fractions.

A share is (times, over): the month's part of an amount is amount x times / over.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

import polars as pl

from retcalc.core.choices import PeriodEnd
from retcalc.core.findings import Finding

# a mean month has 30.4375 = 487/16 days
DAYS_TIMES, DAYS_OVER = 487, 16
_UNITS: dict[str, tuple[int, int]] = {
    word: share
    for words, share in (
        (
            "month months monthly m mo mos mth mths monat monate monaten monatlich mois mensuel",
            (1, 1),
        ),
        ("mensuelle mensuellement mes meses mensual mensualmente mese mesi mensile", (1, 1)),
        ("mensal mensalmente maand maanden maandelijks maandelijkse monatliche", (1, 1)),
        (
            "year years yearly annual annually y yr yrs jahr jahre jahren jahrlich jaehrlich",
            (1, 12),
        ),
        ("an ans annee annees annuel annuelle annuellement ano anos anual anualmente", (1, 12)),
        ("anno anni annuale annualmente jaar jaren jaarlijks jaarlijkse jahrliche", (1, 12)),
        ("quarter quarters quarterly q quartal quartale quartalsweise vierteljahr", (1, 3)),
        ("vierteljahrlich vierteljaehrlich trimestre trimestres trimestri trimestriel", (1, 3)),
        ("trimestrielle trimestral trimestrale kwartaal kwartalen driemaandelijks", (1, 3)),
        ("semiannual semiannually biannual halbjahr halbjahrlich halbjaehrlich semestre", (1, 6)),
        ("semestres semestri semestriel semestrielle semestral semestrale halfjaar", (1, 6)),
        ("halfjaarlijks", (1, 6)),
        ("biennial biennially biennal bienal biennale tweejaarlijks zweijahrlich", (1, 24)),
        ("triennial triennal trienal triennale driejaarlijks dreijahrlich", (1, 36)),
        ("fortnight fortnights fortnightly biweekly vierzehntaglich tweewekelijks", (26, 12)),
        ("week weeks weekly w woche wochen wochentlich semaine semaines hebdomadaire", (52, 12)),
        ("semana semanas semanal settimana settimane settimanale weken wekelijks", (52, 12)),
        ("day days daily tag tage taglich jour jours quotidien dia dias diario giorno", (365, 12)),
        ("giorni giornaliero dag dagen dagelijks", (365, 12)),
        ("semimonthly", (2, 1)),
    )
    for word in words.split()
}
_PHRASES: dict[str, tuple[int, int]] = {
    **dict.fromkeys(("month to month", "m2m", "rolling monthly"), (1, 1)),
    **dict.fromkeys(("semi annual", "semi annually", "half year", "half yearly"), (1, 6)),
    **dict.fromkeys(("bi weekly", "every other week", "other week"), (26, 12)),
    **dict.fromkeys(("twice a month", "semi monthly"), (2, 1)),
}
_NUMBERS = {
    word: number
    for number, words in {
        1: "one a an ein eine un une uno una um uma een",
        2: "two zwei zwee deux dos due dois duas twee",
        3: "three drei trois tres tre drie",
        4: "four vier quatre cuatro quattro quatro",
        5: "five funf cinq cinco cinque vijf",
        6: "six sechs seis sei zes",
        12: "twelve zwolf douze doce dodici doze twaalf",
    }.items()
    for word in words.split()
}
_BEFORE = (  # compiled on first use, as most files have no such words
    r"(?:billed|paid|every|per|each|alle|pro(?! \S+(?:ly|lich|al|el|ar)$)|je|jede|jeden|jedes|par"
    r"|tous les|toutes les|chaque|a cada|cada|por|al|ogni|elke|iedere|renews) "
)
_AFTER = r" (?:billing|plan|contract|subscription|term|prepaid|upfront|in advance)"
_COUNTED = r"([0-9]{1,3}|[a-z]+) ?([a-z]+)"
_ISO = r"p([0-9]{1,3})([ymwd])"
_ONCE = frozenset(
    (
        "one time",
        "onetime",
        "once",
        "one off",
        "oneoff",
        "non recurring",
        "nonrecurring",
        "lifetime",
    )
    + ("setup", "setup fee", "einmalig", "einmalzahlung", "ponctuel", "unique", "une fois")
    + ("paiement unique", "pago unico", "unico", "unica", "unica vez", "una vez", "una tantum")
    + ("pagamento unico", "pagamento unica", "avulso", "eenmalig", "eenmalige")
)
_TRIAL = frozenset(
    ("trial", "free trial", "trialing", "free", "testphase", "probezeit", "probe", "kostenlos")
    + ("essai", "essai gratuit", "gratuit", "prueba", "prueba gratuita", "gratis", "prova")
    + ("prova gratuita", "gratuito", "teste", "teste gratis", "proef", "proefperiode")
)


def folded(word: str) -> str:
    """Lower case, without accents, words apart by one blank."""
    plain = unicodedata.normalize("NFKD", word.strip().lower())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return re.sub(r"[\s_\-–/.]+", " ", plain).strip()


def not_recurring(word: str) -> bool:
    """Tell whether a word of a billing interval says that nothing recurs: one-time, trial."""
    return folded(word) in _ONCE | _TRIAL


def interval_share(word: str) -> tuple[int, int] | None:
    """Share of a billing interval in words: ``year``, ``every 3 months``, ``P1M``, ``2-Year``.

    The words of English, German, French, Spanish, Italian, Portuguese and Dutch are known;
    None for any other.
    """
    text = folded(word)
    iso = re.fullmatch(_ISO, text)
    if iso is not None:
        return None if iso[1] == "0" else _times(_UNITS[_ISO_UNITS[iso[2]]], int(iso[1]))
    text = re.sub(_AFTER, "", text)
    if text in _PHRASES:
        return _PHRASES[text]
    text = re.sub(rf"\A{_BEFORE}", "", text)
    if text in _PHRASES or text in _UNITS:
        return _PHRASES.get(text) or _UNITS[text]
    counted = re.fullmatch(_COUNTED, text)
    if counted is None or counted[2] not in _UNITS:
        return None
    number = int(counted[1]) if counted[1].isdigit() else _NUMBERS.get(counted[1], 0)
    return _times(_UNITS[counted[2]], number) if number else None


def share_within(name: str) -> tuple[int, int] | None:
    """Share of the one interval that a longer name tells of: ``Pro Yearly``, ``Basic (annual)``.

    None where no word tells of one, or several tell of different ones.
    """
    whole = interval_share(name)
    if whole is not None:
        return whole
    words = re.findall(r"[a-z]+|\d+", folded(name))
    told, pairs = set[tuple[int, int]](), list(zip(["", *words], words, strict=False))
    for before, word in pairs:
        number = int(before) if before.isdigit() and word in _UNITS else 1
        if number and (before.isdigit() or len(word) > _SHORT) and word in _UNITS:
            told.add(_times(_UNITS[word], number))
    phrases = [" ".join(pair) for pair in pairs if " ".join(pair) in _PHRASES]
    told = {_PHRASES[phrase] for phrase in phrases} or told
    return next(iter(told)) if len(told) == 1 else None


_SHORT = 3  # letters of words that mean an interval only behind a number
_ISO_UNITS = {"y": "year", "m": "month", "w": "week", "d": "day"}


def _times(share: tuple[int, int], number: int) -> tuple[int, int]:
    return share[0], share[1] * number


def interval_shares(raw: pl.Series, *, within: bool = False) -> tuple[pl.DataFrame, pl.Series]:
    """Shares (times, over) per row from billing-interval words, and a mask of unknown ones.

    ``within``: the cells are names of plans, in which a word may tell.
    """
    words = raw.cast(pl.String).fill_null("")
    tell = share_within if within else interval_share
    known = {word: tell(word) for word in words.unique().sort()}
    table = pl.DataFrame(
        {
            "word": list(known),
            "times": [share[0] if share else None for share in known.values()],
            "over": [share[1] if share else None for share in known.values()],
        },
        schema={"word": pl.String, "times": pl.Int64, "over": pl.Int64},
    )
    joined = words.to_frame("word").join(
        table, on="word", how="left", validate="m:1", maintain_order="left"
    )
    return joined.select("times", "over").fill_null(1), joined["times"].is_null()


def unknown_interval(value: str) -> Finding:
    """Say that a billing interval is not known."""
    return Finding(
        "RC231",
        "billing interval is not known",
        value=f'"{value}" is no month, quarter, half-year, year, week or day, nor a number of them',
        fix="--skip-bad-rows   leaves such rows out; else spell it as month, year or 3 months",
    )


def whole_months(start: pl.Series, end: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Whole months from start to the exclusive end of each period, 0 where they do not fit.

    A period fits when it ends on the day of the month it started on, or on the last day of a
    shorter month. The second series also takes a period from last day to last day.
    """
    days = pl.concat([calendar(start, "start"), calendar(end, "end")], how="horizontal")
    apart = (pl.col("month end") - pl.col("month start")).cast(pl.Int64)
    exact = pl.col("day end") == pl.min_horizontal("day start", "length end")
    both_last = (pl.col("day start") == pl.col("length start")) & (
        pl.col("day end") == pl.col("length end")
    )
    fits = {"exact": exact, "near": exact | both_last}
    months = days.select(
        pl.when(fit & (apart > 0)).then(apart).otherwise(0).fill_null(0).alias(name)
        for name, fit in fits.items()
    )
    return months["exact"], months["near"]


def calendar(days: pl.Series, name: str) -> pl.DataFrame:
    """Month index, day of the month and length of the month of each day, null where null.

    The columns are ``month``, ``day`` and ``length`` with the name behind: ``day end``.
    """
    first, last = days.min(), days.max()
    known, place = days, None
    if isinstance(first, date) and isinstance(last, date) and (last - first).days < len(days):
        known = pl.date_range(first, last, eager=True)  # a table to look up, as days repeat
        place = (days.to_physical() - known.to_physical()[0]).cast(pl.UInt32)
    day = pl.col("day")
    parts = {
        "month": day.dt.year() * 12 + day.dt.month().cast(pl.Int32),
        "day": day.dt.day(),
        "length": day.dt.month_end().dt.day(),
    }
    table = known.to_frame("day").select(part.alias(f"{n} {name}") for n, part in parts.items())
    return table if place is None else table.select(pl.all().gather(place))


@dataclass(frozen=True, slots=True)
class Periods:
    """Service periods: exclusive end (null where null), share of a month, and how it was told.

    ``share`` has times and over; over is 0 for a period without length. ``inclusive`` and
    ``exclusive`` count the periods that fit whole months one way, ``odd`` those that do not. The
    mask ``parts`` marks periods that are the last days of one billing month.
    """

    end: pl.Series
    share: pl.DataFrame
    inclusive: int
    exclusive: int
    odd: int
    parts: pl.Series


def read_periods(start: pl.Series, end: pl.Series, rule: PeriodEnd) -> Periods:
    """Settle which day ends each period: the one that makes whole months of it.

    A period that fits neither way ends as most of the others do; exclusive in doubt.
    """
    after = end.dt.offset_by("1d")
    exact, near = whole_months(start, end)
    exact_after, near_after = whole_months(start, after)
    table = pl.DataFrame(
        {"start": start, "end": end, "after": after, "x": exact, "i": exact_after}
    ).with_columns(near_x=near, near_i=near_after)
    exclusive = (pl.col("x") > 0) | ((pl.col("i") == 0) & (pl.col("near_x") > 0))
    inclusive = ~exclusive & (pl.col("near_i") > 0)  # whole months one way are near ones too
    counts = table.select(
        inclusive.sum().cast(pl.Int64).alias("i"), exclusive.sum().cast(pl.Int64).alias("x")
    )
    ins, outs = counts.row(0)
    ends_in = pl.lit(rule == "inclusive")
    if rule == "auto":
        ends_in = inclusive | (~exclusive & pl.lit(ins > outs))
    settled = table.select("start", until=pl.when(ends_in).then("after").otherwise("end"))
    months = whole_months(settled["start"], settled["until"])[1]
    days = (pl.col("until") - pl.col("start")).dt.total_days().fill_null(0)
    whole = pl.col("months") > 0
    month = (pl.col("until") - pl.col("until").dt.offset_by("-1mo")).dt.total_days()
    part = ~whole & (days > 0) & (days < month).fill_null(value=False)
    times = pl.when(whole).then(1).when(part).then(month).otherwise(DAYS_TIMES)
    over = pl.when(whole).then("months").when(part).then(days).otherwise(days * DAYS_OVER)
    counted = settled.with_columns(months=months)
    share = counted.select(times.cast(pl.Int64).alias("times"), over.cast(pl.Int64).alias("over"))
    odd = int((start.is_not_null() & end.is_not_null()).sum()) - ins - outs
    parts = counted.select(part.alias("part"))["part"].fill_null(value=False)
    return Periods(settled["until"], share, ins, outs, odd, parts)

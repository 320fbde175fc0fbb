"""From one definition to another, a switch at a time, down to the accounts that each one moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction

import polars as pl

from retcalc.answers.base.prepare import Prepared
from retcalc.answers.base.rate_plans import Plan, Span, switches
from retcalc.answers.base.rates import TOO_SHORT, Rates
from retcalc.answers.base.request import Request
from retcalc.answers.base.sums import TOTAL
from retcalc.answers.trust.explain import account_facts, check_sums
from retcalc.config.definitions.profile import Profile
from retcalc.core.findings import RetcalcError, own_fault
from retcalc.core.months import Window, resolve_window
from retcalc.metrics import Undefined
from retcalc.metrics.rate_formula import Lines

KEYS = ["account", "span"]


@dataclass(frozen=True, slots=True)
class Stand:
    """A metric under one profile: the value, or None and the reason.

    ``shares``: account, span (0 where there is only one, else its closing month), above and below
    (numerator and denominator of the account); ``parts`` are those of all, None for several spans.
    """

    profile: Profile
    value: Fraction | None
    reason: str = ""
    shares: pl.DataFrame = field(default_factory=pl.DataFrame)
    parts: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One switch turned: what it did to the value, and to which accounts.

    ``changes``: account and the changes of its above and below, largest first. ``above`` and
    ``below`` are those of all, None where either side is made of several rates.
    """

    rule: str
    amount: Fraction
    changes: pl.DataFrame
    above: int | None
    below: int | None


@dataclass(frozen=True, slots=True)
class Bench:
    """Values of one metric over one book under any profile, each worked out once."""

    metric: str
    prepared: Prepared
    request: Request
    _known: dict[Profile, Stand] = field(default_factory=dict)
    _rates: dict[Window, Rates] = field(default_factory=dict)
    _shares: dict[object, pl.DataFrame] = field(default_factory=dict)
    _facts: dict[object, pl.DataFrame] = field(default_factory=dict)

    def stand(self, profile: Profile) -> Stand:
        """The metric under a profile."""
        bare = replace(profile, name="", title="", source=None)
        if bare not in self._known:
            self._known[bare] = self._stand(bare)
        return replace(self._known[bare], profile=profile)

    def walk(self, start: Profile, end: Profile) -> tuple[Step, ...]:
        """Steps whose amounts sum to the difference of the two values; none if one is undefined.

        A switch that leaves the value undefined is turned together with the next one. Raises
        RC703 when the walk does not arrive.
        """
        first, last = self.stand(start), self.stand(end)
        if first.value is None or last.value is None:
            return ()
        steps = tuple(self._steps(start, end))
        if first.value + sum(step.amount for step in steps) != last.value:
            raise own_fault("RC703", f"the walk to {end.name} does not arrive")
        return tuple(step for step in steps if step.amount or step.changes.height)

    def _steps(self, start: Profile, end: Profile) -> Iterator[Step]:
        here, rules = self.stand(start), []
        profile = start
        for name in switches(self.metric):
            old, new = getattr(profile, name), getattr(end, name)
            if old == new or (name == "window" and new is None):
                continue
            profile = replace(profile, **{name: new})
            rules.append(f"{name}: {self._shown(new)} instead of {self._shown(old, name)}")
            there = self.stand(profile)
            if there.value is not None:
                yield _step(", ".join(rules), here, there)
                here, rules = there, []

    def _shown(self, value: object, name: str = "") -> str:
        if value is None:
            return f"{self.prepared.window.months}m" if name == "window" else "none"
        return str(value).lower() if isinstance(value, bool) else str(value)

    def _stand(self, profile: Profile) -> Stand:
        window = self._window(profile)
        if window is None:
            return Stand(profile, None, TOO_SHORT)
        if window not in self._rates:
            self._rates[window] = Rates(self.prepared.book, window, self.request)
        rates = self._rates[window]
        value = rates.values(self.metric, profile)[TOTAL]
        if isinstance(value, Undefined):
            return Stand(profile, None, value.reason)
        made = rates.plan(self.metric, profile)
        shares = pl.concat(self._share(rates, made, span, profile) for span in made.spans)
        if len(made.spans) > 1:
            return Stand(profile, value, "", shares)
        total = rates.lines(made, made.spans[0], profile)[TOTAL]
        return Stand(profile, value, "", shares, made.form.parts(total))

    def _share(self, rates: Rates, made: Plan, span: Span, profile: Profile) -> pl.DataFrame:
        """What every account adds to the rate of a span; profiles that count alike share it."""
        form, single = made.form, len(made.spans) == 1
        signs = (tuple(form.numerator.items()), tuple(form.denominator.items()))
        counting = (profile.reactivation_gap, profile.min_mrr, made.by_day)
        key = (span, single, *counting, *signs)
        if key not in self._shares:
            facts = self._facts_of(rates, made, span, profile, (span, *counting))
            check_sums(facts, rates.lines(made, span, profile)[TOTAL])
            place = pl.lit(0 if single else span[-1].closing, pl.Int32).alias("span")
            above, below = _signed(form.numerator), _signed(form.denominator)
            shares = facts.select("account", place, above.alias("above"), below.alias("below"))
            moving = (pl.col("above") != 0) | (pl.col("below") != 0)
            self._shares[key] = shares.filter(moving)
        return self._shares[key]

    def _facts_of(
        self, rates: Rates, made: Plan, span: Span, profile: Profile, key: object
    ) -> pl.DataFrame:
        """Lines of every account in a span; those of a rate of one span serve other profiles."""
        if len(made.spans) > 1:
            return account_facts(rates, made, span, profile)
        if key not in self._facts:
            self._facts[key] = account_facts(rates, made, span, profile)
        return self._facts[key]

    def _window(self, profile: Profile) -> Window | None:
        """The profile's own window, else that of the request; None when the data is too short."""
        asked, book = self.request, self.prepared.book
        if profile.window in (None, asked.profile.window):
            return self.prepared.window
        rule, running = replace(asked.window, text=profile.window), book.shape == "intervals"
        try:
            return resolve_window(
                rule, book.first, book.last, asked.question.as_of, open_ended=running
            )[0]
        except RetcalcError:
            return None


def _signed(signs: Lines) -> pl.Expr:
    return pl.sum_horizontal(pl.col(n).cast(pl.Int128) * sign for n, sign in signs.items())


def _step(rule: str, here: Stand, there: Stand) -> Step:
    assert here.value is not None and there.value is not None  # noqa: S101
    earlier = here.shares.with_columns(pl.col("above") * -1, pl.col("below") * -1)
    moved = pl.concat([earlier, there.shares])
    if not set(here.shares["span"].unique()).isdisjoint(there.shares["span"].unique()):
        moved = moved.group_by(KEYS).agg(pl.col("above").sum(), pl.col("below").sum())
    moved = moved.filter((pl.col("above") != 0) | (pl.col("below") != 0))
    size = pl.col("above").abs().sum() + pl.col("below").abs().sum()
    changes = (
        moved.group_by("account")
        .agg(pl.col("above").sum(), pl.col("below").sum(), size.alias("size"))
        .sort("size", "account", descending=[True, False])
    )
    above = below = None
    if here.parts is not None and there.parts is not None:
        above, below = (b - a for a, b in zip(here.parts, there.parts, strict=True))
    return Step(rule, there.value - here.value, changes, above, below)

"""summary, nrr, grr, movements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from typer import Option

from retcalc.cli.app import data_command
from retcalc.cli.options import Options
from retcalc.cli.output.plot import Plot, plotted
from retcalc.core.result import Result

if TYPE_CHECKING:
    from retcalc.answers.base.request import Request

Trailing = Annotated[
    str | None,
    Option(
        "--trailing",
        help="Also the NRR and GRR of so many months up to the end of each: 12m, 1q, 1y.",
        metavar="LENGTH",
        show_default=False,
    ),
]


def bridge_answer(
    command: str, options: Options, *, monthly: bool = False, trailing: str | None = None
) -> Result:
    """The answer of a command over a bridge, under the options as they were given."""
    from retcalc.answers.revenue.rollforward import bridge_result
    from retcalc.cli.request import make_request

    months = _months(trailing)
    return bridge_result(command, make_request(options), monthly=monthly, trailing=months)


@data_command("Overview", "retcalc summary mrr.csv")
def summary(options: Options) -> Result:
    """The headline figures of one window on one screen."""
    return bridge_answer("summary", options)


@data_command("Revenue", "retcalc nrr mrr.csv --by plan", own_outputs=("plot",))
def nrr(options: Options, plot: Plot = None) -> Result:
    """Net revenue retention, with the bridge behind it."""
    return plotted(lambda: bridge_answer("nrr", options), plot, options)


@data_command("Revenue", "retcalc grr mrr.csv --window 3m")
def grr(options: Options) -> Result:
    """Gross revenue retention, with the bridge behind it."""
    return bridge_answer("grr", options)


@dataclass(frozen=True, slots=True)
class KindOptions:
    """Whether kinds of expansion and contraction are told, and where from."""

    kinds: Annotated[
        bool,
        Option("--kinds", help="Expansion and contraction by quantity, price, cross-sell, ramp."),
    ] = False
    product_column: Annotated[
        str | None,
        Option(
            "--product-column",
            help="Column of the product, for --kinds; told from its name by default.",
            metavar="COLUMN",
            show_default=False,
        ),
    ] = None
    quantity_column: Annotated[
        str | None,
        Option(
            "--quantity-column",
            help="Column of the quantity, for --kinds; told from its name by default.",
            metavar="COLUMN",
            show_default=False,
        ),
    ] = None

    @property
    def asked(self) -> bool:
        """True where any of them is given."""
        return bool(self.kinds or self.product_column or self.quantity_column)

    def request(self, options: Options) -> Request:
        """The request of these options, kinds included."""
        from retcalc.cli.request import make_request

        return make_request(options).with_kinds(self.product_column, self.quantity_column)


@data_command("Revenue", "retcalc movements mrr.csv --trailing 12m -f csv", own_outputs=("plot",))
def movements(
    options: Options, kinds: KindOptions, trailing: Trailing = None, plot: Plot = None
) -> Result:
    """The month-by-month roll-forward of MRR and accounts."""
    if not kinds.asked:
        return plotted(
            lambda: bridge_answer("movements", options, monthly=True, trailing=trailing),
            plot,
            options,
        )
    from retcalc.answers.revenue.change_kinds import kinds_result

    request, months = kinds.request(options), _months(trailing)
    return plotted(lambda: kinds_result(request, trailing=months), plot, options)


def _months(trailing: str | None) -> int | None:
    from retcalc.core.months import months_of_length

    return None if trailing is None else months_of_length(trailing, "--trailing 12m")

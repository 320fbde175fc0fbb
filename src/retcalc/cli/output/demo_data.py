"""A small realistic data set: 24 months of a B2B company with three plans and four channels."""

from __future__ import annotations

from random import Random

from retcalc.core.months import first_day, format_month, month_index

FIRST, MONTHS, SEED = month_index(2024, 11), 24, 2026
PLANS = {"Starter": (4900, 0.035), "Team": (19900, 0.018), "Enterprise": (89000, 0.008)}
CHANNELS = {"organic": 0.8, "paid": 1.4, "partner": 0.9, "referral": 0.6}
REGIONS = ("EMEA", "AMER", "APAC")

CONFIG = """\
# retcalc.yaml: what this export means. Every key is optional.
sources:  {mrr: mrr.csv, customers: customers.csv, costs: spend.csv}
currency: {report: USD}
clv:      {gross_margin: 0.78}
checks:
  - {metric: nrr, window: 12m, min: 0.90, severity: error}
  - {metric: logo_churn, window: 1m, max: 0.05, severity: warn}
"""


def demo_files() -> dict[str, str]:
    """Give the files of the demo by name; the same text on every machine."""
    random = Random(SEED)  # noqa: S311  not for secrets
    customers = ["account_id,signup_date,plan,channel,region,nps"]
    rows = ["account_id,month,mrr,plan"]
    number = 0
    for offset in range(MONTHS):
        for _ in range(28 if offset == 0 else random.randint(3, 6)):
            number += 1
            account = f"{number:04d}"
            plan, channel = random.choice([*PLANS, "Starter", "Team"]), random.choice([*CHANNELS])
            day = first_day(FIRST + offset).replace(day=random.randint(1, 28))
            score = "" if random.random() < 0.4 else str(min(10, random.randint(3, 11)))
            customers.append(f"{account},{day},{plan},{channel},{random.choice(REGIONS)},{score}")
            rows += _life(random, account, plan, CHANNELS[channel], offset)
    spend = ["month,spend"] + [
        f"{format_month(FIRST + m)},{random.randint(90, 140) * 100}.00" for m in range(MONTHS)
    ]
    texts = {"mrr.csv": rows, "customers.csv": customers, "spend.csv": spend}
    files = {name: "\n".join(lines) + "\n" for name, lines in texts.items()}
    return {**files, "retcalc.yaml": CONFIG}


def _life(random: Random, account: str, plan: str, risk: float, start: int) -> list[str]:
    """The account-months of one account: seats grow and shrink, some leave, a few return."""
    price, churn = PLANS[plan]
    seats, rows, away = random.randint(1, 6), [], 0
    for offset in range(start, MONTHS):
        if away > 0:
            away -= 1
            continue
        age = offset - start
        if age and random.random() < churn * risk * (2 if age < 4 else 1):
            if random.random() > 0.15:
                break
            away = random.randint(1, 4)
            continue
        turn = random.random()
        seats = max(1, seats + (1 if turn < 0.06 else -1 if turn > 0.97 else 0))
        cents = price * seats
        rows.append(
            f"{account},{format_month(FIRST + offset)},{cents // 100}.{cents % 100:02d},{plan}"
        )
    return rows

"""The SQL of a DuckDB expert: one pass of window functions, materialised, then one aggregate.

Months are counted since year 0, money is integer cents.
"""

_ROWS = """
SELECT account_id, (year(month) * 12 + month(month) - 1)::INTEGER AS month,
       (mrr * 100)::BIGINT AS mrr{plan}
FROM {{source}} WHERE mrr > 0
"""
_LAGGED = """
CREATE TEMP TABLE lagged AS
SELECT month, mrr{plan},
       lag(month) OVER w AS month_before, lag(mrr) OVER w AS mrr_before{lag},
       lead(month) OVER w AS month_after
FROM ({rows}) WINDOW w AS (PARTITION BY account_id ORDER BY month)
"""
LAGGED = _LAGGED.format(plan="", lag="", rows=_ROWS.format(plan=""))
LAGGED_PLAN = _LAGGED.format(
    plan=", plan", lag=", lag(plan) OVER w AS plan_before", rows=_ROWS.format(plan=", plan")
)

TRAILING_LAGGED = LAGGED.replace(
    "lead(month)",
    "sum(mrr) OVER (PARTITION BY account_id ORDER BY month RANGE BETWEEN 12 PRECEDING AND "
    "12 PRECEDING)::BIGINT AS mrr_year,\n       lead(month)",
)
TRAILING = """
SELECT end_of, opening, retained, gross FROM (
    SELECT month AS end_of, sum(mrr) FILTER (mrr_year > 0) AS retained,
           sum(least(mrr, mrr_year)) FILTER (mrr_year > 0) AS gross
    FROM lagged GROUP BY month
) JOIN (SELECT month + 12 AS end_of, sum(mrr) AS opening FROM lagged GROUP BY month) USING (end_of)
ORDER BY end_of
"""

MOVEMENTS = """
WITH here AS (
    SELECT month,
           sum(mrr_before) FILTER (month_before = month - 1) AS opening,
           sum(mrr) FILTER (month_before IS NULL) AS new,
           sum(mrr) FILTER (month_before < month - 1) AS back,
           sum(greatest(mrr - mrr_before, 0)) FILTER (month_before = month - 1) AS up,
           sum(greatest(mrr_before - mrr, 0)) FILTER (month_before = month - 1) AS down,
           sum(mrr) AS closing,
           count(*) FILTER (month_before = month - 1) AS opening_n,
           count(*) FILTER (month_before IS NULL) AS new_n,
           count(*) FILTER (month_before < month - 1) AS back_n,
           count(*) AS closing_n
    FROM lagged GROUP BY month
), gone AS (
    SELECT month + 1 AS month, sum(mrr) AS lost, count(*) AS lost_n
    FROM lagged WHERE month_after IS DISTINCT FROM month + 1 GROUP BY month
)
SELECT month, coalesce(opening, 0) + coalesce(lost, 0), new, back, up, down, lost, closing,
       opening_n + coalesce(lost_n, 0), new_n, back_n, lost_n, closing_n
FROM here LEFT JOIN gone USING (month) ORDER BY month
"""

MOVEMENTS_PLAN = """
WITH flows AS (  -- one line for the plan before, one for the plan after
    SELECT month, coalesce(IF(month_before = month - 1, plan_before, NULL), plan) AS plan,
           IF(month_before = month - 1, mrr_before, 0) AS opening,
           IF(month_before IS NULL, mrr, 0) AS new, IF(month_before < month - 1, mrr, 0) AS back,
           IF(month_before = month - 1, greatest(mrr - mrr_before, 0), 0) AS up,
           IF(month_before = month - 1, greatest(mrr_before - mrr, 0), 0) AS down, 0 AS lost,
           IF(month_before = month - 1 AND plan_before <> plan, mrr, 0) AS moved_out,
           0 AS moved_in, 0 AS closing
    FROM lagged
), home AS (
    SELECT month, plan, sum(opening) AS opening, sum(new) AS new, sum(back) AS back, sum(up) AS up,
           sum(down) AS down, sum(moved_out) AS moved_out
    FROM flows GROUP BY ALL
), here AS (
    SELECT month, plan, sum(mrr) AS closing,
           sum(mrr) FILTER (month_before = month - 1 AND plan_before <> plan) AS moved_in
    FROM lagged GROUP BY ALL
), gone AS (
    SELECT month + 1 AS month, plan, sum(mrr) AS lost
    FROM lagged WHERE month_after IS DISTINCT FROM month + 1
        AND month < (SELECT max(month) FROM lagged) GROUP BY ALL
)
SELECT month || ' ' || plan, coalesce(opening, 0) + coalesce(lost, 0), new, back, up, down, lost,
       moved_in, moved_out, closing
FROM home FULL JOIN here USING (month, plan) FULL JOIN gone USING (month, plan)
ORDER BY month, plan
"""

WINDOW = """
WITH bounds AS (
    SELECT max(month) AS closing, (max(month) - INTERVAL 12 MONTH)::DATE AS opening FROM {source}
),
ends AS (
    SELECT account_id, sum((mrr * 100)::BIGINT) FILTER (month = opening) AS before,
           sum((mrr * 100)::BIGINT) FILTER (month = closing) AS after
    FROM {source}, bounds WHERE month IN (opening, closing) AND mrr > 0 GROUP BY account_id
), earlier AS (
    SELECT DISTINCT account_id FROM {source}, bounds
    WHERE month < opening AND mrr > 0
        AND account_id IN (SELECT account_id FROM ends WHERE before IS NULL)
)
SELECT 'window', sum(before), sum(after) FILTER (before IS NULL AND earlier.account_id IS NULL),
       sum(after) FILTER (before IS NULL AND earlier.account_id IS NOT NULL),
       sum(greatest(after - before, 0)), sum(greatest(before - after, 0)),
       sum(before) FILTER (after IS NULL), sum(after)
FROM ends LEFT JOIN earlier USING (account_id)
"""

COHORTS = """
WITH rows AS ({rows}), aged AS (
    SELECT month, mrr, min(month) OVER w AS born, month - min(month) OVER w AS age,
           min(mrr) OVER w AS lowest, row_number() OVER w - 1 AS nth
    FROM rows WINDOW w AS (PARTITION BY account_id ORDER BY month)
)
SELECT born || ' ' || age, count(*), sum(mrr), sum(IF(nth = age, lowest, 0))
FROM aged GROUP BY born, age ORDER BY born, age
""".replace("{rows}", _ROWS.format(plan="").format(source="{source}"))

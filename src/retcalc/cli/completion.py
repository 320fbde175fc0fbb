"""What TAB completes beside commands and options: metrics, profiles, columns of the data.

Each looks only when it is asked, so that every other start stays quick.
"""

from __future__ import annotations

import os
import shlex
from pathlib import Path


def metric_names(incomplete: str) -> list[str]:
    """Metrics whose name begins so."""
    from retcalc.metrics import metrics

    return [name for name in metrics() if name.startswith(incomplete)]


def definition_names(incomplete: str) -> list[str]:
    """Definition profiles whose name begins so."""
    from retcalc.config.definitions.names import profile_names

    return [name for name in profile_names() if name.startswith(incomplete)]


def column_names(incomplete: str) -> list[str]:
    """Columns of the first file named that begin so; none where it cannot be read."""
    from retcalc.core.findings import RetcalcError
    from retcalc.read import ReadPlan, ReadRules, read_table

    words = shlex.split(os.environ.get("COMP_WORDS", "").replace("\n", " "))
    files = [word for word in words[1:] if Path(word).is_file()]
    if not files:
        return []
    try:
        table, _ = read_table(files[:1], ReadRules(), lambda _: ReadPlan())
    except RetcalcError:
        return []
    return [name for name in table.header if name.startswith(incomplete)]

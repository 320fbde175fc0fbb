"""Where the config lies; apart from its loader, so that a run without one loads no YAML."""

from __future__ import annotations

import os
from collections.abc import Sequence

NAME = "retcalc.yaml"


def find_config(data_paths: Sequence[str]) -> str | None:
    """Give the retcalc.yaml beside the first data file, else in the working folder, else None."""
    folders = [os.path.dirname(path.rstrip("/")) for path in data_paths[:1]]  # noqa: PTH120
    for folder in (*folders, ""):
        path = os.path.join(folder, NAME)  # noqa: PTH118  keep the folder as it was given
        if os.path.lexists(path):
            return path
    return None

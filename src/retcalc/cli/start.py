"""The process: garbage collection waits, and the interpreter's shutdown is skipped.

Both take longer than a small answer: a run is short and keeps what it makes until its end, and
everything it writes is flushed before it goes.
"""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from typing import NoReturn

_MANY = 100_000  # objects; what is imported stays below, a run that goes on is collected

# all threads share the memory that one of them has given back, and none goes back to the system
_ALLOCATOR = "_RJEM_MALLOC_CONF", "narenas:1,oversize_threshold:0,dirty_decay_ms:-1"


def start() -> NoReturn:
    """Run the command line and end the process with its exit status."""
    gc.set_threshold(_MANY)
    os.environ.setdefault(*_ALLOCATOR)
    from retcalc.cli.main import main

    status = main()
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, OSError, ValueError):  # closed, or its reader has gone
            stream.flush()
    os._exit(status)

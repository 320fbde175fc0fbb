"""``python -m retcalc``."""

from retcalc.cli.start import start

start()

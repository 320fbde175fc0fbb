"""Settings of the whole suite: property tests give the same examples on every run."""

from hypothesis import settings

settings.register_profile("retcalc", deadline=None, derandomize=True, database=None)
settings.load_profile("retcalc")

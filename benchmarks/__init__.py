"""Benchmarks: retcalc beside others, equal results or none; ``python -m benchmarks`` runs them."""

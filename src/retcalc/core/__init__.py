"""Plain values that rooms hand each other; imports nothing of retcalc but core."""

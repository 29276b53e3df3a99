"""How fast it is, as ratios to what sympy takes on the same machine in the same run: ``python -m benchmarks``."""

"""Inequalities: chains of bounds, and lines in terms of norms."""

"""Figures of a paper, drawn from result objects: nothing here computes a result."""

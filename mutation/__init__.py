"""Mutations of the arithmetic of the evaluation, and whether its tests notice: ``bin/mutate``."""

"""Measure one part on a labelled file."""

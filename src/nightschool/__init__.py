"""A local language model that goes to night school on its own days with one person."""

__version__ = "0.1.0"

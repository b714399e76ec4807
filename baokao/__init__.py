"""baokao (报考): a country registers for an exam."""

__version__ = "0.1.0"

"""Monitor: an open-source newsroom for AI incidents."""

__version__ = "0.1.0"

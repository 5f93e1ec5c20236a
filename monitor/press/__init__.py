"""A simulated press on loopback, for the demo, tests and benchmarks: invented publishers tell invented events.

with Press(clock, start=datetime(2026, 3, 2, tzinfo=UTC)) as press:
    press.catalogue_yaml()  # a feeds.yaml of its sources
    press.truth             # which article tells which event, and which is a copy of which
"""

from monitor.press.server import Press
from monitor.press.truth import TrueArticle, TrueEvent, Truth

__all__ = ["Press", "TrueArticle", "TrueEvent", "Truth"]

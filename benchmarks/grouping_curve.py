"""The cost curve as a picture: SVG, readable on light and dark pages, its figures in words for those who hear it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

WIDTH, HEIGHT = 720, 380
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 64, 56
GOAL = 10.0  # ms of CPU, at most
GOAL_RATIO = 1.3  # of the first size, at most

_STYLE = """
  .paper { fill: #ffffff } .ink { fill: #1b1b1b } .soft { fill: #595959 }
  .grid { stroke: #d9d9d9; stroke-width: 1 }
  .goal { stroke: #8a3b00; stroke-width: 1.5; stroke-dasharray: 6 4 } .goal-ink { fill: #8a3b00 }
  .line { stroke: #0b5cad; stroke-width: 2.5; fill: none } .dot { fill: #0b5cad }
  text { font: 13px system-ui, sans-serif } .head { font-size: 16px; font-weight: 600 }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #16181b } .ink { fill: #f0f0f0 } .soft { fill: #b5b5b5 } .grid { stroke: #3a3d42 }
    .goal { stroke: #ffb37a } .goal-ink { fill: #ffb37a } .line { stroke: #7cb8ff } .dot { fill: #7cb8ff }
  }
"""


def draw(points: Sequence[tuple[int, float]], *, window: int) -> str:
    """The picture of (articles stored, ms of CPU for one more); stored articles on a logarithmic scale."""
    top = 1.15 * max(GOAL, GOAL_RATIO * points[0][1], *(ms for _, ms in points))
    few, many = (math.log10(stored) for stored in (points[0][0], points[-1][0]))

    def x(stored: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (math.log10(stored) - few) / max(1e-9, many - few)

    def y(ms: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * ms / top

    said = "; ".join(f"{stored:,} stored: {ms:.1f} ms" for stored, ms in points)
    title = "Processor time to group one article, by articles stored"
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title said">',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="said">{escape(said)}. The window holds at most {window:,} articles.</desc>',
        f"<style>{_STYLE}</style>",
        f'<rect class="paper" width="{WIDTH}" height="{HEIGHT}" rx="6"/>',
        f'<text class="ink head" x="{LEFT}" y="28">{escape(title)}</text>',
        f'<text class="soft" x="{LEFT}" y="48">SQLite, a window of {window:,} articles; milliseconds</text>',
    ]
    step = 2 if top <= 16 else 5 if top <= 40 else 10
    for mark in range(0, int(top) + 1, step):
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(mark):.1f}" y2="{y(mark):.1f}"/>')
        parts.append(f'<text class="soft" x="{LEFT - 10}" y="{y(mark) + 4:.1f}" text-anchor="end">{mark}</text>')
    right = f'x="{WIDTH - RIGHT}" text-anchor="end"'
    for level, words in ((GOAL, "10 ms"), (GOAL_RATIO * points[0][1], f"{GOAL_RATIO} × the first")):
        parts.append(f'<line class="goal" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(level):.1f}" y2="{y(level):.1f}"/>')
        parts.append(f'<text class="goal-ink" {right} y="{y(level) - 6:.1f}">at most {words}</text>')
    path = " ".join(f"{x(stored):.1f},{y(ms):.1f}" for stored, ms in points)
    parts.append(f'<polyline class="line" points="{path}"/>')
    for stored, ms in points:
        anchor = "start" if stored == points[0][0] else "end" if stored == points[-1][0] else "middle"
        at = f'x="{x(stored):.1f}" text-anchor="{anchor}"'
        parts.append(f'<circle class="dot" cx="{x(stored):.1f}" cy="{y(ms):.1f}" r="4"/>')
        parts.append(f'<text class="ink" {at} y="{y(ms) + 22:.1f}">{ms:.1f}</text>')
        parts.append(f'<text class="soft" {at} y="{HEIGHT - BOTTOM + 24}">{stored:,}</text>')
    parts.append(f'<text class="soft" x="{WIDTH / 2}" y="{HEIGHT - 8}" text-anchor="middle">articles stored</text>')
    return "\n".join([*parts, "</svg>", ""])

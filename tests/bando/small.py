"""A short call document that may be published: that of tests/data, with a grid of its own for the second area and the
duration of the agreement."""

from pathlib import Path

_WRITTEN = (Path(__file__).parent.parent / "data" / "notices" / "small.yaml").read_text()
_SECOND_GRID = """grids:
  - code: seconda
    title: Seconda griglia
    max_points: 10
    scale:
      - {label: sì, coefficient: 1.00}
      - {label: no, coefficient: 0.00}
    blocks:
      - {code: tutto, title: Tutto, max_points: 10}
    criteria:
      - {code: 1.a, title: Anni, block: tutto, max_points: 10}
    rounding: []
    comparison: published
    threshold: null
    tie_chain:
      - {kind: draw}
"""

SMALL = (
    _WRITTEN.replace("title: Area due\n    grid: griglia", "title: Area due\n    grid: seconda")
    .replace("grids:\n", _SECOND_GRID)
    .replace("title: Convenzione\n", "title: Convenzione\n  duration_months: 24\n")
)

"""Which Municipi have proposals, and which were chosen? Nine tiles in three rows.

PURE: standard library only. The tiles only recall where the Municipi are (1 in the middle, the others round it): they are no map,
and the page says so.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

LAYOUT = ((9, 2, 3), (8, 1, 4), (7, 6, 5))
SIDE, GAP = 100, 6
PER_ROW, ROWS = 5, 3
STEP = 16


@dataclass(frozen=True, slots=True)
class Dot:
    x: int
    y: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Tile:
    """``dots``: the chosen ones first; ``more`` are those that found no room. ``asked`` is whether a proposal may stand there;
    ``chosen`` is ``None`` while nobody can be chosen yet."""

    municipio: int
    x: int
    y: int
    proposed: int
    chosen: int | None
    asked: bool
    dots: tuple[Dot, ...]
    more: int

    @property
    def is_empty(self) -> bool:
        return not self.proposed


@dataclass(frozen=True, slots=True)
class Coverage:
    """``tiles`` as they lie; ``without`` are the Municipi where a proposal may stand and none does, ``unchosen`` those of which
    none was chosen, in order; none of these while nobody can be."""

    width: int
    height: int
    side: int
    tiles: tuple[Tile, ...]
    without: tuple[int, ...]
    unchosen: tuple[int, ...]

    @property
    def by_number(self) -> list[Tile]:
        return sorted((tile for tile in self.tiles if tile.asked), key=lambda tile: tile.municipio)


def coverage(proposed: Mapping[int, int], chosen: Mapping[int, int] | None, asked: Collection[int]) -> Coverage:
    """``proposed`` and ``chosen`` by Municipio; those chosen are among those proposed, and ``None`` before the ranking."""
    tiles = []
    for row, numbers in enumerate(LAYOUT):
        for column, number in enumerate(numbers):
            x, y = column * (SIDE + GAP) + 2, row * (SIDE + GAP) + 2
            many, picked = proposed.get(number, 0), None if chosen is None else chosen.get(number, 0)
            room = min(many, PER_ROW * ROWS)
            dots = tuple(Dot(x + 18 + n % PER_ROW * STEP, y + 56 + n // PER_ROW * STEP, n < (picked or 0)) for n in range(room))
            tiles.append(Tile(number, x, y, many, picked, number in asked, dots, many - room))
    width = 3 * SIDE + 2 * GAP + 4
    wanted = sorted(asked)
    return Coverage(
        width=width,
        height=width,
        side=SIDE,
        tiles=tuple(tiles),
        without=tuple(number for number in wanted if not proposed.get(number)),
        unchosen=() if chosen is None else tuple(number for number in wanted if not chosen.get(number)),
    )

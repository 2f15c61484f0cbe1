"""Tiles of the Municipi."""

from evaluation.plots.tile import PER_ROW, ROWS, SIDE, coverage

ALL = range(1, 10)


def test_the_first_is_in_the_middle_and_the_others_round_it():
    tiles = {tile.municipio: tile for tile in coverage({}, {}, ALL).tiles}
    assert sorted(tiles) == list(ALL)
    middle = tiles[1]
    assert (tiles[9].x < middle.x < tiles[3].x, tiles[9].y < middle.y < tiles[5].y) == (True, True)


def test_a_dot_is_full_for_who_was_chosen():
    tile = next(tile for tile in coverage({4: 3}, {4: 1}, ALL).tiles if tile.municipio == 4)
    assert [dot.chosen for dot in tile.dots] == [True, False, False]
    assert (tile.proposed, tile.chosen, tile.more) == (3, 1, 0)


def test_what_finds_no_room_is_counted_and_no_dot_leaves_its_tile():
    room = PER_ROW * ROWS
    tile = next(tile for tile in coverage({4: room + 2}, {}, ALL).tiles if tile.municipio == 4)
    assert (len(tile.dots), tile.more) == (room, 2)
    assert all(tile.x + 6 <= dot.x <= tile.x + SIDE - 6 and tile.y + 6 <= dot.y <= tile.y + SIDE - 6 for dot in tile.dots)


def test_who_has_none_is_told_among_those_where_a_proposal_may_stand():
    drawn = coverage({1: 2, 2: 1}, {1: 1}, [1, 2, 3])
    assert (drawn.without, drawn.unchosen) == ((3,), (2, 3))
    assert [(tile.municipio, tile.is_empty) for tile in drawn.by_number] == [(1, False), (2, False), (3, True)]
    assert [tile.municipio for tile in drawn.tiles if not tile.asked] == [9, 8, 4, 7, 6, 5]


def test_while_nobody_can_be_chosen_nobody_is_missed():
    drawn = coverage({1: 2}, None, [1])
    assert (drawn.unchosen, drawn.by_number[0].chosen, drawn.by_number[0].dots[0].chosen) == ((), None, False)


def test_it_fits_the_narrowest_page():
    assert coverage({}, {}, ALL).width <= 320

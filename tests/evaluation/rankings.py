"""Published rankings for the tests of the evaluation, from the marks to the document."""

from bando.notice.grid import Rounding, RoundingMode, RoundingPoint
from evaluation.pairwise import Pair
from evaluation.published import Drawn, MarksOrder, Proposal, Publication, Version, VersionKind, document
from evaluation.ranking import LotPlaces, Out, Outcome, rank
from evaluation.scoring import Scorer
from tests.evaluation.grids import criterion, how_many, typed_grid

DRAWN = Drawn("ab" * 32, "Lotto, ruota di Milano", "7 19 23 48 81")


def publish(
    grid,
    marks,
    *,
    places=None,
    draws=(),
    act=None,
    seats=0,
    pairs=None,
    version=None,
    hidden=False,
    unfilled_reason="",
    **options,
):
    """The document, from {application: {criterion: [ten-thousandths or None for each commissioner]}}; ``seats`` says how many
    commissioners there are when no proposal was marked by all of them; ``hidden`` sorts the marks; ``options`` are those of
    ``rank``."""
    columns = max((len(row) for given_marks in marks.values() for row in given_marks.values()), default=0)
    columns = max(columns, seats)
    scorer = Scorer(grid, seats=columns, pairs=pairs)
    found = {}
    for application, given_marks in marks.items():
        present = {code: [mark for mark in row if mark is not None] for code, row in given_marks.items()}
        members = how_many(present)
        found[application] = scorer.found(application, present, members=members)
    scores = scorer.compare(found)
    publication = Publication(
        call="prova-2021",
        call_title="Avviso di prova",
        notice_sha256="0" * 64,
        area="1",
        area_title="Nuovi Spazi",
        commissioners=() if hidden else tuple(f"Commissario {number + 1}" for number in range(columns)),
        act=act,
        version=version,
        marks_order=MarksOrder.SORTED if hidden else MarksOrder.MEMBER,
        seats=columns,
        demonstration="Griglia dimostrativa.",
        draws=(DRAWN,) * len(draws),
        unfilled_reason=unfilled_reason,
    )
    proposals = {
        application: Proposal(
            f"Ente {application}",
            f"Progetto {application}",
            {code: [*row, *[None] * (columns - len(row))] for code, row in given_marks.items()},
        )
        for application, given_marks in marks.items()
    }
    ranking = rank(grid, scores, places=places, draws=draws, **options)
    return document(publication, proposals, ranking, pairs)


def whole(**changes):
    """Four proposals in two lots for two places each, of which one is given up: pairs that one of three members did not
    compare, a total rescaled, a draw between the two of a lot, and one that renounced."""
    grid = typed_grid(
        criterion("coppie", "pairwise", "60", pairwise=("sum", True, 3)),
        criterion("punti", "points", "40"),
        rescaling=["total"],
        chain=[("draw", "")],
        rounding=[Rounding(RoundingPoint.MEAN, 3, RoundingMode.HALF_UP)],
    )
    marks = {
        "D-1": {"punti": [300_000, 200_000, 100_000]},
        "D-2": {"punti": [200_000, 300_000, 100_000]},
        "D-3": {"punti": [100_000, 100_000, None]},
        "D-4": {"punti": [400_000, 300_000, 350_000]},
    }
    first = [Pair("D-2", "D-1", 10_000), Pair("D-1", "D-3", 25_000), Pair("D-4", "D-1", 20_000), Pair("D-2", "D-3", 25_000)]
    first += [Pair("D-4", "D-2", 20_000), Pair("D-4", "D-3", 60_000)]
    second = [pair._replace(units=40_000) if pair.units != 10_000 else pair for pair in first]
    options = {
        "pairs": {"coppie": [second, None, first]},
        "lots": [LotPlaces("n", 2, 1, "Nord"), LotPlaces("s", 2, 0, "Sud")],
        "lot_of": {"D-1": "n", "D-2": "n", "D-3": "s", "D-4": "s"},
        "out": {"D-4": Out(Outcome.RENOUNCED, "Lettera del 3 marzo.")},
        "draws": [["D-2", "D-1"]],
        "version": Version(2, VersionKind.FINAL, "cd" * 32, "Ha rinunciato una proposta."),
        "unfilled_reason": "Nessun'altra proposta.",
    }
    return publish(grid, marks, **options | changes)

"""A ranking is published provisional, then final, then corrected."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from applications.models import Application
from applications.states import ApplicationState as S
from bando.deadlines import rome
from bando.models import Call
from bando.states import CallState
from evaluation.actions import (
    answer_observation,
    close_evaluation,
    compute_ranking,
    correct_ranking,
    publish_provisional,
    publish_ranking,
    recompute_ranking,
    reopen_evaluation,
    set_public_title,
    write_observation,
)
from evaluation.models import Mark, Placement, PublicTitle, Ranking, VersionKind
from evaluation.published import recompute
from evaluation.states import RankingState
from tests.builders import official
from tests.builders_evaluation import RANKED_AT, admitted, commission, computed, mark_all, published, same, small_call
from tests.history import history
from workflow.ledger import digest
from workflow.transition import Refused

pytestmark = pytest.mark.django_db

ACT = {"act_number": "200/2021", "act_date": date(2021, 12, 1)}
END = rome(2021, 12, 11, 23, 59, 59) + timedelta(microseconds=999_999)
LATER = END + timedelta(microseconds=1)
SECOND = {"act_number": "214/2021", "act_date": date(2021, 12, 12)}


def observed_call(**more):
    return small_call(more="publication: {observations_days: 10}", **more)


def ranked(call):
    """Best, good, fair: two places."""
    made = [admitted(call, name=f"Ente {letter}") for letter in "ABC"]
    levels = [["ottimo"] * 3, ["buono"] * 3, ["sufficiente"] * 3]
    mark_all(commission(call), {one: same(given) for one, given in zip(made, levels, strict=True)})
    return made


def remark(application, units):
    """As if its sheets had been reopened and concluded with other marks."""
    Mark.objects.filter(sheet__application=application).update(units=int(Decimal(units) * 10_000))


def states(*applications):
    return [Application.objects.get(pk=one.pk).state for one in applications]


# Provisional, then final


def test_a_provisional_ranking_gives_no_outcome_and_the_final_one_does():
    call = observed_call()
    best, good, fair = ranked(call)
    ranking = publish_provisional(computed(call), **ACT, by=official(), at=RANKED_AT)
    version = ranking.latest
    assert (ranking.state, version.number, version.kind, version.observations_until) == ("provisional", 1, "provisional", END)
    assert version.document["version"] == {"number": 1, "kind": "provisional", "replaces": None, "note": ""}
    assert (states(best, good, fair), Placement.objects.count()) == ([S.RANKED] * 3, 3)
    publish_ranking(ranking, **SECOND, by=official(), at=LATER)
    final = ranking.latest
    assert final.document["version"] == {"number": 2, "kind": "final", "replaces": version.sha256, "note": ""}
    assert (final.observations_until, final.sha256) == (None, digest(final.content))
    assert recompute(final.document) == []
    assert states(best, good, fair) == [S.SELECTED, S.SELECTED, S.WAITING]
    assert list(history(ranking)) == ["compute", "publish_provisional", "publish"]
    assert Call.objects.get(pk=call.pk).state == CallState.RANKED


@pytest.mark.parametrize(
    ("at", "reasons"),
    [
        (
            END,
            [
                "Il termine per le osservazioni corre fino a sabato 11 dicembre 2021, ore 23:59:59. "
                "Dopo si pubblica la graduatoria definitiva."
            ],
        ),
        (LATER, []),
    ],
)
def test_the_final_ranking_waits_for_the_last_instant_of_the_term(at, reasons):
    call = observed_call()
    ranked(call)
    ranking = publish_provisional(computed(call), **ACT, by=official(), at=RANKED_AT)
    found = []
    try:
        publish_ranking(ranking, **ACT, by=official(), at=at)
    except Refused as refused:
        found = refused.reasons
    assert (found, ranking.versions.count()) == (reasons, 1 if reasons else 2)


def test_an_observation_without_an_answer_holds_the_final_ranking():
    call, office = observed_call(), official()
    best, *_others = ranked(call)
    ranking = publish_provisional(computed(call), **ACT, by=office, at=RANKED_AT)
    by = best.created_by
    found = write_observation(best, ranking.latest, text="La somma non torna.", by=by, at=END)
    with pytest.raises(Refused) as refused:
        publish_ranking(ranking, **SECOND, by=office, at=LATER)
    assert refused.value.reasons == ["C'è 1 osservazione senza risposta. Rispondi, poi pubblica."]
    answer_observation(found, outcome="rejected", answer="La somma è giusta.", by=office, at=LATER)
    publish_ranking(ranking, **SECOND, by=office, at=LATER)
    assert ranking.state == RankingState.PUBLISHED


@pytest.mark.parametrize(
    ("days", "act", "reason"),
    [
        (
            "publication: {observations_days: 10}",
            publish_ranking,
            "L'avviso dà 10 giorni per le osservazioni: prima pubblica la graduatoria provvisoria.",
        ),
        ("", publish_provisional, "L'avviso non prevede una graduatoria provvisoria: pubblica quella definitiva."),
    ],
)
def test_the_call_says_whether_there_is_a_provisional_ranking(days, act, reason):
    call = small_call(more=days)
    ranked(call)
    ranking = computed(call)
    with pytest.raises(Refused) as refused:
        act(ranking, **ACT, by=official(), at=RANKED_AT)
    assert refused.value.reasons == [reason]


def test_a_ranking_is_not_published_while_its_area_is_marked_again():
    call = observed_call()
    ranked(call)
    ranking = computed(call)
    reopen_evaluation(call, "area-1", by=official(), at=RANKED_AT, reason="Un errore nei punteggi.")
    wanted = ["Dopo l'ultimo calcolo la valutazione di quest'area è stata riaperta: chiudila e poi ricalcola la graduatoria."]
    found = []
    for closed in (False, True):
        if closed:
            close_evaluation(call, "area-1", by=official(), at=RANKED_AT)
        with pytest.raises(Refused) as refused:
            publish_provisional(ranking, **ACT, by=official(), at=RANKED_AT)
        found.append(refused.value.reasons)
    assert found == [wanted, wanted]


def test_a_provisional_ranking_that_changes_says_why_and_may_be_published_again():
    call, office = observed_call(), official()
    best, good, fair = ranked(call)
    ranking = publish_provisional(computed(call), **ACT, by=office, at=RANKED_AT)
    remark(fair, "0.9")
    at = RANKED_AT + timedelta(days=1)
    compute_ranking(call, "area-1", by=office, at=at)
    ranking.refresh_from_db()
    assert (ranking.state, ranking.latest.number) == (RankingState.PROVISIONAL, 1)
    with pytest.raises(Refused) as refused:
        publish_provisional(ranking, **ACT, by=office, at=at)
    assert refused.value.reasons == ["La graduatoria è diversa da quella pubblicata prima: scrivi perché è cambiata."]
    publish_provisional(ranking, **ACT, note="Accolta l'osservazione di Ente C.", by=office, at=at)
    version = ranking.latest
    assert (version.number, version.note, version.observations_until) == (
        2,
        "Accolta l'osservazione di Ente C.",
        END + timedelta(days=1),
    )
    assert [row["application"] for row in version.document["rows"]] == [best.number, fair.number, good.number]


# Corrections


@pytest.fixture
def final():
    call = small_call()
    return call, ranked(call), published(call), official()


def test_a_published_ranking_is_computed_again_only_with_a_reason_and_nothing_public_changes(final):
    call, (_best, _good, fair), ranking, office = final
    before = ranking.latest
    remark(fair, "0.9")
    with pytest.raises(Refused, match=r"Scrivi il motivo: resta nella storia dell'atto\."):
        compute_ranking(call, "area-1", by=office, at=RANKED_AT)
    recompute_ranking(ranking, reason="Un punteggio era sulla riga sbagliata.", by=office, at=RANKED_AT)
    stored = Ranking.objects.get()
    assert (stored.state, stored.sha256 != before.sha256) == (RankingState.PUBLISHED, True)
    assert (stored.latest.sha256, states(fair)) == (before.sha256, [S.WAITING])


def test_a_correction_is_a_further_version_and_moves_the_outcomes_that_change(final):
    _call, (best, good, fair), ranking, office = final
    first = ranking.latest
    remark(fair, "0.9")
    recompute_ranking(ranking, reason="Un errore.", by=office, at=RANKED_AT)
    correct_ranking(ranking, **SECOND, reason="I punteggi di Ente C erano sbagliati.", by=office, at=LATER)
    version = ranking.latest
    assert (version.number, version.kind, version.note) == (2, VersionKind.FINAL, "I punteggi di Ente C erano sbagliati.")
    assert version.document["version"]["replaces"] == first.sha256
    assert states(best, good, fair) == [S.SELECTED, S.WAITING, S.SELECTED]
    assert [list(history(one))[-1] for one in (best, good, fair)] == ["select", "correct_to_waiting", "correct_to_selected"]
    assert (ranking.versions.count(), Placement.objects.count()) == (2, 6)
    first.refresh_from_db()
    assert first.sha256 == digest(first.content)


def test_a_correction_reaches_the_threshold_and_a_tie_too(final):
    _call, (best, good, fair), ranking, office = final
    remark(best, "0.2")
    remark(fair, "0.8")
    recompute_ranking(ranking, reason="Un errore.", by=office, at=RANKED_AT)
    correct_ranking(ranking, **SECOND, reason="Un errore.", by=office, at=LATER)
    assert states(best, good, fair) == [S.BELOW_THRESHOLD, S.SELECTED, S.SELECTED]
    remark(best, "0.9")
    recompute_ranking(ranking, reason="Un altro errore.", by=office, at=LATER)
    correct_ranking(ranking, **SECOND, reason="Un altro errore.", by=office, at=LATER)
    assert states(best, good, fair) == [S.SELECTED, S.RANKED, S.RANKED]


def test_a_press_that_comes_twice_publishes_one_correction(final):
    _call, _made, ranking, _by = final
    before = ranking.versions.count()
    given = {**SECOND, "reason": "L'atto aveva il numero sbagliato.", "by": official(), "at": LATER}
    correct_ranking(ranking, **given)
    with pytest.raises(Refused, match="Questa graduatoria è già pubblicata con quest'atto: è la versione 2"):
        correct_ranking(ranking, **given)
    assert ranking.versions.count() == before + 1


def test_a_press_that_comes_twice_publishes_one_provisional_ranking():
    call = observed_call()
    ranked(call)
    ranking = computed(call)
    given = {**ACT, "unfilled_reason": "", "by": official(), "at": RANKED_AT}
    publish_provisional(ranking, **given)
    with pytest.raises(Refused, match="Questa graduatoria è già pubblicata con quest'atto: è la versione 1"):
        publish_provisional(ranking, **given)
    assert ranking.versions.count() == 1


def test_a_correction_wants_its_reason(final):
    _call, _made, ranking, office = final
    with pytest.raises(Refused) as refused:
        correct_ranking(ranking, **SECOND, reason=" ", by=office, at=LATER)
    assert refused.value.reasons == ["Scrivi il motivo: resta nella storia dell'atto."]


@pytest.mark.parametrize("state", [S.AGREED, S.OPEN])
def test_who_has_signed_an_agreement_is_not_put_aside_by_a_list(final, state):
    _call, (best, _good, _fair), ranking, office = final
    Application.objects.filter(pk=best.pk).update(state=state)
    remark(best, "0.2")
    recompute_ranking(ranking, reason="Un errore.", by=office, at=RANKED_AT)
    with pytest.raises(Refused) as refused:
        correct_ranking(ranking, **SECOND, reason="Un errore.", by=office, at=LATER)
    assert refused.value.reasons == [
        f"La convenzione è già firmata per: {best.number}. Nella nuova versione non sono selezionate: "
        "prima decidi della convenzione con un altro atto."
    ]
    assert (ranking.versions.count(), states(best)) == (1, [state])


def test_what_was_published_is_corrected_after_the_call_is_concluded_and_not_after_it_is_revoked(final):
    call, _made, ranking, office = final
    Call.objects.filter(pk=call.pk).update(state=CallState.REVOKED)
    ranking = Ranking.objects.get()
    with pytest.raises(Refused) as refused:
        correct_ranking(ranking, **SECOND, reason="Un errore.", by=office, at=LATER)
    assert refused.value.reasons == ["L'avviso è «Revocato»: la graduatoria resta com'è."]


# Texts that leave


def test_what_looks_like_a_persons_data_leaves_only_when_it_was_read():
    call, office = small_call(), official()
    proposal = admitted(call, title="Scrivi a carla@esempio.it")
    mark_all(commission(call), {proposal: same(["buono"] * 3)})
    ranking = computed(call)
    given = {**ACT, "unfilled_reason": "Poche proposte.", "by": office, "at": RANKED_AT}
    with pytest.raises(Refused) as refused:
        publish_ranking(ranking, **given)
    assert refused.value.reasons == [
        "Nei testi che escono sembra esserci un dato di una persona. Correggi, oppure conferma di averli letti."
    ]
    publish_ranking(ranking, **given, confirmed=True)
    recompute_ranking(ranking, reason="Un errore.", by=office, at=RANKED_AT)
    correct_ranking(ranking, **ACT, reason="Un errore.", by=office, at=RANKED_AT)  # what stands published was read
    with pytest.raises(Refused, match="sembra esserci un dato di una persona"):
        correct_ranking(ranking, **ACT, reason="Lo ha scritto anna@esempio.it.", by=office, at=RANKED_AT)
    assert ranking.versions.count() == 2


def test_a_title_for_the_publication_leaves_the_proposal_as_it_was_and_stays_when_it_is_computed_again():
    call, office = small_call(), official()
    proposal = admitted(call, title="Il doposcuola di Carla")
    mark_all(commission(call), {proposal: same(["buono"] * 3)})
    ranking = computed(call)
    seen = ranking.sha256
    set_public_title(ranking, proposal.number, " Il doposcuola ", reason="Nomina una persona.", by=office, at=RANKED_AT)
    assert ranking.document["rows"][0]["title"] == "Il doposcuola"
    assert (recompute(ranking.document), ranking.sha256 == seen) == ([], False)
    assert list(history(ranking)) == ["compute", "retitle"]
    compute_ranking(call, "area-1", by=office, at=RANKED_AT)
    assert Ranking.objects.get().document["rows"][0]["title"] == "Il doposcuola"
    assert proposal.current.answers["proposta"]["titolo"] == "Il doposcuola di Carla"


@pytest.mark.parametrize(
    ("title", "reason", "reasons"),
    [
        ("", "Perché sì.", ["Scrivi il titolo per la pubblicazione."]),
        ("Altro", " ", ["Scrivi perché il titolo cambia: resta nella storia della graduatoria."]),
    ],
)
def test_a_title_for_the_publication_has_its_words_and_its_reason(title, reason, reasons):
    call = small_call()
    proposal = admitted(call)
    mark_all(commission(call), {proposal: same(["buono"] * 3)})
    ranking = computed(call)
    with pytest.raises(Refused) as refused:
        set_public_title(ranking, proposal.number, title, reason=reason, by=official(), at=RANKED_AT)
    assert (refused.value.reasons, PublicTitle.objects.count()) == (reasons, 0)
    with pytest.raises(Refused, match="solo chi lavora nell'ufficio"):
        set_public_title(ranking, proposal.number, "Altro", reason="Perché.", by=proposal.created_by, at=RANKED_AT)

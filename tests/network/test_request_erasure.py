from datetime import timedelta

import pytest
from django.utils import translation

from bando.deadlines import rome
from network.actions import (
    accept_quote,
    answer_request,
    close_request,
    keep_request,
    lapse_request,
    offer_quote,
    record_payment,
    reopen_request,
    warn_of_closing,
    withdraw_request,
    write_message,
)
from network.models import Message, Quote, Request
from network.models.requests import Outcome
from network.request_erasure import close, forget, months_before, to_warn, warn
from network.transitions import LAPSE_REQUEST, WARN_OF_CLOSING
from tests.builders_request import NOW, desk, received, routed, taken
from tests.history import history
from workflow.perform import perform
from workflow.transition import Refused

pytestmark = pytest.mark.django_db
LEAST = timedelta(microseconds=1)


@pytest.fixture
def made():
    return desk()


@pytest.mark.parametrize(
    ("at", "months", "expected"),
    [
        (rome(2023, 5, 3, 10), 12, rome(2022, 5, 3, 10)),
        (rome(2023, 5, 3, 10), 5, rome(2022, 12, 3, 10)),
        (rome(2023, 5, 3, 10), 4, rome(2023, 1, 3, 10)),
        (rome(2023, 3, 31, 10), 1, rome(2023, 2, 28, 10)),
        (rome(2024, 2, 29, 10), 12, rome(2023, 2, 28, 10)),
    ],
)
def test_months_are_counted_back_on_the_calendar(at, months, expected):
    assert months_before(at, months) == expected


@pytest.mark.parametrize(
    ("at", "months", "erased"),
    [
        (rome(2023, 5, 3, 10) - LEAST, 12, False),
        (rome(2023, 5, 3, 10), 12, True),
        (rome(2022, 6, 3, 10) - LEAST, 1, False),
        (rome(2022, 6, 3, 10), 1, True),
    ],
)
def test_a_closed_request_is_forgotten_after_the_months_of_the_setting(made, settings, at, months, erased):
    settings.REQUEST_MONTHS = months
    request = taken(made)
    close_request(request, Outcome.INFORMED, by=made.operator, at=NOW)
    forget(at)
    assert (Request.objects.get().erased_at is not None) == erased


@pytest.mark.parametrize(("after", "erased"), [(timedelta(days=30) - LEAST, False), (timedelta(days=30), True)])
def test_a_withdrawn_request_is_forgotten_after_thirty_days(made, after, erased):
    withdraw_request(received(made), at=NOW)
    forget(NOW + after)
    assert (Request.objects.get().erased_at is not None) == erased


def test_what_is_still_open_is_not_forgotten_before_it_is_closed(made):
    received(made)
    answer_request(taken(made), "Ecco.", by=made.operator, at=NOW)
    forget(NOW + timedelta(days=5000))
    assert Request.objects.filter(erased_at=None).count() == 2


def minute(at) -> None:
    """What the worker does."""
    warn(at)
    close(at)
    forget(at)


def of(state: str, made) -> Request:
    """A request in ``state`` that was last touched at ``NOW``."""
    if state == "received":
        return received(made)
    request = (routed if state == "routed" else taken)(made, at=NOW - timedelta(days=1))
    if state == "answered":
        answer_request(request, "Ecco.", by=made.operator, at=NOW)
    else:
        write_message(request, "Nota.", by=made.operator, at=NOW, internal=True)
    return request


@pytest.mark.parametrize(("state", "days"), [("received", 180), ("taken", 180), ("routed", 180), ("answered", 60)])
@pytest.mark.parametrize(("less", "warned"), [(LEAST, False), (timedelta(0), True)])
def test_nobody_is_warned_before_the_term_of_the_setting(made, state, days, less, warned):
    request = of(state, made)
    warn(NOW + timedelta(days=days) - less)
    assert (history(request)[-1] == "warn", Request.objects.get().state) == (warned, state)


def test_the_terms_are_settings(made, settings):
    settings.REQUEST_ANSWERED_DAYS, settings.REQUEST_SILENT_DAYS = 1, 2
    answered, other = of("answered", made), of("taken", made)
    warn(NOW + timedelta(days=1))
    assert (history(answered)[-1], history(other)[-1]) == ("warn", "write")
    warn(NOW + timedelta(days=2))
    assert (history(answered).count("warn"), history(other).count("warn")) == (1, 1)


@pytest.mark.parametrize(("state", "outcome"), [("taken", Outcome.UNATTENDED), ("answered", Outcome.SILENT)])
@pytest.mark.parametrize(("less", "closed"), [(LEAST, False), (timedelta(0), True)])
def test_it_is_closed_fifteen_days_after_the_warning_and_then_forgotten_as_all_others(made, state, outcome, less, closed):
    request = of(state, made)
    warned = NOW + timedelta(days=200)
    for _twice in range(2):
        minute(warned)
    end = warned + timedelta(days=15) - less
    for _twice in range(2):
        minute(end)
    kept = Request.objects.get()
    assert history(request)[-1] == ("lapse" if closed else "warn")
    assert history(request).count("warn") == 1
    assert (kept.state, kept.outcome, kept.closed_at) == (("closed", outcome, end) if closed else (state, "", None))
    if closed:
        a_year = rome((end + timedelta(days=365)).year, end.month, end.day, 10)
        minute(a_year - LEAST)
        assert Request.objects.get().erased_at is None
        minute(a_year)
        assert (Request.objects.get().erased_at, Request.objects.get().email) == (a_year, "")


def test_an_act_after_the_warning_begins_the_term_anew(made):
    request = of("answered", made)
    warned = NOW + timedelta(days=60)
    minute(warned)
    keep_request(request, at=warned + timedelta(days=1))
    with pytest.raises(Refused) as refusal:  # for a worker that looked before the person answered
        lapse_request(request, at=warned + timedelta(days=15))
    assert refusal.value.reasons == ["Prima di chiudere si avvisa, e si aspetta una risposta."]
    minute(warned + timedelta(days=15))
    minute(warned + timedelta(days=61) - LEAST)
    assert history(request)[-2:] == ["warn", "keep"]
    minute(warned + timedelta(days=61))
    assert history(request)[-2:] == ["keep", "warn"]


@pytest.mark.parametrize(("after", "due"), [(timedelta(0), []), (LEAST, ["answered"])])
def test_the_warning_stands_until_somebody_acts_after_it(made, after, due):
    request = of("answered", made)
    warned = NOW + timedelta(days=60)
    warn(warned)
    keep_request(request, at=warned + after)
    late = warned + timedelta(days=60) + after
    assert list(to_warn(late).values_list("state", flat=True)) == due


def test_only_who_was_warned_says_that_they_still_need_it(made):
    request = of("answered", made)
    with pytest.raises(Refused) as refusal:
        keep_request(request, at=NOW)
    assert refusal.value.reasons == ["Questa richiesta non sta per chiudersi: non devi fare niente."]
    minute(NOW + timedelta(days=60))
    with translation.override("en"):
        keep_request(request, at=NOW + timedelta(days=61))
    assert Message.objects.latest("pk").text == "Mi serve ancora."


def test_a_quote_that_can_be_accepted_holds_the_clock_and_one_that_can_not_lapses_with_the_request(made):
    request = of("routed", made)
    late = NOW + timedelta(days=400)
    quote = offer_quote(request, amount_cents=5, text="Ore", valid_until=late.date(), by=made.answerer, at=NOW)
    minute(late)
    with pytest.raises(Refused) as refusal:  # the act too, for a worker that looked before the quote was made
        warn_of_closing(request, at=late)
    assert refusal.value.reasons == ["C'è un preventivo che si può ancora accettare."]
    assert (history(request)[-1], Quote.objects.get().state) == ("write", "offered")
    minute(late + timedelta(days=1))
    minute(late + timedelta(days=16))
    assert (history(request)[-2:], history(quote)) == (["warn", "lapse"], ["offer", "lapse"])
    assert Quote.objects.get().state == "declined"


def test_an_act_on_the_quote_is_an_act_on_the_request(made):
    request = of("routed", made)
    offered_at = NOW + timedelta(days=100)
    day_of_it = offered_at.date()
    quote = offer_quote(request, amount_cents=5, text="Ore", valid_until=day_of_it, by=made.answerer, at=offered_at)
    accept_quote(quote, at=offered_at)
    minute(offered_at + timedelta(days=180) - LEAST)
    assert history(request)[-1] == "write"
    minute(offered_at + timedelta(days=180))
    minute(offered_at + timedelta(days=195))
    assert (history(request)[-1], Quote.objects.get().state) == ("lapse", "accepted")


def test_the_clock_alone_warns_and_closes_and_a_person_closes_with_an_outcome_of_their_own(made):
    request = of("answered", made)
    for row in (WARN_OF_CLOSING, LAPSE_REQUEST):
        with pytest.raises(Refused):
            perform(row, request, by=made.office, at=NOW + timedelta(days=400))
    with pytest.raises(Refused):
        lapse_request(request, at=NOW + timedelta(days=400))
    with pytest.raises(Refused):
        warn_of_closing(request, at=NOW)
    with pytest.raises(ValueError, match="of their own"):
        close_request(request, Outcome.SILENT, by=made.operator, at=NOW)
    assert history(request)[-1] == "answer"


def test_after_the_erasure_no_payment_is_noted(made):
    request = of("routed", made)
    quote = offer_quote(request, amount_cents=5, text="Ore", valid_until=NOW.date(), by=made.answerer, at=NOW)
    accept_quote(quote, at=NOW)
    close_request(request, Outcome.STARTED, by=made.operator, at=NOW)
    late = NOW + timedelta(days=400)
    forget(late)
    with pytest.raises(Refused) as refusal:
        record_payment(quote, reference="Fattura di Rosa", paid_on=NOW.date(), by=made.answerer, at=late)
    assert refusal.value.reasons == [
        "I dati di questa richiesta sono cancellati: qui non si scrive più niente. Il pagamento resta nei vostri conti."
    ]


@pytest.mark.parametrize("count", [1, 10])
def test_the_clock_asks_once_for_each_thing_while_nothing_is_silent(made, count, django_assert_num_queries):
    for n in range(count):
        received(made, email=f"p{n}@esempio.it", phone="")
    for look in (warn, close):
        with django_assert_num_queries(1):
            look(NOW)


def test_nothing_of_the_person_stays_and_the_row_is_counted_on(made):
    request, other = routed(made), taken(made)
    write_message(request, "Chiamatemi.", by=None, at=NOW)
    write_message(other, "Di altri.", by=None, at=NOW)
    quote = offer_quote(request, amount_cents=5, text="Per Rosa", valid_until=NOW.date(), by=made.answerer, at=NOW)
    accept_quote(quote, at=NOW)
    record_payment(quote, reference="Fattura di Rosa", paid_on=NOW.date(), by=made.answerer, at=NOW)
    close_request(request, Outcome.STARTED, by=made.operator, at=NOW)
    late = NOW + timedelta(days=400)
    forget(late)
    kept = Request.objects.get(pk=request.pk)
    assert (kept.name, kept.phone, kept.email, kept.need, kept.erased_at) == ("", "", "", "", late)
    assert list(Message.objects.values_list("text", flat=True)) == ["Di altri."]
    assert list(Quote.objects.values_list("text", "payment_reference", "amount_cents")) == [("", "", 5)]
    assert (kept.state, kept.outcome, kept.closed_at, kept.number) == ("closed", "started", NOW, request.number)
    with pytest.raises(Refused) as refusal:
        reopen_request(kept, reason="Ha richiamato.", by=made.operator, at=late)
    assert refusal.value.reasons == ["I dati di questa richiesta sono cancellati: se serve ancora, se ne scrive una nuova."]


def test_forgetting_asks_once_while_there_is_nothing_to_forget(made, django_assert_num_queries):
    received(made)
    with django_assert_num_queries(1):
        forget(NOW)

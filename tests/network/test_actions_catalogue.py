import threading
from contextlib import suppress
from datetime import date, timedelta

import pytest

from accounts.models import Membership, Role
from bando.deadlines import rome
from network import actions
from network.actions import catalogue
from network.actions.catalogue import KEPT_FOR, MISSES_A_DAY, RESERVED
from network.catalogue_units import service_columns
from network.models import Accreditation, Category, Miss, Service, Synonym
from network.search import Catalogue
from network.urls_services import urlpatterns
from network.written_at_once import BothWrote
from tests.builders import body, official, person
from tests.builders_catalogue import TODAY, offer
from tests.history import history
from tests.together import together
from workflow.duties import pay
from workflow.transition import Refused

pytestmark = pytest.mark.django_db

LATER = TODAY + timedelta(hours=1)


@pytest.fixture
def office():
    return official()


@pytest.fixture
def chief():
    return person(name="Rita Rappresenta")


@pytest.fixture
def offered(office, chief):
    return offer(body("La Lucerna", by=chief), by=chief, office=office)


def facts(**changes):
    return {
        "category": Category.objects.get(),
        "title": "Compagnia",
        "summary": "Due ore insieme",
        "description": "Si chiacchiera.",
        "price": "free",
        "spaces": [],
        **changes,
    }


def refused(act, *args, **kwargs):
    with pytest.raises(Refused) as found:
        act(*args, **kwargs)
    return found.value.reasons


def at_the_same_moment(monkeypatch, name):
    """Let two threads both look with the function ``name`` of the actions before either writes."""
    look, both, first = getattr(catalogue, name), threading.Barrier(2, timeout=2), threading.local()

    def looked(*args, **kwargs):
        found = look(*args, **kwargs)
        if not hasattr(first, "done"):
            first.done = True
            with suppress(threading.BrokenBarrierError):  # where only one writes at a time, the other comes later
                both.wait()
        return found

    monkeypatch.setattr(catalogue, name, looked)


# The life of a service


def test_a_service_is_published_withdrawn_and_published_again(offered, chief):
    row = offered.draft
    actions.publish_service(row, by=chief, at=TODAY)
    actions.withdraw_service(row, by=chief, at=TODAY)
    actions.publish_service(row, by=chief, at=TODAY)
    assert history(row) == ["publish", "withdraw", "publish"]
    assert Service.objects.public(TODAY.date()).count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_services_of_one_title_at_the_same_moment_each_has_its_address(offered, chief, monkeypatch):
    at_the_same_moment(monkeypatch, "free_service_slug")

    def write():
        row = Service(organisation=offered.accreditation.organisation, accreditation=offered.accreditation, at_home=True)
        return actions.save_service(row, by=chief, at=TODAY, **facts(title="Doposcuola")).slug

    assert sorted(together(write, write)) == ["doposcuola", "doposcuola-2"]


def test_whoever_works_for_the_body_publishes_and_nobody_else(offered, office):
    helper, stranger = person(), person()
    Membership.objects.create(user=helper, organisation=offered.draft.organisation, role=Role.COLLABORATOR)
    for somebody in (stranger, office):
        assert refused(actions.publish_service, offered.draft, by=somebody, at=TODAY) == [
            "Lo può fare solo chi lavora per l'ente."
        ]
        assert refused(actions.save_service, offered.draft, by=somebody, at=TODAY, **facts()) == [
            "Lo può fare solo chi lavora per l'ente."
        ]
    actions.publish_service(offered.draft, by=helper, at=TODAY)
    assert history(offered.draft) == ["publish"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"price": "paid"}, "Prima di pubblicare scrivi: quanto costa."),
        ({"price": "mixed", "price_note": " "}, "Prima di pubblicare scrivi: quanto costa."),
        ({"summary": "", "description": " "}, "Prima di pubblicare scrivi: in una riga, che cos'è, che cosa si fa."),
    ],
)
def test_a_service_is_published_whole_and_stays_so(offered, chief, changes, reason):
    row = actions.save_service(offered.draft, by=chief, at=TODAY, **facts(**changes))
    assert refused(actions.publish_service, row, by=chief, at=TODAY) == [reason]
    assert refused(actions.save_service, offered.public, by=chief, at=TODAY, **facts(**changes)) == [reason]
    assert Service.objects.get(pk=offered.public.pk).title == "Assistenza familiare"


@pytest.mark.parametrize(("until", "allowed"), [(TODAY.date(), True), (TODAY.date() - timedelta(days=1), False)])
def test_a_service_is_published_under_an_accreditation_in_force(offered, chief, until, allowed):
    Accreditation.objects.filter(pk=offered.accreditation.pk).update(valid_until=until)
    row = Service.objects.get(pk=offered.draft.pk)
    if allowed:
        actions.publish_service(row, by=chief, at=TODAY)
        assert history(row) == ["publish"]
    else:
        assert refused(actions.publish_service, row, by=chief, at=TODAY) == [
            "L'accreditamento dell'ente non è in vigore: chiedine uno nuovo, poi pubblica il servizio."
        ]


def test_what_the_office_withdrew_comes_back_only_changed(offered, chief, office, mailoutbox):
    row = offered.public
    assert refused(actions.remove_service, row, by=chief, at=LATER, reason="No.") == [
        "Lo può fare solo chi lavora nell'ufficio."
    ]
    assert refused(actions.remove_service, row, by=office, at=LATER, reason="") == [
        "Scrivi il motivo: resta nella storia dell'atto."
    ]
    actions.remove_service(row, by=office, at=LATER, reason="Il prezzo non è chiaro.")
    assert Service.objects.public(LATER.date()).count() == 0
    while pay(LATER):
        pass
    assert [(mail.subject, mail.to) for mail in mailoutbox][-1:] == [
        ("Servizio ritirato dall'ufficio: Assistenza familiare", [chief.email])
    ]
    assert refused(actions.publish_service, row, by=chief, at=LATER) == [
        "L'ufficio lo ha ritirato per questo motivo: Il prezzo non è chiaro. Correggi il servizio e salvalo, poi pubblica."
    ]
    row = actions.save_service(row, by=chief, at=LATER + timedelta(minutes=1), **facts(title="Assistenza"))
    actions.publish_service(row, by=chief, at=LATER + timedelta(minutes=1))
    assert history(row) == ["publish", "remove", "publish"]


def test_what_is_saved_as_it_was_is_not_corrected(offered, chief, office):
    row = offered.public
    actions.remove_service(row, by=office, at=LATER, reason="Il prezzo non è chiaro.")
    actions.save_service(row, by=chief, at=LATER + timedelta(minutes=1), **same(row))
    assert refused(actions.publish_service, row, by=chief, at=LATER + timedelta(minutes=2)) == [
        "L'ufficio lo ha ritirato per questo motivo: Il prezzo non è chiaro. Correggi il servizio e salvalo, poi pubblica."
    ]


def same(row):
    return {name: value for name, value in service_columns(row).items() if name in facts()}


def test_two_people_of_a_body_lose_nothing_of_what_each_wrote(offered, chief):
    one, other = Service.objects.get(pk=offered.draft.pk), Service.objects.get(pk=offered.draft.pk)
    actions.save_service(one, by=chief, at=TODAY, **{**same(one), "title": "Compagnia in casa"})
    actions.save_service(other, by=chief, at=LATER, **{**same(other), "price": "paid", "price_note": "5 € l'ora"})
    now = Service.objects.get(pk=one.pk)
    assert (now.title, now.price, now.price_note) == ("Compagnia in casa", "paid", "5 € l'ora")
    with pytest.raises(BothWrote) as found:
        actions.save_service(other, by=chief, at=LATER, **{**same(other), "title": "Due ore insieme"})
    assert {unit for unit, verdict in found.value.verdicts.items() if verdict == "both"} == {"title"}
    # The other changed the price alone, and this page did not: its price stays.
    actions.save_service(one, by=chief, at=LATER, **{**same(one), "audience": "Anziani"})
    now.refresh_from_db()
    assert (now.title, now.price, now.audience) == ("Compagnia in casa", "paid", "Anziani")


def test_a_saved_service_is_found_by_its_new_words(offered, chief):
    actions.save_service(offered.public, by=chief, at=TODAY, **facts(title="Ippoterapia"))
    known = Catalogue.of(TODAY.date())
    assert [len(known.look_for(word).services) for word in ("ippoterapia", "familiare")] == [1, 0]
    assert Service.objects.get(pk=offered.public.pk).slug == "assistenza-familiare"  # an address stays


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Assistenza familiare", "assistenza-familiare-2"),
        ("Città & età", "citta-eta"),
        ("Enti", "enti-2"),
        ("Richieste", "richieste-2"),
        ("!!!", "servizio"),
        ("x" * 150, "x" * 70),
    ],
)
def test_a_service_has_an_address_of_its_own(offered, title, slug):
    assert actions.catalogue.free_service_slug(title) == slug


def test_no_service_takes_the_address_of_a_page():
    fixed = {str(pattern.pattern).split("/")[0] for pattern in urlpatterns} - {"", "<slug:slug>"}
    assert fixed - RESERVED == set()


# Words


def test_the_office_writes_what_people_say(office):
    row = actions.save_synonym(None, term="  Badante ", means="assistenza  familiare", by=office, at=TODAY)
    assert (row.term, row.means, row.by, row.at) == ("badante", "assistenza familiare", office, TODAY)
    actions.save_synonym(row, term="badante", means="colf", by=office, at=LATER)
    assert [(one.term, one.means, one.at) for one in Synonym.objects.all()] == [("badante", "colf", LATER)]
    actions.save_synonym(row, term="Badante", means="colf", by=office, at=LATER)  # as it is: no step
    actions.remove_synonym(row, by=office, at=LATER)
    assert Synonym.objects.in_use().count() == 0
    assert [(step.act, step.by, step.facts) for step in row.steps.all()] == [
        ("add", office, {"term": "badante", "means": "assistenza familiare"}),
        (
            "change",
            office,
            {"term": "badante", "means": "colf", "before": {"term": "badante", "means": "assistenza familiare"}},
        ),
        ("remove", office, {"before": {"term": "badante", "means": "colf"}}),
    ]


def test_what_was_changed_or_removed_comes_back(office, chief):
    row = actions.save_synonym(None, term="badante", means="assistenza", by=office, at=TODAY)
    actions.save_synonym(row, term="tata", means="bambini", by=office, at=TODAY)
    change = row.steps.get(act="change")
    removal = actions.remove_synonym(row, by=office, at=LATER)
    assert refused(actions.undo_synonym, removal, by=chief, at=LATER) == ["Lo può fare solo chi lavora nell'ufficio."]
    actions.undo_synonym(removal, by=office, at=LATER)
    actions.undo_synonym(change, by=office, at=LATER)
    row.refresh_from_db()
    assert (row.term, row.means, row.state, history(row)) == (
        "badante",
        "assistenza",
        "in_use",
        ["add", "change", "remove", "restore", "change"],
    )
    assert refused(actions.undo_synonym, change, by=office, at=LATER) == ["«badante» è già così."]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("terms", [("badante", "badante"), ("badante", "le badanti")])
def test_of_two_officials_who_add_one_word_at_the_same_moment_the_second_reads_that_it_is_there(office, monkeypatch, terms):
    at_the_same_moment(monkeypatch, "reasons_against")
    write = {"means": "colf", "by": office, "at": TODAY}
    found = together(*[lambda term=term: actions.save_synonym(None, term=term, **write) for term in terms])
    kept = next(one for one in found if isinstance(one, Synonym))
    taken = [f"«{kept.term}» c'è già: cambia quello che vuol dire."]
    assert [one.reasons for one in found if isinstance(one, Refused)] == [taken]
    assert (Synonym.objects.get(), history(kept)) == (kept, ["add"])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("terms", [("badante", "badante"), ("badante", "badanti")])
def test_of_two_synonyms_changed_to_one_word_at_the_same_moment_the_second_stays_as_it_was(office, monkeypatch, terms):
    tata, colf = (actions.save_synonym(None, term=term, means="aiuto", by=office, at=TODAY) for term in ("tata", "colf"))
    at_the_same_moment(monkeypatch, "synonym_columns")
    write = {"means": "aiuto", "by": office, "at": LATER}
    found = together(
        *[
            lambda row=row, term=term: actions.save_synonym(row, term=term, **write)
            for row, term in zip((tata, colf), terms, strict=True)
        ]
    )
    kept = next(one for one in found if isinstance(one, Synonym))
    taken = [f"«{kept.term}» c'è già: cambia quello che vuol dire."]
    assert [one.reasons for one in found if isinstance(one, Refused)] == [taken]
    other = colf if kept == tata else tata
    assert dict(Synonym.objects.values_list("pk", "term")) == {kept.pk: kept.term, other.pk: other.term}
    assert (history(kept), history(other)) == (["add", "change"], ["add"])


def test_two_officials_do_not_write_over_each_other_s_synonym(office):
    row = actions.save_synonym(None, term="badante", means="assistenza", by=office, at=TODAY)
    one, other = Synonym.objects.get(pk=row.pk), Synonym.objects.get(pk=row.pk)
    actions.save_synonym(one, term="badante", means="colf", by=office, at=LATER)
    for term, means in (("badante", "anziani"), ("badanti", "assistenza")):
        with pytest.raises(BothWrote):
            actions.save_synonym(other, term=term, means=means, by=office, at=LATER)
    actions.save_synonym(other, term="badante", means="assistenza", by=office, at=LATER)  # as this page showed it
    actions.save_synonym(other, term="badante", means="colf", by=office, at=LATER)
    row.refresh_from_db()
    assert (row.term, row.means, history(row)) == ("badante", "colf", ["add", "change"])


def test_what_was_removed_comes_back_unless_its_words_are_taken(office):
    row = actions.save_synonym(None, term="badante", means="assistenza", by=office, at=TODAY)
    removal = actions.remove_synonym(row, by=office, at=TODAY)
    actions.save_synonym(None, term="badante", means="colf", by=office, at=LATER)
    assert refused(actions.undo_synonym, removal, by=office, at=LATER) == ["«badante» c'è già: cambia quello che vuol dire."]
    assert refused(actions.remove_synonym, row, by=office, at=LATER) == ["Adesso non si può fare: lo stato è «Tolto»."]


@pytest.mark.parametrize(
    ("term", "means", "reason"),
    [
        ("che cosa", "colf", "«che cosa» è tra le parole che la ricerca salta: scrivine una che dica il bisogno."),
        ("tata", "di", "Scrivi almeno una parola del catalogo."),
        ("Le Bàdanti", "colf", "«badante» c'è già: cambia quello che vuol dire."),
    ],
)
def test_a_synonym_says_something_new(office, term, means, reason):
    actions.save_synonym(None, term="badante", means="assistenza", by=office, at=TODAY)
    assert refused(actions.save_synonym, None, term=term, means=means, by=office, at=TODAY) == [reason]
    assert Synonym.objects.count() == 1


def test_only_the_office_changes_words(offered, office, chief):
    row = actions.save_synonym(None, term="badante", means="assistenza", by=office, at=TODAY)
    no = ["Lo può fare solo chi lavora nell'ufficio."]
    assert refused(actions.save_synonym, None, term="tata", means="bambini", by=chief, at=TODAY) == no
    assert refused(actions.remove_synonym, row, by=chief, at=TODAY) == no
    assert refused(actions.forget_miss, "x", by=chief, at=TODAY) == no


# Searches that found nothing


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("Astronave", "astronave"),
        ("cerco un'astronave per la mia città", "astronave citta"),
        ("aiuto dopo le 18", "aiuto dopo 18"),
        ("che cosa", None),
        ("", None),
        ("mario.rossi@esempio.it", None),
        ("chiamami al 333 1234567", None),
        ("RSSMRA80A01F205X", None),
        ("via Padova 12345", None),
        ("mia madre è caduta in bagno ieri sera da sola", None),
        ("x" * 101, None),
    ],
)
def test_a_search_without_an_answer_is_counted_without_who_searched(query, kept):
    made = actions.count_miss(query, at=TODAY)
    assert (made and made.query) == kept
    assert [(row.query, row.day, row.count) for row in Miss.objects.all()] == ([(kept, TODAY.date(), 1)] if kept else [])


def test_the_same_search_is_counted_by_day():
    for at in (TODAY, LATER, rome(2022, 5, 3, 23, 59), rome(2022, 5, 4)):
        actions.count_miss("astronave", at=at)
    actions.count_miss("un'ASTRONAVE", at=rome(2022, 5, 4, 1))
    assert list(Miss.objects.order_by("day").values_list("day", "count")) == [(date(2022, 5, 3), 3), (date(2022, 5, 4), 2)]


def test_a_machine_fills_no_more_than_a_day_may_hold_and_a_year_is_kept():
    day = TODAY.date()
    Miss.objects.bulk_create(Miss(query=f"parola{n}", day=day) for n in range(MISSES_A_DAY))
    Miss.objects.create(query="vecchia", day=day + timedelta(days=1) - KEPT_FOR)
    Miss.objects.create(query="antica", day=day - KEPT_FOR)
    assert actions.count_miss("astronave", at=TODAY) is None
    assert actions.count_miss("parola7", at=TODAY).count == 2
    actions.count_miss("astronave", at=TODAY + timedelta(days=1))
    rest = Miss.objects.exclude(query__startswith="parola")
    assert sorted(rest.values_list("query", flat=True)) == ["astronave", "vecchia"]


def test_the_office_forgets_a_search(office):
    actions.count_miss("astronave", at=TODAY)
    actions.forget_miss("astronave", by=office, at=TODAY)
    assert Miss.objects.count() == 0

"""Filling the sections: nothing typed is lost, whoever types it and whenever."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Membership
from applications.actions import save_section
from applications.models import Application, SectionDraft
from applications.progress import drafts_of
from applications.sections.build import SectionForm
from bando.clarifying import answer, replace
from bando.models import Clarification
from tests.builders import (
    AFTER,
    DEADLINE,
    WORKDAY,
    attach_pdf,
    complete_draft,
    draft_application,
    official,
    person,
    submitted_application,
)
from tests.clock import arriving
from workflow.transition import Refused

WORKING = {"titolo": "Casa aperta", "in-breve": "Un posto per tutti"}


@pytest.fixture
def application(db) -> Application:
    return draft_application(by=person("anna@esempio.it", "Anna Bianchi"))


@pytest.fixture
def anna(application: Application) -> Client:
    return signed_in(application.created_by)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def colleague(application: Application, email: str = "marco@esempio.it", name: str = "Marco Rossi") -> Client:
    marco = person(email, name)
    Membership.objects.create(user=marco, organisation=application.organisation)
    return signed_in(marco)


def address(application: Application, step: str = "proposta") -> str:
    return reverse("application_section", args=[application.pk, step])


def save(
    client: Client, application: Application, step: str = "proposta", *, version: int = 0, then: str = "next", **typed: Any
):
    return client.post(address(application, step), {**typed, "__version": version, "then": then})


def test_saving_goes_on_to_the_next_section_and_the_last_one_to_the_files(anna: Client, application: Application) -> None:
    with arriving(WORKDAY):
        complete_draft(application)
        told = {
            draft.section: save(anna, application, draft.section, version=1, **draft.answers)["Location"].split("/")[-2]
            for draft in application.drafts.order_by("pk")
        }
    assert told == {
        "ente": "chi-partecipa",
        "chi-partecipa": "esperienza",
        "esperienza": "spazio",
        "spazio": "proposta",
        "proposta": "gruppo-di-lavoro",
        "gruppo-di-lavoro": "monitoraggio",
        "monitoraggio": "piano-economico",
        "piano-economico": "dichiarazioni",
        "dichiarazioni": "allegati",
    }


def test_save_and_leave_goes_to_the_hub_even_half_written(anna: Client, application: Application) -> None:
    with arriving(WORKDAY):
        answer = save(anna, application, then="hub", **WORKING)
    assert answer["Location"] == reverse("application", args=[application.pk])
    assert application.drafts.get().answers["titolo"] == "Casa aperta"


def test_a_wrong_section_is_kept_and_shown_again_with_its_faults(anna: Client, application: Application) -> None:
    with arriving(WORKDAY):
        answer = save(anna, application, "esperienza", **{"anni-di-attivita": "tanti"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Scrivi un numero, per esempio 12." in page
    assert 'value="tanti"' in page
    draft = application.drafts.get()
    assert (draft.answers["anni-di-attivita"], draft.version, draft.saved_by.email, draft.saved_at) == (
        "tanti",
        1,
        "anna@esempio.it",
        WORKDAY,
    )
    assert draft.problems["anni-di-attivita"] == [{"code": "unreadable", "sentence": "Scrivi un numero, per esempio 12."}]
    assert "csrfmiddlewaretoken" not in draft.answers


def test_another_browser_weeks_later_finds_the_text(anna: Client, application: Application) -> None:
    with arriving(WORKDAY - timedelta(days=20)):
        save(anna, application, then="hub", **WORKING)
    anna.logout()
    with arriving(WORKDAY):
        page = colleague(application).get(address(application)).content.decode()
    assert 'value="Casa aperta"' in page
    assert "Un posto per tutti" in page
    assert "cose da correggere" not in page


def test_back_and_forth_keeps_every_section(anna: Client, application: Application) -> None:
    with arriving(WORKDAY):
        save(anna, application, "proposta", titolo="Primo")
        save(anna, application, "monitoraggio", **{"persone-raggiunte": "300"})
        anna.get(address(application, "proposta"))
        save(anna, application, "proposta", version=1, titolo="Secondo")
    kept = {draft.section: draft.answers for draft in application.drafts.all()}
    assert kept["proposta"]["titolo"] == "Secondo"
    assert kept["monitoraggio"]["persone-raggiunte"] == "300"


def test_faults_are_shown_to_who_asks_for_them(anna: Client, application: Application) -> None:
    with arriving(WORKDAY):
        save(anna, application, then="hub", **WORKING)
        page = anna.get(address(application) + "?controlla").content.decode()
    assert "Scrivi la risposta a «Quali bisogni avete visto?»." in page


def test_the_second_of_two_people_sees_both_texts_and_chooses(anna: Client, application: Application) -> None:
    marco = colleague(application)
    with arriving(WORKDAY):
        save(anna, application, titolo="Il titolo di Anna")
    with arriving(WORKDAY + timedelta(minutes=5)):
        answer = save(marco, application, titolo="Il titolo di Marco")
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "Anna Bianchi ha cambiato questo campo alle 10:42. Leggi le due versioni e scegli quale tenere." in page
        assert page.count("Il titolo di Anna") == 1
        assert 'value="Il titolo di Marco"' in page
        assert application.drafts.get().answers["titolo"] == "Il titolo di Anna"

        assert 'name="__version" value="1"' in page
        save(marco, application, version=1, titolo="Il titolo di Marco")
    draft = application.drafts.get()
    assert (draft.answers["titolo"], draft.version, draft.saved_by.name) == ("Il titolo di Marco", 2, "Marco Rossi")


def carried(client: Client, application: Application) -> str:
    """What the page says of what it was shown."""
    return client.get(address(application)).context["bases"]


def test_two_people_who_change_different_answers_are_both_kept(anna: Client, application: Application) -> None:
    marco = colleague(application)
    with arriving(WORKDAY):
        save(anna, application, titolo="Prima", **{"in-breve": "Prima"})
        shown = carried(anna, application)
        assert save(anna, application, titolo="Di Anna", **{"in-breve": "Prima"}, __bases=shown).status_code == 200
        answer = save(marco, application, titolo="Prima", **{"in-breve": "Di Marco"}, __bases=shown, then="hub")
    assert answer["Location"] == reverse("application", args=[application.pk])
    draft = application.drafts.get()
    assert (draft.answers["titolo"], draft.answers["in-breve"], draft.version) == ("Di Anna", "Di Marco", 3)
    assert drafts_of(application)["proposta"].problems["contesto-e-bisogni"][0]["code"] == "required"


@pytest.mark.parametrize(
    "bases", ["", "{", "[]", '{"titolo": 3}', "[" * 100_000], ids=["", "{", "[]", "3", "nested too deeply"]
)
def test_a_page_that_says_nothing_to_be_read_of_what_it_was_shown_is_saved(
    anna: Client, application: Application, bases: str
) -> None:
    with arriving(WORKDAY):
        save(anna, application, titolo="Casa aperta", __bases=bases)
    assert application.drafts.get().answers["titolo"] == "Casa aperta"


def test_who_goes_on_sees_what_others_wrote_meanwhile_elsewhere(anna: Client, application: Application) -> None:
    marco = colleague(application)
    with arriving(WORKDAY):
        shown = carried(marco, application)
        save(anna, application, titolo="Di Anna")
        page = save(marco, application, **{"in-breve": "Di Marco"}, __bases=shown).content.decode()
    assert 'value="Di Anna"' in page
    assert "Di Marco" in page


def test_of_the_same_answer_both_texts_are_offered_and_the_rest_is_saved(anna: Client, application: Application) -> None:
    marco = colleague(application)
    with arriving(WORKDAY):
        shown = carried(marco, application)
        save(anna, application, titolo="Di Anna")
        answer = save(marco, application, titolo="Di Marco", **{"in-breve": "Il resto"}, __bases=shown)
        kept = application.drafts.get().answers
        assert (answer.status_code, kept["titolo"], kept["in-breve"]) == (409, "Di Anna", "Il resto")
        assert "Un campo ha due versioni" in answer.content.decode()
        mine = save(marco, application, titolo="Di Marco", **{"in-breve": "Il resto"}, __bases=answer.context["bases"])
    assert mine.status_code == 200
    assert application.drafts.get().answers["titolo"] == "Di Marco"


@pytest.mark.parametrize("bases", ["", "x", "[]", '{"titolo": 3}', "null"])
def test_a_page_that_does_not_say_what_it_was_shown_overwrites_nothing(anna: Client, application: Application, bases) -> None:
    with arriving(WORKDAY):
        save(anna, application, titolo="Uno")
        assert save(colleague(application), application, titolo="Due", __bases=bases).status_code == 409
    assert application.drafts.get().answers["titolo"] == "Uno"


def test_a_page_shown_before_somebody_saved_does_not_overwrite(anna: Client, application: Application) -> None:
    with arriving(WORKDAY):
        save(anna, application, titolo="Uno")
        save(anna, application, version=1, titolo="Due")
        assert save(anna, application, version=1, titolo="Tre").status_code == 409
    assert application.drafts.get().answers["titolo"] == "Due"


def test_saving_the_same_thing_twice_is_no_quarrel(anna: Client, application: Application) -> None:
    with arriving(WORKDAY):
        save(anna, application, titolo="Uno")
        assert save(anna, application, version=0, titolo="Uno").status_code == 200
    assert application.drafts.get().version == 1


@pytest.mark.parametrize(
    ("moment", "status"),
    [(DEADLINE, 302), (DEADLINE + timedelta(microseconds=1), 409), (DEADLINE + timedelta(seconds=33), 409)],
)
def test_answers_are_saved_until_the_deadline_and_not_after(
    anna: Client, application: Application, moment, status: int
) -> None:
    with arriving(moment):
        answer = save(anna, application, then="hub", **WORKING)
    assert answer.status_code == status
    assert application.drafts.exists() is (status == 302)
    if status == 409:
        page = answer.content.decode()
        assert "Il termine è scaduto: lunedì 18 ottobre 2021, ore 12:00:00." in page
        assert "Casa aperta" in page  # what was just typed can still be copied


def test_after_the_deadline_a_section_is_read_and_not_written(anna: Client, application: Application) -> None:
    with arriving(WORKDAY):
        save(anna, application, **WORKING)
    with arriving(AFTER):
        page = anna.get(address(application)).content.decode()
    assert "Casa aperta" in page
    assert "<textarea" not in page


def test_a_section_that_the_area_does_not_have_is_not_found(anna: Client, application: Application) -> None:
    with arriving(WORKDAY):
        assert anna.get(address(application, "altra")).status_code == 404
        assert save(anna, application, "altra").status_code == 404


def test_strangers_and_officials_find_nothing(application: Application) -> None:
    with arriving(WORKDAY):
        for user in (person(), official()):
            assert signed_in(user).get(address(application)).status_code == 404
            assert save(signed_in(user), application, **WORKING).status_code == 404
        anonymous = Client().get(address(application))
    assert anonymous["Location"].startswith(reverse("account_login"))
    assert not SectionDraft.objects.exists()


@pytest.mark.parametrize("stranger", [person, official])
def test_the_act_itself_refuses_who_is_not_of_the_body(application: Application, stranger) -> None:
    with pytest.raises(Refused) as refused:
        save_section(application, "proposta", answers={}, problems={}, base_version=0, by=stranger(), at=WORKDAY)
    assert refused.value.reasons == ["Lo può fare solo chi rappresenta l'ente."]
    with pytest.raises(Refused):
        attach_pdf(application, "statuto", by=stranger())


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (
            "withdrawn",
            "Hai ritirato questa domanda: si può solo leggere. Se vuoi partecipare, iniziane una nuova.",
        ),
        ("checking", "L'ufficio sta già lavorando su questa domanda: si può solo leggere."),
    ],
)
def test_what_is_no_longer_with_the_body_is_only_read(db, state: str, sentence: str) -> None:
    application = submitted_application()
    Application.objects.update(state=state)
    application.refresh_from_db()
    by = application.created_by
    with pytest.raises(Refused) as refused:
        save_section(application, "proposta", answers={}, problems={}, base_version=1, by=by, at=WORKDAY)
    assert refused.value.reasons == [sentence]


def test_what_was_sent_can_still_be_changed_until_the_deadline(db) -> None:
    application = submitted_application()
    client = signed_in(application.created_by)
    with arriving(WORKDAY):
        answers = application.drafts.get(section="proposta").answers
        assert save(client, application, version=1, **{**answers, "titolo": "Nuovo titolo"}).status_code == 302
    application.refresh_from_db()
    assert application.state == "submitted"
    assert application.current.answers["proposta"]["titolo"] != "Nuovo titolo"


def queries(client: Client, method: str, url: str, data: dict | None = None) -> int:
    with CaptureQueriesContext(connection) as captured:
        getattr(client, method)(url, data or {})
    # Session and user are asked for by every page of every site: the promise starts after them.
    return sum("django_session" not in q["sql"] and 'FROM "accounts_user" ' not in q["sql"] for q in captured)


@pytest.mark.parametrize("sections", [1, 3])
def test_queries_of_a_section_do_not_grow(anna: Client, application: Application, sections: int) -> None:
    with arriving(WORKDAY):
        for step in ("proposta", "ente", "monitoraggio")[:sections]:
            save(anna, application, step, **(WORKING if step == "proposta" else {}))
        attach_pdf(application, "statuto")
        assert queries(anna, "get", address(application)) == 4
        assert queries(anna, "post", address(application), {**WORKING, "titolo": "Altro", "__version": 1, "then": "hub"}) == 9


def test_a_section_shows_the_clarifications_about_it_and_no_others(anna: Client, application: Application) -> None:
    old = _clarified(application, "proposta", "Una risposta sbagliata.")
    words = {"section": "proposta", "question": "Quanto lungo?", "reply": "Quanto il limite.", "explains_only": True}
    replace(old, **words, by=official(), at=WORKDAY)
    _clarified(application, "ente", "Una risposta sull'ente.")
    with arriving(WORKDAY):
        pages = {step: anna.get(address(application, step)).content.decode() for step in ("proposta", "ente", "monitoraggio")}
    answers = ("Una risposta sbagliata.", "Quanto il limite.", "Una risposta sull&#x27;ente.")
    assert {step: [answer in page for answer in answers] for step, page in pages.items()} == {
        "proposta": [False, True, False],
        "ente": [False, False, True],
        "monitoraggio": [False, False, False],
    }
    assert f'href="/avvisi/{application.call.slug}/chiarimenti/#chiarimento-2"' in pages["proposta"]


def _clarified(application: Application, section: str, reply: str) -> Clarification:
    words = {"section": section, "question": "Quale?", "reply": reply, "explains_only": True}
    return answer(application.call, **words, by=official(), at=WORKDAY)


def test_a_post_validates_its_section_once(anna: Client, application: Application) -> None:
    with arriving(WORKDAY):
        complete_draft(application)
        answers = application.drafts.get(section="dichiarazioni").answers
        with patch.object(SectionForm, "full_clean", autospec=True, side_effect=SectionForm.full_clean) as validated:
            save(anna, application, "dichiarazioni", version=1, **answers)
    assert validated.call_count == 1


@pytest.mark.parametrize(("step", "judged"), [("chi-partecipa", False), ("proposta", True), ("piano-economico", True)])
def test_a_section_speaks_of_the_grid_only_where_the_grid_judges(
    anna: Client, application: Application, step: str, judged: bool
) -> None:
    with arriving(WORKDAY):
        page = anna.get(address(application, step)).content.decode()
    assert ("Griglia dimostrativa" in page) is judged

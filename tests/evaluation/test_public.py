"""The published ranking, for people and for programs."""

import csv
import hashlib
import io
import json
from datetime import timedelta
from html import unescape

import pytest
from django.core import mail
from django.urls import reverse

from bando.deadlines import rome
from evaluation.actions import commit_draw, correct_ranking, publish_provisional, publish_ranking, recompute_ranking
from evaluation.duties import make_ranking_pdf
from evaluation.models import Mark, Placement, RankingFile
from evaluation.published import recompute
from evaluation.results import result_of
from tests.builders import official
from tests.builders_evaluation import RANKED_AT, admitted, commission, computed, mark_all, published, same, small_call
from tests.clock import arriving
from workflow.duties import pay
from workflow.models import Duty

pytestmark = pytest.mark.django_db

FILES = ("ranking_json", "ranking_csv", "ranking_ods", "ranking_pdf")


def text(response):
    return unescape(response.content.decode())


@pytest.fixture
def call():
    return small_call()


@pytest.fixture
def proposals(call):
    """Best, two equal across the last of two places, one below the threshold, all marked by three members."""
    made = [admitted(call, name=f"Ente {letter}", title=f"Progetto {letter}") for letter in "ABC"]
    made.append(admitted(call, name='=Ente "D", coop', title="Progetto D"))
    levels = [["ottimo"] * 3, ["buono"] * 3, ["buono"] * 3, ["scarso"] * 3]
    mark_all(commission(call), {proposal: same(given) for proposal, given in zip(made, levels, strict=True)})
    return made


def address(call, name="ranking", area="area-1"):
    return reverse(name, args=[call.slug, area])


def version_address(call, number, name="ranking_version"):
    return reverse(name, args=[call.slug, "area-1", number])


def test_the_page_leads_to_the_draw_once_there_is_one(call, proposals, client):
    ranking = published(call)
    link = f'href="{address(call, "draw")}"'
    assert link not in text(client.get(address(call)))  # a tie is pending, and no list is public yet
    commit_draw(ranking, source="Lotto", value_at=RANKED_AT + timedelta(days=3), by=official(), at=RANKED_AT)
    assert link in text(client.get(address(call)))


def test_the_page_of_the_call_leads_to_a_ranking_as_soon_as_it_is_public(client):
    call = small_call(more="publication: {observations_days: 10}")
    mark_all(commission(call), {admitted(call): same(["buono"] * 3)})
    ranking, link = computed(call), f'href="{address(call)}"'
    assert link not in text(client.get(reverse("call", args=[call.slug])))
    facts = {"act_number": "1", "act_date": RANKED_AT.date(), "unfilled_reason": "Una sola proposta."}
    publish_provisional(ranking, **facts, by=official(), at=RANKED_AT)
    page = text(client.get(reverse("call", args=[call.slug])))
    assert link in page
    assert "Leggi la graduatoria provvisoria" in page


def test_nobody_finds_a_ranking_that_is_not_published(call, proposals, client):
    computed(call)
    for user in (None, official()):
        if user:
            client.force_login(user)
        assert [client.get(address(call, name)).status_code for name in ("ranking", *FILES)] == [404] * 5


@pytest.mark.parametrize("area", ["area-9", "area-1%00"])
def test_an_area_that_cannot_be_is_not_found(call, proposals, client, area):
    published(call)
    assert client.get(address(call).replace("area-1", area)).status_code == 404


def test_ties_reach_the_page_as_ties(call, proposals, client):
    published(call)
    page = text(client.get(address(call)))
    assert page.count("Parità sull'ultimo posto: nessuna di queste proposte è ancora selezionata") == 2
    assert page.count('data-label="Posto">2</td>') == 2
    assert f"Parità con {proposals[2].number}" in page
    assert f"Parità con {proposals[1].number}" in page
    assert "Per 1 posto ci sono 2 proposte pari: resta da assegnare, e nessuna delle pari è selezionata." in page


def test_the_page_says_what_came_out_how_and_with_which_act(call, proposals, client):
    version = published(call).latest
    page = text(client.get(address(call)))
    for sentence in (
        "Approvata con atto n. 200/2021 del 1 dicembre 2021.",
        "4 proposte valutate.",
        "1 posto assegnato su 2.",
        "Soglia: 50 punti in tutto.",
        "Totale 20,00, la soglia è 50.",
        "A parità di totale decide, in ordine: più punti in «Il progetto», sorteggio pubblico.",
        "CC-BY-4.0",
        "Il PDF è in preparazione",
        f'data-copy="{version.sha256}"',
        f'href="{version_address(call, 1, "ranking_version_json")}"',
        "Resta qui fino al 31 dicembre 2026.",
    ):
        assert sentence in page
    assert "Griglia dimostrativa" not in page


def test_the_json_is_the_very_text_whose_hash_is_shown_and_gives_the_ranking_again(call, proposals, client):
    ranking = published(call).latest
    response = client.get(address(call, "ranking_json"))
    assert hashlib.sha256(response.content).hexdigest() == ranking.sha256
    assert (response.headers["Content-Type"], response.headers["ETag"]) == ("application/json", f'"{ranking.sha256}"')
    assert recompute(json.loads(response.content)) == []
    again = client.get(address(call, "ranking_json"), headers={"If-None-Match": f'W/"{ranking.sha256}"'})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(address(call, "ranking_json"), headers={"If-None-Match": '"another"'}).status_code == 200


def test_the_csv_is_for_machines_and_runs_nothing(call, proposals, client):
    published(call)
    response = client.get(address(call, "ranking_csv"))
    assert response.headers["Content-Type"].startswith("text/csv; charset=utf-8")
    lines = response.content.decode()
    assert lines.count("\r\n") == lines.count("\n") == 5
    rows = list(csv.DictReader(io.StringIO(lines)))
    assert [(row["position"], row["outcome"], row["application"], row["total"], row["points a1"]) for row in rows] == [
        ("1", "selected", proposals[0].number, "100.00", "20.00"),
        ("2", "tie_pending", proposals[1].number, "80.00", "16.00"),
        ("2", "tie_pending", proposals[2].number, "80.00", "16.00"),
        ("", "below_threshold", proposals[3].number, "20.00", "4.00"),
    ]
    assert rows[3]["body"] == '\'=Ente "D", coop'


def test_no_name_of_a_person_leaves(call, proposals, client):
    published(call)
    people = [*(member.user for member in call.commission.members.select_related("user")), *(p.created_by for p in proposals)]
    for name in ("ranking", "ranking_json", "ranking_csv"):
        page = text(client.get(address(call, name)))
        assert not [user for user in people if user.name in page or user.email in page]
    assert "Commissario 2" in text(client.get(address(call, "ranking_json")))


def test_the_pdf_is_made_once_by_the_worker_and_then_served(call, proposals, client):
    version = published(call).latest
    assert client.get(address(call, "ranking_pdf")).status_code == 404
    for _round in range(2):
        make_ranking_pdf(str(version.pk), RANKED_AT)
    first = RankingFile.objects.get().pdf
    response = client.get(address(call, "ranking_pdf"))
    content = b"".join(response.streaming_content)
    assert (content[:5], len(content), first.media_type) == (b"%PDF-", first.size, "application/pdf")
    assert 'filename="graduatoria-prova-area-1-v1.pdf"' in response.headers["Content-Disposition"]
    assert "Graduatoria da leggere e stampare" in text(client.get(address(call)))


def test_each_score_shows_where_it_comes_from(call, proposals, client):
    published(call)
    page = text(client.get(f"{address(call)}?domanda={proposals[1].number}"))
    assert "Come nasce il punteggio di Ente B" in page
    assert "Punti: 4/5 × 30 = 24,00." in page
    assert "Come nasce il punteggio di" not in text(client.get(f"{address(call)}?domanda=X")).replace("Come nasce<", "")


def test_a_body_reads_its_result_only_after_the_publication(call, proposals):
    ranking = computed(call)
    assert list(Placement.objects.all()) == []
    publish_ranking(ranking, act_number="200/2021", act_date=RANKED_AT.date(), by=official(), at=RANKED_AT)
    result = result_of(Placement.objects.get(application=proposals[3]))
    assert (result.row.words, result.row.total, result.maximum, result.row.reasons, result.proposals) == (
        "Sotto la soglia",
        "20,00",
        "100",
        ["Totale 20,00, la soglia è 50."],
        4,
    )


def test_each_body_gets_a_letter_with_its_own_result(call, proposals):
    published(call)
    while pay(RANKED_AT):
        pass
    assert not Duty.objects.filter(done_at=None).exclude(last_error="").exists()
    letters = {message.subject.rpartition(" ")[2]: message for message in mail.outbox}
    assert sorted(letters) == sorted(proposal.number for proposal in proposals)
    letter = letters[proposals[3].number]
    assert letter.to == sorted([proposals[3].created_by.email, proposals[3].organisation.pec])
    assert "Esito: Sotto la soglia" in letter.body
    assert "Punti: 20,00 su 100" in letter.body
    assert "Totale 20,00, la soglia è 50." in letter.body
    assert "Ente A" not in letter.body
    assert version_address(call, 1) in letter.body
    assert reverse("result_letter", args=[proposals[3].pk]) in letter.body


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same_queries_whatever_the_proposals(call, number, client, django_assert_num_queries):
    mark_all(commission(call), {admitted(call): same(["buono"] * 3) for _ in range(number)})
    published(call)
    with django_assert_num_queries(
        5 + 1
    ):  # the version with its call, all versions, the draws, the samples, the tables; the drawings' states
        client.get(address(call))
    with django_assert_num_queries(1):
        client.get(address(call, "ranking_json"))
    with django_assert_num_queries(1):
        client.get(address(call, "ranking_csv"))
    with django_assert_num_queries(1):
        client.get(address(call, "ranking_ods"))


# Versions


def corrected(call, proposals):
    """The first version, and a second in which the last proposal is the best."""
    ranking, office = published(call), official()
    Mark.objects.filter(sheet__application=proposals[3]).update(units=10_000)
    recompute_ranking(ranking, reason="Un errore.", by=office, at=RANKED_AT)
    act = {"act_number": "214/2021", "act_date": RANKED_AT.date()}
    return correct_ranking(ranking, **act, reason="Una riga era sbagliata.", by=office, at=RANKED_AT + timedelta(days=1))


def test_an_old_version_stays_at_its_address_with_a_note_and_its_own_files(call, proposals, client):
    ranking = corrected(call, proposals)
    first, second = ranking.versions.order_by("number")
    old, new = text(client.get(version_address(call, 1))), text(client.get(address(call)))
    note = "Questa versione è stata sostituita giovedì 2 dicembre 2021, ore 09:00:00 dalla versione n. 2."
    assert [note in page for page in (old, new)] == [True, False]
    assert "Perché: Una riga era sbagliata." in old
    assert "Che cosa è cambiato rispetto alla versione di prima: Una riga era sbagliata." in new
    assert "Che cosa è cambiato rispetto alla versione di prima: Una riga era sbagliata." in text(
        client.get(version_address(call, 2))
    )
    for name in ("ranking_version_json", "ranking_version_csv", "ranking_version_ods"):
        answers = [client.get(version_address(call, number, name)) for number in (1, 2)]
        assert answers[0].content != answers[1].content
        assert client.get(address(call, name.replace("_version", ""))).content == answers[1].content
    found = json.loads(client.get(version_address(call, 1, "ranking_version_json")).content)
    assert (found["version"]["number"], hashlib.sha256(first.content.encode()).hexdigest()) == (1, first.sha256)
    assert json.loads(second.content)["version"]["replaces"] == first.sha256
    assert client.get(version_address(call, 3)).status_code == 404


def test_the_drawings_go_with_the_version_that_counts(call, proposals, client):
    corrected(call, proposals)
    pages = [client.get(version_address(call, number)).content.decode() for number in (1, 2)]
    assert [[f'id="plot-{code}"' in page for code in ("heat", "funnel")] for page in pages] == [[False, False], [True, True]]


def test_a_provisional_version_says_so_and_until_when_one_may_write(client):
    call = small_call(more="publication: {observations_days: 10}")
    mark_all(commission(call), {admitted(call): same(["buono"] * 3)})
    facts = {"act_number": "1", "act_date": RANKED_AT.date(), "unfilled_reason": "Una sola proposta."}
    publish_provisional(computed(call), **facts, by=official(), at=RANKED_AT)
    end = rome(2021, 12, 11, 23, 59, 59) + timedelta(microseconds=999_999)
    for at, sentence in (
        (end, "può scrivere un'osservazione fino a sabato 11 dicembre 2021, ore 23:59:59"),
        (end + timedelta(microseconds=1), "Il termine per le osservazioni è finito sabato 11 dicembre 2021, ore 23:59:59"),
    ):
        with arriving(at):
            page = text(client.get(address(call)))
        assert "Graduatoria provvisoria: Area uno" in page
        assert sentence in page
        assert page.count("Perché restano posti liberi: Una sola proposta.") == 1


def test_after_five_years_a_page_says_how_to_ask_and_only_the_office_still_reads(call, proposals, client):
    published(call)
    last, after = rome(2026, 12, 31, 23, 59, 59), rome(2027, 1, 1)
    with arriving(last):
        assert client.get(address(call)).status_code == 200
    with arriving(after):
        for name in ("ranking", *FILES):
            response = client.get(address(call, name))
            assert (response.status_code, response["Cache-Control"]) == (410, "no-store")
            page = text(response)
            assert "È rimasto qui fino al 31 dicembre 2026" in page
            assert "Ente A" not in page
        assert client.get(version_address(call, 1)).status_code == 410
        client.force_login(official())
        answers = [client.get(address(call, name)) for name in ("ranking", "ranking_json", "ranking_csv", "ranking_ods")]
    assert [answer.status_code for answer in answers] == [200] * 4
    assert [answer["Cache-Control"] for answer in answers[1:]] == ["private, no-store"] * 3


def test_the_ods_is_a_spreadsheet_that_a_cache_may_keep(call, proposals, client):
    version = published(call).latest
    response = client.get(address(call, "ranking_ods"))
    assert (response["Content-Type"], response["ETag"]) == (
        "application/vnd.oasis.opendocument.spreadsheet",
        f'"{version.sha256}-ods"',
    )
    assert response.content[:2] == b"PK"
    again = client.get(address(call, "ranking_ods"), headers={"If-None-Match": f'"{version.sha256}-ods"'})
    assert (again.status_code, again.content) == (304, b"")

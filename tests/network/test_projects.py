import pytest

from network.actions import write_version
from network.models import Project, ProjectVersion, TableMinutes
from network.projects import answers_of, said_until, weigh
from network.table_minutes import told
from tests.builders_project import WRITTEN, AtTheTable, answers, plan, seated

pytestmark = pytest.mark.django_db

TWO = {"piano": plan(persone=(80_000_00, 20_000_00))}


def write(at_the_table: AtTheTable, project: Project, based_on: int, note: str, new: dict, **changes) -> ProjectVersion:
    given = {"touches_reason": "", "by": at_the_table.office, "at": WRITTEN, **changes}
    return write_version(project, new, based_on=based_on, note=note, **given)


def test_of_proposals_kept_apart_one_is_read_and_the_leading_one_if_none_is_named():
    at_the_table = seated()
    project = at_the_table.start(1, 0)
    version = project.versions.get(number=0)
    first, second = (row.number for row in at_the_table.proposals[:2])
    said = {number: answers_of(version, number)["proposta"]["titolo"] for number in (first, second, "", "PROVA-9999")}
    assert said == {first: "Progetto 1", second: "Progetto 2", "": "Progetto 2", "PROVA-9999": "Progetto 2"}


@pytest.mark.parametrize(("cents", "grows"), [(59_999_99, False), (60_000_00, False), (60_000_01, True)])
def test_the_grant_of_all_proposals_is_the_measure(cents, grows):
    at_the_table = seated()
    project = Project.objects.with_sources().get(pk=at_the_table.start(0, 1).pk)
    after = answers(1) | {"piano": plan(persone=(cents + 20_000_00, 20_000_00))}
    weight = weigh(project, answers(1) | TWO, after)
    assert (weight.grant.before, weight.grant.after, weight.grows) == (60_000_00, cents, grows)


def test_minutes_say_what_changed_since_the_table_agreed_the_last_time(django_assert_num_queries):
    at_the_table = seated()
    project = at_the_table.start(0, 1)
    agreed, later = at_the_table.session(1), at_the_table.session(2)
    first = write(at_the_table, project, 1, "Il titolo.", answers(1, titolo="Due") | TWO, session=agreed)
    write(at_the_table, project, 2, "I bisogni.", answers(1, bisogni="Altri.") | TWO, touches_reason="Resta prima.")
    last = write(at_the_table, project, 3, "Il nome.", answers(1, titolo="Tre", bisogni="Altri.") | TWO, session=later)
    both = list(ProjectVersion.objects.filter(pk__in=[first.pk, last.pk]).select_related("project__table__call__version"))
    with django_assert_num_queries(1):
        found = said_until(both)
    assert found == {
        first.pk: f"Le risposte della proposta {at_the_table.proposals[0].number} e la somma dei piani economici.\nIl titolo.",
        last.pk: "I bisogni.\nCambia quello che è stato valutato (A.1 Bisogni): Resta prima.\nIl nome.",
    }
    with django_assert_num_queries(0):
        assert said_until([]) == {}
    TableMinutes.objects.create(session=later)
    assert told(later).versions == (("Una casa per il quartiere", 4, found[last.pk]),)

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bando.models import Call
from bando.states import CallState as S
from tests.history import history
from tests.workflow.rows import AT, PUBLISH, REVOKE, STRANGER, TOO_EARLY, is_official, person, row
from workflow.ledger import canonical, digest
from workflow.models import LedgerEntry
from workflow.perform import perform, perform_all, reasons_against, record
from workflow.transition import Refused, T

pytestmark = pytest.mark.django_db
EARLY = AT.replace(microsecond=123455)


def stored(call: Call) -> tuple:
    return (Call.objects.get(pk=call.pk).state, list(history(call)), LedgerEntry.objects.count())


def test_an_act_changes_the_state_and_is_remembered_whole():
    call, official = row(), person()
    step = perform(PUBLISH, call, by=official, at=AT, reason="atto 12", on_behalf_of="Settore", effect=lambda attempt: {"n": 1})

    assert call.state == S.PUBLISHED
    assert stored(call) == (S.PUBLISHED, ["publish"], 1)
    assert [(s.act, s.source, s.target, s.by, s.on_behalf_of, s.at, s.reason, s.facts) for s in call.steps.all()] == [
        ("publish", "draft", "published", official, "Settore", AT, "atto 12", {"n": 1})
    ]
    entry = LedgerEntry.objects.get()
    assert step.entry == entry
    assert (entry.kind, entry.subject, entry.act, entry.at) == ("bando.call", str(call.pk), "publish", AT)
    assert entry.hash == digest(entry.content)
    assert entry.content == canonical(
        {
            "kind": "bando.call",
            "subject": str(call.pk),
            "act": "publish",
            "from": "draft",
            "to": "published",
            "by": official.pk,
            "on_behalf_of": "Settore",
            "at": AT,
            "reason": "atto 12",
            "facts": {"n": 1},
        }
    )


@pytest.mark.parametrize(
    ("transition", "official", "at", "reason", "expected"),
    [
        (PUBLISH, False, AT, "", [STRANGER]),
        (PUBLISH, True, EARLY, "", [TOO_EARLY]),
        (REVOKE, True, AT, "errore", ["Adesso non si può fare: lo stato è «In preparazione»."]),
    ],
)
def test_a_refused_act_leaves_no_trace_and_the_page_says_the_same(transition, official, at, reason, expected):
    call, by = row(), person(is_official=official)
    assert reasons_against(transition, call, by=by, at=at, reason=reason) == expected
    with pytest.raises(Refused) as refused:
        perform(transition, call, by=by, at=at, reason=reason, effect=lambda attempt: pytest.fail("it ran"))
    assert refused.value.reasons == expected
    assert stored(call) == (S.DRAFT, [], 0)


@pytest.mark.parametrize(("reason", "expected"), [("  ", S.PUBLISHED), ("errore nelle aree", S.REVOKED)])
def test_a_missing_reason_stops_the_act_but_not_the_page_where_it_is_written(reason, expected):
    call, by = row(state=S.PUBLISHED), person()
    assert reasons_against(REVOKE, call, by=by, at=AT) == []
    if expected == S.REVOKED:
        perform(REVOKE, call, by=by, at=AT, reason=reason)
    else:
        with pytest.raises(Refused, match="Scrivi il motivo"):
            perform(REVOKE, call, by=by, at=AT, reason=reason)
    assert stored(call)[0] == expected


def test_what_the_rules_ask_is_read_once_under_the_lock_and_what_changes_is_written_once():
    call, official, seen = row(), person(), []

    def look(locked):
        seen.append(locked.title)
        locked.refresh_from_db(from_queryset=Call.objects.with_notice())

    def effect(attempt):
        attempt.row.title = f"{attempt.row.version.number} {attempt.row.title}"

    Call.objects.filter(pk=call.pk).update(title="cambiato")
    with CaptureQueriesContext(connection) as captured:
        perform(PUBLISH, call, by=official, at=AT, effect=effect, look=look, saves=["title"])
    assert seen == ["cambiato"]
    assert [query["sql"].split()[0] for query in captured] == [
        *("SAVEPOINT", "SELECT", "SELECT"),
        *("INSERT", "UPDATE", "INSERT", "RELEASE"),
    ]
    assert Call.objects.values_list("title", "state").get() == ("1 cambiato", "published")


def test_an_effect_that_breaks_undoes_the_act():
    call, by = row(), person()

    def effect(attempt):
        Call.objects.filter(pk=call.pk).update(title="cambiato")
        raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError):
        perform(PUBLISH, call, by=by, at=AT, effect=effect)
    assert stored(call) == (S.DRAFT, [], 0)
    assert Call.objects.get().title == "avviso"


def test_facts_that_cannot_be_written_exactly_undo_the_act():
    call, by = row(), person()
    with pytest.raises(TypeError, match="float has no canonical form"):
        perform(PUBLISH, call, by=by, at=AT, effect=lambda attempt: {"points": 0.1})
    assert stored(call) == (S.DRAFT, [], 0)


def test_the_rules_judge_what_is_stored_and_not_what_the_page_was_shown():
    call, by = row(), person()
    shown = Call.objects.get()
    perform(PUBLISH, call, by=by, at=AT)
    with pytest.raises(Refused, match="lo stato è «Pubblicato»"):
        perform(PUBLISH, shown, by=by, at=AT)
    assert stored(call) == (S.PUBLISHED, ["publish"], 1)


def test_a_note_is_an_act_that_changes_nothing():
    call, by = row(), person()
    record(call, "show", by=by, at=AT, facts={"page": "home"})
    assert stored(call) == (S.DRAFT, ["show"], 1)


def drafts(count: int):
    for number in range(count):
        row(f"avviso-{number}")
    return Call.objects.select_related("version").order_by("slug")


@pytest.mark.parametrize("state", [S.DRAFT, S.PUBLISHED])
def test_an_act_without_a_target_leaves_the_state_and_is_remembered(state):
    by, call = person(), row(state=state)
    note = T("note", [S.DRAFT, S.PUBLISHED], None, by=is_official)
    step = perform(note, call, by=by, at=AT)
    assert (call.state, step.source, step.target) == (state, state, state)
    (step,) = perform_all(note, Call.objects.all(), by=by, at=AT)
    assert (Call.objects.get().state, step.source, step.target) == (state, state, state)


@pytest.mark.parametrize("count", [1, 3])
def test_a_hundred_acts_cost_the_queries_of_one(count):
    bystander = row("altro")
    calls, by = drafts(count).exclude(pk=bystander.pk), person()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        steps = perform_all(PUBLISH, calls, by=by, at=AT, reason="tutti", facts=lambda call: {"slug": call.slug})
    # savepoint, rows, ledger, states, history, release
    assert len(queries) == 6
    assert [(s.act, s.reason, s.facts) for s in steps] == [("publish", "tutti", {"slug": f"avviso-{n}"}) for n in range(count)]
    assert list(calls.values_list("state", flat=True)) == [S.PUBLISHED] * count
    assert stored(bystander)[:2] == (S.DRAFT, [])
    for call in calls:
        step = call.steps.get()
        assert (step.entry.subject, step.entry.hash) == (str(call.pk), digest(step.entry.content))


def test_all_rows_pass_or_none():
    calls, by = drafts(3), person()
    perform(PUBLISH, calls[1], by=by, at=AT)
    with pytest.raises(Refused) as refused:
        perform_all(PUBLISH, calls, by=by, at=EARLY)
    assert refused.value.reasons == [TOO_EARLY, "Adesso non si può fare: lo stato è «Pubblicato»."]
    assert list(calls.values_list("state", flat=True)) == [S.DRAFT, S.PUBLISHED, S.DRAFT]
    assert LedgerEntry.objects.count() == 1


def test_no_rows_is_no_act():
    assert perform_all(PUBLISH, Call.objects.none(), by=person(), at=AT) == []

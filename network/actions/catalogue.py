"""The services, the words that lead to them, and the searches that found none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.text import slugify

from accounts.models import User
from applications.merging import Verdict
from bando.deadlines import day_in_rome
from bando.rules import is_official
from network.catalogue_units import SERVICE, service_columns, service_units, synonym_columns, synonym_units
from network.italian import telling_words
from network.models import Miss, Service, Space, Synonym, SynonymStep
from network.rules.catalogue import a_public_service_stays_whole
from network.rules.common import is_of_the_body
from network.search import words_of
from network.states import SynonymState
from network.transitions import (
    ADD_SYNONYM,
    CHANGE_SYNONYM,
    PUBLISH_SERVICE,
    REMOVE_SERVICE,
    REMOVE_SYNONYM,
    RESTORE_SYNONYM,
    WITHDRAW_SERVICE,
)
from network.written_at_once import bases_of, judged
from workflow.duties import owe
from workflow.models import Step
from workflow.perform import perform, reasons_against
from workflow.personal_data import found_in
from workflow.transition import Attempt, Refused, Transition

RESERVED = {"richieste", "enti", "accreditamenti", "catalogo.csv", "catalogo.json", "catalogo"}
"""First parts of the addresses under ``/servizi/`` that are no service."""
ATTEMPTS = 5
"""How often an address is looked for: each time another service has just taken it."""
KEPT_FOR = timedelta(days=365)
MISSES_A_DAY = 500
"""Different searches that are kept for each day: more are no need of people, they are a machine."""
LONGEST_MISS = 5
"""Words of a search that is kept: a longer one tells a story, and the story may be somebody's."""


def save_service(
    service: Service,
    *,
    spaces: Iterable[Space],
    by: User,
    at: datetime,
    bases: Mapping[str, Sequence[str]] | None = None,
    **details: Any,
) -> Service:
    """Write a service, new or not; ``details`` are its columns, ``bases`` what the page carries (without them ``service`` as it
    was read). A published one changes at once, and stays whole; one that stays as it is was not corrected. It leaves no step.
    Raises :class:`Refused`, and :class:`BothWrote` with nothing saved."""
    with transaction.atomic():
        is_new = service._state.adding
        row = service if is_new else Service.objects.select_for_update().get(pk=service.pk)
        attempt = Attempt(row, by, at)
        if against := is_of_the_body(attempt):
            raise Refused([against])
        columns = {**details, "spaces": list(spaces)}
        if not is_new:
            read = service_columns(service)
            mine = service_units({**read, **columns})
            verdicts = judged(service_units(service_columns(row)), mine, bases or bases_of(service_units(read)))
            changed = {name for unit, verdict in verdicts.items() if verdict is Verdict.MINE for name in SERVICE[unit]}
            columns = {name: value for name, value in columns.items() if name in changed}
            if not columns:
                return row
        kept = columns.pop("spaces", None)
        for name, value in columns.items():
            setattr(row, name, value)
        if against := a_public_service_stays_whole(attempt):
            raise Refused([against])
        row.words, row.saved_at = words_of(row), at
        if is_new:
            _save_at_an_address(row)
        else:
            row.save()
        if kept is not None:
            row.spaces.set(kept)
    return row


def publish_service(service: Service, *, by: User, at: datetime) -> Step:
    def say(attempt: Attempt) -> dict[str, Any]:
        row = attempt.row
        return {"title": row.title, "category": row.category.code, "price": row.price, "accreditation": row.accreditation_id}

    return perform(PUBLISH_SERVICE, service, by=by, at=at, effect=say)


def withdraw_service(service: Service, *, by: User, at: datetime) -> Step:
    return perform(WITHDRAW_SERVICE, service, by=by, at=at)


def remove_service(service: Service, *, by: User, at: datetime, reason: str) -> Step:
    """The office takes a service off the public pages, and the body reads why."""

    def tell(attempt: Attempt) -> None:
        owe("network.service_removed", f"{attempt.row.pk}:{attempt.row.steps.count()}", at=at)

    return perform(REMOVE_SERVICE, service, by=by, at=at, reason=reason, effect=tell)


def _save_at_an_address(row: Service) -> None:
    """Another service of this title may take the same address at the same moment: then the next is looked for, once that one is
    there to be seen."""
    left = ATTEMPTS
    while True:
        left -= 1
        try:
            with transaction.atomic():
                row.slug = free_service_slug(row.title)
                return row.save()
        except IntegrityError:
            if not left:
                raise


def free_service_slug(title: str) -> str:
    base = slugify(title)[:70] or "servizio"
    taken = {*RESERVED, *Service.objects.filter(slug__startswith=base).values_list("slug", flat=True)}
    return next(slug for n in range(1, len(taken) + 2) if (slug := base if n == 1 else f"{base}-{n}") not in taken)


# Words


def save_synonym(
    synonym: Synonym | None,
    *,
    term: str,
    means: str,
    by: User,
    at: datetime,
    bases: Mapping[str, Sequence[str]] | None = None,
) -> Synonym:
    """What people say and what it stands for; ``None`` adds a new one. ``bases`` are what the page carries, without them
    ``synonym`` as it was read. What stays as it is leaves no step. Raises :class:`Refused`, and :class:`BothWrote` with nothing
    saved."""
    said = {"term": " ".join(term.lower().split()), "means": " ".join(means.split())}
    row = Synonym(**said, by=by, at=at)
    with _in_turn():
        if synonym is not None:
            row = Synonym.objects.select_for_update().get(pk=synonym.pk)
            read = bases or bases_of(synonym_units(synonym_columns(synonym)))
            verdicts = judged(synonym_units(synonym_columns(row)), synonym_units(said), read)
            if Verdict.MINE in verdicts.values():
                _write_synonym(CHANGE_SYNONYM, row, said, by=by, at=at)
            return row
        if against := reasons_against(ADD_SYNONYM, row, by=by, at=at, data=said):
            raise Refused(against)
        row.save()
        perform(ADD_SYNONYM, row, by=by, at=at, data=said, effect=lambda attempt: said)
    return row


def remove_synonym(synonym: Synonym, *, by: User, at: datetime) -> Step:
    def remember(attempt: Attempt) -> Mapping[str, Any]:
        return {"before": synonym_columns(attempt.row)}

    return perform(REMOVE_SYNONYM, synonym, by=by, at=at, effect=remember)


def undo_synonym(step: SynonymStep, *, by: User, at: datetime) -> Step:
    """Make the synonym again what it was before ``step``: a removed one comes back. Raises :class:`Refused`."""
    with _in_turn():
        row = Synonym.objects.get(pk=step.row_id)
        act = RESTORE_SYNONYM if row.state == SynonymState.REMOVED else CHANGE_SYNONYM
        return _write_synonym(act, row, step.facts["before"], by=by, at=at)


@contextmanager
def _in_turn() -> Iterator[None]:
    """One writer of words at a time: «badante» and «badanti» are one word to the search and two to the database, so that only who
    comes after the other can see it. What is held is the row that stands for all the synonyms, those not yet written too."""
    with transaction.atomic():
        ContentType.objects.select_for_update().get(app_label="network", model="synonym")
        yield


def _write_synonym(act: Transition, row: Synonym, said: Mapping[str, str], *, by: User, at: datetime) -> Step:
    def write(attempt: Attempt) -> Mapping[str, Any]:
        now = attempt.row
        before = synonym_columns(now)
        now.term, now.means, now.by, now.at = said["term"], said["means"], by, at
        return {**said, "before": before}

    return perform(act, row, by=by, at=at, data=said, effect=write, saves=["term", "means", "by", "at"])


def count_miss(query: str, *, at: datetime) -> Miss | None:
    """Count a search that found nothing, without anything of who searched: its words in lower case and without those that say
    nothing, by day. ``None`` when it is not kept, because it looks like somebody's data or tells too much."""
    said = telling_words(query)
    kept, day = " ".join(said), day_in_rome(at)
    figures = sum(sign.isdigit() for sign in kept)
    if not said or len(said) > LONGEST_MISS or len(kept) > 100 or figures > 4 or found_in(query):
        return None
    if Miss.objects.filter(query=kept, day=day).update(count=F("count") + 1):
        return Miss.objects.get(query=kept, day=day)
    if Miss.objects.filter(day=day).count() >= MISSES_A_DAY:
        return None
    Miss.objects.filter(day__lt=day - KEPT_FOR).delete()
    Miss.objects.bulk_create([Miss(query=kept, day=day)], ignore_conflicts=True)  # somebody else may count it at this moment
    return Miss.objects.get(query=kept, day=day)


def forget_miss(query: str, *, by: User, at: datetime) -> None:
    """The office has read it, and nothing is to be done."""
    if against := is_official(Attempt(None, by, at)):
        raise Refused([against])
    Miss.objects.filter(query=query.replace("\x00", "")).delete()  # no row has a NUL, and PostgreSQL takes none in a question

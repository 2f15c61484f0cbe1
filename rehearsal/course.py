"""The course of a rehearsal, phase by phase, in the process that is thrown away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from time import perf_counter_ns
from typing import Protocol
from uuid import UUID

from django.core.mail import EmailMessage
from django.core.management import call_command
from django.utils import translation

from applications.models import Application, Receipt
from applications.states import ApplicationState
from bando.actions import load
from bando.deadlines import LONGEST_UNDER_WAY, in_utc
from bando.models import Call
from bando.states import CallState
from evaluation.ranking import Outcome
from rehearsal import mail
from rehearsal.applicants import Applicant
from rehearsal.bodies import SENDS, Persona, make
from rehearsal.deciding import DRAW_AFTER
from rehearsal.marks import has_threshold
from rehearsal.office import Office
from rehearsal.report import AreaResult, Asked, Level, Log, Report
from rehearsal.visitor import Broken
from workflow.duties import due, pay
from workflow.models import Duty
from workflow.sealing import seal

SLOW = 1_000_000
"""Microseconds after which a page is worth a look: a person has begun to wonder."""

SLOW_PAPER = 10_000_000


class Progress(Protocol):
    def enter(self, phase: str, total: int) -> None: ...
    def tick(self) -> None: ...


class Course:
    """One rehearsal of the document ``text`` with so many ``bodies``."""

    def __init__(self, text: str, *, bodies: int, seed: int, progress: Progress) -> None:
        self.text, self.bodies, self.seed, self.progress = text, bodies, seed, progress
        self.log = Log()
        self.results: list[AreaResult] = []
        self.started = perf_counter_ns()

    def run(self) -> Report:
        """From the first migration to the last letter. What breaks is in the report; the course goes on as far as it can."""
        with translation.override("it"):
            with self._phase("prepare", 1):
                call_command("migrate", verbosity=0)
                call = self._published()
                office = self._office
            made = make(
                [area.code for area in call.notice.areas],
                self.bodies,
                opens=self._opens(call),
                deadline=call.closes_at,
                seed=self.seed,
            )
            self._apply(call, office, made)
            self._with_threshold = {area.code for area in call.notice.areas if has_threshold(call.notice.grid_for(area.code))}
            self._decide(call, office)
        return self._report(call, made)

    def _apply(self, call: Call, office: Office, made: list) -> None:
        tried: set = set()
        with self._phase("applicants", len(made)):
            for body in made:
                person = Applicant(body, call.notice, slug=call.slug, deadline=call.closes_at, log=self.log, tried=tried)
                person.walk()
                self.progress.tick()
        with self._going_on("too_early"):
            office.too_early(in_utc(call.closes_at) - timedelta(minutes=1))
        self._pay("receipts", in_utc(call.closes_at) + timedelta(minutes=1))
        for receipt in Receipt.objects.select_related("document"):
            self.log.paper("receipt", receipt.document.size)

    def _decide(self, call: Call, office: Office) -> None:
        """The days after the deadline, each act on a day of its own."""
        at = in_utc(call.closes_at) + LONGEST_UNDER_WAY + timedelta(minutes=5)
        with self._phase("check", Application.objects.filter(call=call, state=ApplicationState.SUBMITTED).count()):
            office.check(at + timedelta(days=2), self.progress.tick)
        if call.notice.formal_check.rejection_notice:  # the days that follow wait for the term
            at += timedelta(days=call.notice.formal_check.rejection_days + 1)
            with self._phase("rejections", 1), self._going_on("rejections"):
                office.reject(at + timedelta(days=2))
        self._pay("outcomes", at + timedelta(days=2, hours=12))
        with self._phase("commission", 1), self._going_on("commission"):
            office.appoint(at + timedelta(days=7))
        with self._phase("declarations", len(office.members)), self._going_on("declarations"):
            office.declare(at + timedelta(days=8), self.progress.tick)
        with self._phase("sheets", office.sheets()), self._going_on("sheets"):
            office.mark(at + timedelta(days=20), self.progress.tick)
        with self._phase("ranking", len(call.notice.areas)), self._going_on("ranking"):
            for result in office.rank(at + timedelta(days=45)):
                self.results.append(result)
                self.progress.tick()
        # The final ranking comes after a draw and after the term for observations.
        at += DRAW_AFTER + timedelta(days=(call.notice.publication.observations_days or 0) + 1)
        self._pay("letters", at + timedelta(days=46))
        selected = Application.objects.filter(call=call, state=ApplicationState.SELECTED).count()
        with self._phase("agreements", selected), self._going_on("agreements"):
            office.agree(at + timedelta(days=60), self.progress.tick)
        with self._phase("public", 1), self._going_on("public"):
            office.look(at + timedelta(days=61))

    # --- the call -----------------------------------------------------------------------------------------------------

    def _published(self) -> Call:
        """Loaded and published through the desk. A call that can't be published yet is rehearsed all the same: here, and
        only here, its row is made public by hand."""
        call = load(self.text, at=datetime.now(UTC))
        call = Call.objects.with_notice().get(pk=call.pk)
        self._office = Office(call, log=self.log, seed=self.seed)
        at = self._opens(call) - timedelta(days=1)
        published = False
        with self._going_on("publish"):
            published = self._office.publish(at)
        if not published:
            Call.objects.filter(pk=call.pk).update(state=CallState.PUBLISHED, published_at=at)
        return Call.objects.with_notice().get(pk=call.pk)

    def _opens(self, call: Call) -> datetime:
        return in_utc(call.opens_at or call.closes_at - timedelta(days=31))

    # --- the work that acts leave -------------------------------------------------------------------------------------

    def _pay(self, phase: str, at: datetime) -> None:
        """All that is owed, as the worker does, one at a time; what fails is in the report."""
        with self._phase(phase, due(at).count()):
            while owed := due(at).first():
                before, start = len(mail.written), perf_counter_ns()
                paid = pay(at, limit=1)
                self.log.took(owed.name, (perf_counter_ns() - start) // 1000)
                self.log.count("duties", paid)
                for message in mail.written[before:]:
                    self._read_letter(owed, message)
                self.progress.tick()
            seal(at)
        for failed in Duty.objects.filter(done_at=None).exclude(last_error=""):
            self.log.find(
                Level.BROKEN,
                "duty_failed",
                same=failed.name + failed.last_error[:80],
                duty=failed.name,
                error=failed.last_error,
            )

    def _read_letter(self, owed: Duty, message: EmailMessage) -> None:
        """One sample of each kind is kept whole."""
        names = [part.get_filename() or "" for part in message.message().walk() if part.get_content_disposition()]
        self.log.count("letters")
        self.log.letter(_kind(owed), ", ".join(message.to), str(message.subject), str(message.body), names)

    # --- the report ---------------------------------------------------------------------------------------------------

    @contextmanager
    def _phase(self, phase: str, total: int) -> Iterator[None]:
        self.log.phase = phase
        self.progress.enter(phase, total)
        start = perf_counter_ns()
        try:
            yield
        finally:
            self.log.phases[phase] = self.log.phases.get(phase, 0) + (perf_counter_ns() - start) // 1000

    @contextmanager
    def _going_on(self, phase: str) -> Iterator[None]:
        """What a page broke is in the log already: the course goes on with what can still be done."""
        try:
            yield
        except Broken:
            self.log.find(Level.BROKEN, "phase_stopped", same=phase, phase=phase)

    def _report(self, call: Call, made: list) -> Report:
        self._look_back(made)
        personas: dict[str, int] = {}
        for body in made:
            personas[body.persona] = personas.get(body.persona, 0) + 1
        return Report(
            slug=call.slug,
            title=call.title,
            sha256=call.version.sha256,
            bodies=self.bodies,
            seed=self.seed,
            seconds=(perf_counter_ns() - self.started) // 1_000_000_000,
            counts=self.log.counts,
            personas=personas,
            findings=self.log.findings(),
            phases=self.log.phases,
            timings=self.log.timings(),
            questions=list(self.log.questions.values()),
            areas=self.results,
            letters=list(self.log.letters.values()),
            papers=list(self.log.papers.values()),
        )

    def _look_back(self, made: list) -> None:
        """What only the whole shows: questions, ties, thresholds, places, times."""
        expected = sum(len(body.areas) for body in made if body.persona in SENDS)
        received = Application.objects.received().count()
        if received != expected:
            self.log.find(Level.BROKEN, "received", expected=expected, received=received)
        for asked in self.log.questions.values():
            self._look_at_question(asked)
        for result in self.results:
            self._look_at_area(result)
        for timing in self.log.timings():
            slow = SLOW_PAPER if "." in timing.what else SLOW
            if timing.slowest > slow:
                self.log.find(
                    Level.LOOK, "slow", same=timing.what, what=timing.what, slowest=timing.slowest, median=timing.median
                )
        if not any(body.persona is Persona.NEVER_SENT for body in made):
            self.log.find(Level.NOTE, "few_bodies", bodies=self.bodies)

    def _look_at_question(self, asked: Asked) -> None:
        facts = {"same": f"{asked.area} {asked.code}", "question": asked.label, "section": asked.section, "area": asked.area}
        if not asked.asked:
            self.log.find(Level.LOOK, "never_asked", **facts)
        elif not asked.answered:
            self.log.find(Level.BROKEN, "nobody_could_answer", **facts)

    def _look_at_area(self, result: AreaResult) -> None:
        facts = {"same": result.area, "area": result.title}
        ranked = sum(result.outcomes.values())
        below = result.outcomes.get(Outcome.BELOW_THRESHOLD, 0)
        if result.unfilled:
            self.log.find(Level.NOTE, "places_left", unfilled=result.unfilled, places=result.places, **facts)
        if ranked and below == ranked:
            self.log.find(Level.LOOK, "nobody_above", **facts)
        if ranked > 3 and not below and result.area in self._with_threshold:
            self.log.find(Level.NOTE, "nobody_below", **facts)
        for tie in result.ties:
            level = Level.LOOK if tie["outcome"] == Outcome.TIE_PENDING else Level.NOTE
            code = "tie_at_the_last_place" if level is Level.LOOK else "tie"
            tied = {"position": tie["position"], "numbers": ", ".join(tie["numbers"])}
            self.log.find(level, code, **facts | tied | {"same": f"{result.area} {tie['position']}"})


def _kind(owed: Duty) -> str:
    """What tells letters apart: the duty, and where the application stands that it is about."""
    try:
        subject = UUID(owed.subject)
    except ValueError:  # of something else, with what happened to it
        return owed.name
    state = Application.objects.filter(pk=subject).values_list("state", flat=True).first()
    return f"{owed.name} {state or ''}".strip()

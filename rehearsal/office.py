"""What the office and the commission do in a rehearsal, through their own pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from accounts.models import User
from applications.models import Application
from applications.states import ApplicationState
from bando.deadlines import ROME, term
from bando.models import Call
from bando.notice.grid import CriterionType, Grid
from bando.transitions import PUBLISH
from evaluation.actions import reasons_not_to_close
from evaluation.asked import asked_grid
from evaluation.models import Ranking, Sheet
from evaluation.progress import Progress
from evaluation.ranking import Outcome
from rehearsal import deciding
from rehearsal.marks import Case, Given, Option, Plan, is_reckoned, plan
from rehearsal.page import Field, Form
from rehearsal.report import AreaResult, Level, Log
from rehearsal.visitor import Answer, Broken, Visitor
from workflow.perform import reasons_against

Tick = Callable[[], None]
"""Called after each unit of work of a phase."""

NOT_ADMITTED_EVERY = 9
CONFLICT_EVERY = 11


class Office:
    def __init__(self, call: Call, *, log: Log, seed: int) -> None:
        self.call, self.log, self.seed = call, log, seed
        self.notice = call.notice
        self.user = User.objects.create_user("ufficio@ufficio.invalid", name="Ufficio della prova", is_official=True)
        self.members: list[User] = []
        self.plans: dict[str, Plan] = {}
        self.given: dict[str, Given] = {}

    def visitor(self, at: datetime, user: User | None = None) -> Visitor:
        who = user or self.user
        return Visitor(who, log=self.log, at=at, who=who.name, persona="office" if user is None else "commission")

    # --- before and after the deadline --------------------------------------------------------------------------------

    def publish(self, at: datetime) -> bool:
        """By the button of the desk. Answers whether the program let it be published."""
        visitor = self.visitor(at)
        visitor.get("desk")
        page = visitor.get("desk_call", self.call.slug)
        form = page.page.form_with("publish")
        if form is None:
            reasons = reasons_against(PUBLISH, self.call, by=self.user, at=at)
            self.log.find(Level.LOOK, "not_publishable", reasons=" – ".join(reasons))
            return False
        visitor.send(page, form, {}, press="publish")
        return True

    def too_early(self, at: datetime) -> None:
        """Before the deadline nobody of the office reads a proposal, nor is a commission appointed."""
        visitor = self.visitor(at)
        visitor.get("desk_applications", self.call.slug)
        if visitor.get("desk_commission", self.call.slug).page.form_with("act_number") and not self._refuses_early(visitor):
            visitor.find(Level.BROKEN, "commission_too_early", f"/ufficio/avvisi/{self.call.slug}/commissione/")
        received = Application.objects.filter(call=self.call, state=ApplicationState.SUBMITTED).first()
        if received:
            visitor.get("desk_application", received.pk, fine=(404,))

    def _refuses_early(self, visitor: Visitor) -> bool:
        page = visitor.get("desk_commission", self.call.slug)
        form = page.page.form_with("act_number")
        done = visitor.send(page, form, {"act_number": ["1"], "act_date": ["01/01/2021"]}, fine=(302, 200, 409))
        return done.is_refused

    def check(self, at: datetime, tick: Tick) -> None:
        """The formal check of everything that was received: most are admitted, some are not, with a reason."""
        visitor = self.visitor(at)
        visitor.get("desk_applications", self.call.slug)
        rows = Application.objects.filter(call=self.call, state=ApplicationState.SUBMITTED).order_by("number")
        for place, row in enumerate(rows):
            try:
                self._check_one(visitor, row, refuse=place % NOT_ADMITTED_EVERY == NOT_ADMITTED_EVERY // 2, first=place == 0)
            except Broken:
                self.log.count("not_checked")
            tick()

    def _check_one(self, visitor: Visitor, row: Application, *, refuse: bool, first: bool) -> None:
        page = visitor.get("desk_application", row.pk)
        if file := next((link for link in page.page.links if "/allegati/" in link), ""):
            visitor.open(file)
        started = self._form(visitor, page, "start")
        visitor.send(page, started, {}, press="start")
        page = visitor.get("desk_application", row.pk)
        form = self._form(visitor, page, "save")
        points = [name for name in form.fields if name.endswith("-verdict") and "shown" not in name]
        if first and len(points) > 1:
            # A point without a verdict: it may be saved, and not admitted.
            some = {name: ["met"] for name in points[1:]}
            page = visitor.send(page, form, some, press="save")
            page = visitor.get("desk_application", row.pk)
            form = self._form(visitor, page, "save")
            if form.has_button("admit"):
                visitor.send(page, form, some | {points[0]: [""]}, press="admit", refused="check_not_finished")
                page = visitor.get("desk_application", row.pk)
                form = self._form(visitor, page, "save")
        verdicts = {name: ["met"] for name in points}
        if refuse:
            verdicts[points[-1]] = ["not_met"]
            note = points[-1].removesuffix("verdict") + "note"
            visitor.send(page, form, verdicts | {note: ["Il documento caricato non è quello richiesto."]}, press="save")
            if self.notice.formal_check.rejection_notice:
                # The first body answers, the others keep silent until the term.
                body = Visitor(row.created_by, log=self.log, at=visitor.at, who=row.number or "", persona="rejected")
                deciding.notify(visitor, row, observes=None if self.log.counts.get("notices") else body)
                self.log.count("notices")
            else:
                deciding.reject(visitor, row)
            return
        # The button to admit stands on the page once every point has its verdict.
        if not form.has_button("admit"):
            visitor.send(page, form, verdicts, press="save")
            page = visitor.get("desk_application", row.pk)
            form = self._form(visitor, page, "save")
        visitor.send(page, form, verdicts, press="admit")

    def reject(self, at: datetime) -> None:
        """Where the call gives notice: the rejections, after the term."""
        visitor = self.visitor(at)
        for row in Application.objects.filter(call=self.call, state=ApplicationState.CHECKING).order_by("number"):
            with suppress(Broken):
                deciding.reject(visitor, row)

    # --- the commission -----------------------------------------------------------------------------------------------

    def appoint(self, at: datetime) -> None:
        rule = self.notice.commission
        number = rule.min_members + (rule.odd and rule.min_members % 2 == 0)
        names = ["Paola Presidente", "Severo Membro", *(f"Membro {n}" for n in range(3, number + 1))]
        self.members = [
            User.objects.create_user(f"commissione-{n}@ufficio.invalid", name=name) for n, name in enumerate(names[:number])
        ]
        visitor = self.visitor(at)
        page = visitor.get("desk_commission", self.call.slug)
        form = self._form(visitor, page, "act_number")
        people = {f"email_{n}": [member.email] for n, member in enumerate(self.members)}
        roles = {f"role_{n}": ["chair" if n == 0 else "member"] for n in range(len(self.members))}
        act = {"act_number": ["120/prova"], "act_date": [at.astimezone(ROME).strftime("%d/%m/%Y")]}
        if number > 1:
            page = visitor.send(page, form, act | {"email_0": people["email_0"]}, refused="commission_too_small")
            form = self._form(visitor, page, "act_number")
        done = visitor.send(page, form, act | people | roles, fine=(302, 200))
        if not done.is_redirect:
            if "confirmed" not in (form := self._form(visitor, done, "act_number")).fields:
                visitor.find(Level.BROKEN, "refused", done.url, sentence=" – ".join(done.page.errors))
                raise Broken(done.url)
            visitor.send(done, form, act | people | roles | {"confirmed": ["on"]})

    def declare(self, at: datetime, tick: Tick) -> None:
        """Each member says of each proposal whether there are ties; now and then one has some, never all of them. Where somebody
        has to write for all, or to compare every two proposals, the last member alone has some."""
        chance = Random(self.seed)  # noqa: S311 - no secret
        together = any(deciding.is_collegial(grid) or _compares(grid) for grid in self.notice.grids)
        for number, member in enumerate(self.members):
            visitor = self.visitor(at, member)
            visitor.get("my_evaluations")
            page = visitor.get("declarations", self.call.slug)
            form = next((f for f in page.page.forms if any(name.startswith("conflict_") for name in f.fields)), None)
            if form is None:
                tick()
                continue
            said: dict[str, list[str]] = {}
            for place, name in enumerate(n for n in form.fields if n.startswith("conflict_")):
                conflict = (
                    len(self.members) > 1
                    and place % CONFLICT_EVERY == 3
                    and (len(self.members) - 1 if together else place // CONFLICT_EVERY % len(self.members)) == number
                )
                said[name] = ["yes" if conflict else "no"]
                if conflict:
                    said[name.replace("conflict_", "note_")] = [f"Ne sono socia dal {chance.randrange(1990, 2020)}."]
                    self.log.count("conflicts")
            visitor.send(page, form, said)
            tick()

    def sheets(self) -> int:
        """How many are to be marked: those of the members, and one for each proposal that they mark together."""
        together = [area.code for area in self.notice.areas if deciding.is_collegial(self.notice.grid_for(area.code))]
        admitted = Application.objects.filter(call=self.call, area_code__in=together, state=ApplicationState.ADMITTED)
        return Sheet.objects.filter(application__call=self.call).count() + admitted.count()

    def mark(self, at: datetime, tick: Tick) -> None:
        for area in self.notice.areas:
            rows = Application.objects.filter(call=self.call, area_code=area.code, state=ApplicationState.ADMITTED)
            numbers = list(rows.order_by("number").values_list("number", flat=True))
            grid = asked_grid(self.call, area.code)
            members = 1 if deciding.is_collegial(grid) else len(self.members)
            self.plans[area.code] = made = plan(grid, numbers, members=members, places=area.places, seed=self.seed)
            self.given |= made.given
            for case, code in made.impossible:
                self.log.find(
                    Level.NOTE, f"cannot_force_{case}", same=area.code + code, area=area.title, part=_part(grid, code)
                )
        for number, member in enumerate(self.members):
            visitor, first = self.visitor(at, member), True
            visitor.get("sheets", self.call.slug)
            rows = Sheet.objects.filter(member__user=member, application__call=self.call).select_related("application")
            for row in rows.order_by("application__number"):
                try:
                    self._mark_one(visitor, row, number, first=first)
                except Broken:
                    self.log.count("not_marked")
                first = False
                tick()
            self._compare_pairs(visitor, first=number == 0)
        if any(deciding.is_collegial(self.notice.grid_for(area.code)) for area in self.notice.areas):
            self._mark_together(at, tick)

    def _compare_pairs(self, visitor: Visitor, *, first: bool) -> None:
        for area in self.notice.areas:
            for criterion in self.notice.grid_for(area.code).criteria:
                if criterion.type is CriterionType.PAIRWISE:
                    with suppress(Broken):
                        done = deciding.compare(visitor, self.call.slug, area.code, criterion.code, first=first)
                        self.log.count("comparisons", int(done))

    def _mark_together(self, at: datetime, tick: Tick) -> None:
        """The sheets of the whole commission, by who presides."""
        visitor, first = self.visitor(at, self.members[0]), True
        for _sheet in deciding.begin_sheets(visitor, self.call.slug):
            self.log.count("collegial")
        rows = Sheet.objects.filter(member=None, application__call=self.call).select_related("application")
        for row in rows.order_by("application__number"):
            try:
                self._mark_one(visitor, row, 0, first=first)
            except Broken:
                self.log.count("not_marked")
            first = False
            tick()

    def _mark_one(self, visitor: Visitor, row: Sheet, number: int, *, first: bool) -> None:
        page = visitor.get("sheet", row.pk)
        if first and (file := next((link for link in page.page.links if "/allegati/" in link), "")):
            visitor.open(file)
        form = self._form(visitor, page, "finish")
        area = row.application.area_code
        given = self.given[row.application.number]
        typed = _on_the_sheet(form, self.plans[area].options, given.profiles[number], self._unanswered(visitor, page))
        one = {name: values for name, values in typed.items() if name.endswith("-0")}
        if first and len(one) < len(typed):  # a sheet of one criterion is complete with it
            visitor.send(page, form, one, press="save")
            page = visitor.get("sheet", row.pk)
            visitor.send(page, self._form(visitor, page, "finish"), one, press="finish", refused="sheet_not_finished")
            page = visitor.get("sheet", row.pk)
            form = self._form(visitor, page, "finish")
        visitor.send(page, form, typed, press="finish")
        self.log.count("sheets")

    def _unanswered(self, visitor: Visitor, page: Answer) -> Callable[[str], None]:
        return lambda name: visitor.find(Level.LOOK, "mark_not_understood", page.url, same=name, field=name)

    # --- the ranking --------------------------------------------------------------------------------------------------

    def rank(self, at: datetime) -> Iterator[AreaResult]:
        for area in self.notice.areas:
            yield self._rank_area(area.code, at)

    def _rank_area(self, area: str, at: datetime) -> AreaResult:
        result = self._counted(area)
        if not result.admitted:
            self.log.find(Level.LOOK, "nobody_admitted", same=area, area=result.title)
            return result
        try:
            self._close_and_publish(area, at, result)
        except Broken:
            return result
        self._read_result(Ranking.objects.get(call=self.call, area_code=area), result)
        return result

    def _close_and_publish(self, area: str, at: datetime, result: AreaResult) -> None:
        visitor = self.visitor(at)
        chair = self.visitor(at, self.members[0])
        page = chair.get("sheets", self.call.slug)
        form = next((f for f in page.page.forms if f.fields.get("area") and f.fields["area"].value == [area]), None)
        if form is None:
            reasons = reasons_not_to_close(Progress(self.call, area), by=self.members[0], at=at)
            title = self.notice.area(area).title
            chair.find(Level.BROKEN, "cannot_close", page.url, same=area, area=title, sentence=" – ".join(reasons))
            raise Broken(area)
        chair.send(page, form, {})
        page = visitor.get("desk_ranking", self.call.slug, area)
        visitor.send(page, self._form(visitor, page, "compute"), {}, press="compute")
        for step in ("check", "preview"):
            visitor.get("desk_ranking", self.call.slug, area, query=f"?passo={step}")
        ranking = Ranking.objects.get(call=self.call, area_code=area)
        self._read_ties(ranking, result)
        if ranking.document["contested"] and deciding.has_draw(self.notice.grid_for(area)):
            at = deciding.draw(visitor, self.call.slug, area)
            page = visitor.get("desk_ranking", self.call.slug, area)
            visitor.send(page, self._form(visitor, page, "compute"), {}, press="compute")
        days = self.notice.publication.observations_days
        self._publish(visitor, area, wrong_first=True)
        if days:  # that was the provisional ranking: the final one comes after the term for observations
            self._publish(self.visitor(term(at, days) + timedelta(microseconds=1)), area)
        self.log.count("rankings")

    def _publish(self, visitor: Visitor, area: str, *, wrong_first: bool = False) -> None:
        page = visitor.get("desk_ranking", self.call.slug, area, query="?passo=confirm")
        form = self._form(visitor, page, "act_number")
        form.action = page.url
        if wrong_first:
            page = visitor.send(page, form, {"act_number": [""], "act_date": [""]}, refused="act_not_stated")
            form = self._form(visitor, page, "act_number")
            form.action = page.url
        typed = {"act_number": ["340/prova"], "act_date": [visitor.at.astimezone(ROME).strftime("%d/%m/%Y")]}
        wanted = {"unfilled_reason": "Le proposte idonee sono meno dei posti.", "note": "Prova.", "confirmed": "on"}
        visitor.send(page, form, typed | {name: [text] for name, text in wanted.items() if name in form.fields})

    def _counted(self, area: str) -> AreaResult:
        rows = Application.objects.filter(call=self.call, area_code=area)
        states = list(rows.values_list("state", flat=True))
        before = {ApplicationState.DRAFT, ApplicationState.WITHDRAWN}
        found = self.notice.area(area)
        return AreaResult(
            area,
            found.title,
            received=sum(state not in before for state in states),
            admitted=sum(state == ApplicationState.ADMITTED for state in states),
            not_admitted=sum(state == ApplicationState.NOT_ADMITTED for state in states),
            places=sum(lot.places for lot in found.lots) if found.lots else found.places,
        )

    def _read_result(self, ranking: Ranking, result: AreaResult) -> None:
        document = ranking.document
        rows = document["rows"]
        for row in rows:
            result.outcomes[row["outcome"]] = result.outcomes.get(row["outcome"], 0) + 1
        result.unfilled, result.contested = document["unfilled"], document["contested"]
        totals = sorted((row["total"]["published"] for row in rows if row["position"] is not None), key=Decimal, reverse=True)
        result.best, result.worst = (totals[0], totals[-1]) if totals else ("", "")

    def _read_ties(self, ranking: Ranking, result: AreaResult) -> None:
        """What was equal before anything was drawn."""
        document = ranking.document
        result.ties = [
            {
                "position": tie["position"],
                "outcome": tie["outcome"],
                "numbers": tie["applications"],
                "cases": sorted({str(self.given[number].case) for number in tie["applications"] if number in self.given}),
            }
            for tie in document["ties"]
        ]
        self._compare(result, {row["application"]: row for row in document["rows"]})

    def _compare(self, result: AreaResult, rows: dict[str, dict[str, Any]]) -> None:
        """Whether what was forced came out: equal marks together, a link of the chain apart, a threshold reached or not."""
        pairs: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for number, row in rows.items():
            given = self.given.get(number)
            if given and given.case is not Case.ORDINARY:
                pairs.setdefault((given.case, given.code), []).append(row)
        for (case, code), found in pairs.items():
            positions = {row["position"] for row in found}
            missed = {f"{below['on']}:{below['code']}".rstrip(":") for row in found for below in row["explanation"]["below"]}
            came_out = {
                Case.SAME: len(positions) == 1,
                Case.SAME_AT_THE_EDGE: any(row["outcome"] == Outcome.TIE_PENDING for row in found),
                Case.LINK: len(found) < 2 or len(positions) == 2,
                Case.AT_THRESHOLD: code not in missed,
                Case.UNDER_THRESHOLD: code in missed,
            }[Case(case)]
            if case == Case.SAME_AT_THE_EDGE and not came_out:
                continue  # who holds the last place was reckoned beforehand, and conflicts of interest move it
            # With lots, two equal proposals may stand in two of them.
            if not came_out and (self.notice.area(result.area).lots or not is_reckoned(self.notice.grid_for(result.area))):
                continue
            self.log.find(
                Level.NOTE if came_out else Level.LOOK,
                f"{case}_{'came_out' if came_out else 'did_not'}",
                same=f"{result.area} {code}",
                area=result.title,
                part=_part(self.notice.grid_for(result.area), code),
                numbers=", ".join(sorted(row["application"] for row in found)),
            )

    # --- afterwards ---------------------------------------------------------------------------------------------------

    def look(self, at: datetime) -> None:
        """What everybody may read, and the files of each ranking."""
        anybody = Visitor(None, log=self.log, at=at, who="", persona="citizen")
        anybody.get("home")
        anybody.get("call", self.call.slug)
        for area in self.notice.areas:
            anybody.get("call_questions", self.call.slug, area.code)
        for extension in ("yaml", "json"):
            anybody.get("call_document", self.call.slug, extension)
        for ranking in Ranking.objects.filter(call=self.call, state="published"):
            for name in ("ranking", "ranking_json", "ranking_csv", "ranking_pdf"):
                try:
                    answer = anybody.get(name, self.call.slug, ranking.area_code)
                except Broken:
                    continue
                self.log.count("published_files" if name != "ranking" else "published_pages")
                if name == "ranking_pdf":
                    self.log.paper("ranking", len(answer.content))
            first = ranking.document["rows"][0]["application"]
            anybody.get("ranking", self.call.slug, ranking.area_code, query=f"?domanda={first}")

    def agree(self, at: datetime, tick: Tick) -> None:
        """The draft agreement of each selected body, prepared by the office and read by the body."""
        visitor = self.visitor(at)
        rows = Application.objects.filter(call=self.call, state=ApplicationState.SELECTED).select_related("created_by")
        for row in rows.order_by("number"):
            try:
                page = visitor.get("desk_agreement", row.pk)
                form = next(
                    (f for f in page.page.forms if f.method == "post" and "lingua" not in f.action and "esci" not in f.action),
                    None,
                )
                if form is None:
                    visitor.find(Level.BROKEN, "no_form", page.url, sentence="")
                    continue
                visitor.send(page, form, {})
                visitor.get("desk_agreement", row.pk)
                body = Visitor(row.created_by, log=self.log, at=at, who=row.number, persona="selected")
                row.refresh_from_db()
                body.get("agreement", row.agreement.pk)
                self.log.count("agreements")
            except Broken:
                pass
            tick()

    def _form(self, visitor: Visitor, answer: Answer, name: str) -> Form:
        form = answer.page.form_with(name)
        if form is None:
            visitor.find(
                Level.BROKEN, "no_form", answer.url, same=name, field=name, sentence=" – ".join(answer.page.errors[:5])
            )
            raise Broken(answer.url)
        return form


def _compares(grid: Grid) -> bool:
    return any(criterion.type is CriterionType.PAIRWISE for criterion in grid.criteria)


def _part(grid: Grid, code: str) -> str:
    """The title of what a link or a threshold looks at; ``total`` stays what it is."""
    kind, _colon, name = code.partition(":")
    parts = {"block": grid.blocks, "criterion": grid.criteria}.get(kind, ())
    return next((part.title for part in parts if part.code == name), code)


_OF_CRITERION = re.compile(r"-([0-9]+)$")


def _on_the_sheet(
    form: Form, options: tuple[tuple[Option, ...], ...], profile: tuple[int, ...], unknown: Callable[[str], None]
) -> dict[str, list[str]]:
    """The marks as the sheet wants them: for each criterion the input that it offers, and a written reason."""
    typed: dict[str, list[str]] = {}
    for name, found in form.fields.items():
        match = _OF_CRITERION.search(name)
        if found.kind == "hidden" or match is None:
            continue
        index = int(match[1])
        if index >= len(profile):
            unknown(name)
        elif found.kind == "textarea":
            typed[name] = [f"Motivo della prova per il criterio {index + 1}: la proposta risponde a quello che si chiede."]
        else:
            typed[name] = _value(found, options[index][profile[index]], len(options[index]), unknown)
    return typed


def _value(found: Field, option: Option, number: int, unknown: Callable[[str], None]) -> list[str]:
    offered = [value for value in found.options if value]
    if found.kind in {"radio", "select"}:
        if option.pick is not None and len(offered) == number:
            return [offered[option.pick]]
        unknown(found.name)
        return offered[:1]
    if found.kind == "checkbox":
        return found.options[:1] if option.pick == 0 else []
    if option.number is None:
        unknown(found.name)
        return ["0"]
    return [format(option.number, "f").replace(".", ",")]

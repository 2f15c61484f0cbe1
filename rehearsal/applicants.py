"""The road of one body: from its registration to the receipt, through the pages that an applicant uses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from accounts.models import LegalForm, User
from applications.models import Application
from applications.states import ApplicationState
from bando.notice.document import GROUP, AttachmentRule, GroupAnswer, Notice, Question, QuestionType, Section, SectionKind
from rehearsal import files
from rehearsal.answers import Manner, Plan, Slip, Typed, budget, is_asked, slip, typed
from rehearsal.bodies import Body, Persona
from rehearsal.page import Form
from rehearsal.report import Asked, Level, Log
from rehearsal.visitor import Answer, Broken, Visitor

MANNERS = {
    Persona.LONG_TEXTS: Manner.LONGEST,
    Persona.STRANGE: Manner.STRANGE,
    Persona.MINIMUM: Manner.LEAST,
    Persona.GROUP: Manner.GROUP,
}
PLANS = {
    Persona.OVER_CAP: (Plan.OVER_CAP, Plan.AT_CAP),
    Persona.SHORT_SHARE: (Plan.SHORT_SHARE, Plan.LEAST_SHARE),
    Persona.OVER_INDIRECT: (Plan.OVER_INDIRECT, Plan.MOST_INDIRECT),
}
"""First what must be refused, then what mends it."""

LARGEST_TRIED = 25 * 1024 * 1024
"""A file of exactly the maximum is tried up to this size, and in each area once for each rule: what is larger costs the
disk of the machine more than it tells."""

ALONE = {GROUP: [GroupAnswer.SINGLE.value]}
"""How every body of a rehearsal takes part: a group is several accounts, and each body has one."""


class Applicant:
    """``tried``: the sizes and questions that earlier bodies have tried already, shared by all."""

    def __init__(self, body: Body, notice: Notice, *, slug: str, deadline: datetime, log: Log, tried: set[Any]) -> None:
        self.body, self.notice, self.slug, self.deadline, self.log, self.tried = body, notice, slug, deadline, log, tried
        self.manner = MANNERS.get(body.persona, Manner.ORDINARY)
        self.user = User.objects.create_user(body.email, name=body.person)
        self._brought: set[tuple[str, str]] = set()
        self.visitor = Visitor(self.user, log=log, at=body.starts_at, who=body.name, persona=body.persona)

    def walk(self) -> None:
        """The whole road. What breaks is in the log; the person then gives up, as people do."""
        try:
            self._register()
            for area in self.body.areas:
                self.visitor.at = min(self.visitor.at, self.body.sends_at - timedelta(minutes=5))
                self._apply(area)
        except Broken:
            self.log.count("gave_up")

    # --- the road ---------------------------------------------------------------------------------------------------

    def _apply(self, area: str) -> None:
        persona = self.body.persona
        pk = self._start(area)
        leave_out = persona is Persona.INCOMPLETE
        self._fill(pk, area, leave_out=leave_out)
        self._attach(pk, area)
        if persona is Persona.NEVER_SENT:
            return
        self.visitor.at = self.body.sends_at - timedelta(minutes=2)
        review = self.visitor.get("application_review", pk)
        if leave_out:
            self._send_what_is_incomplete(pk, review)
            return
        sent = self._send(review, at=self.body.sends_at, late=persona is Persona.LATE)
        if not sent:
            return
        match persona:
            case Persona.DOUBLE_CLICK:
                self._same_again(pk, review, sent)
            case Persona.CHANGED | Persona.RESENT:
                self._change(pk, area)
                if persona is Persona.RESENT:
                    self._send(self.visitor.get("application_review", pk), at=self._before_deadline())
            case Persona.WITHDRAWN | Persona.GONE:
                self._withdraw(pk)
                if persona is Persona.WITHDRAWN:
                    again = self._start(area)
                    self._fill(again, area)
                    self._attach(again, area)
                    self._send(self.visitor.get("application_review", again), at=self._before_deadline())

    def _register(self) -> None:
        body, forms = self.body, list(LegalForm)
        page = self.visitor.get("organisation_new")
        details = {
            "tax_code": body.tax_code,
            "name": body.name,
            "legal_form": str(forms[body.ordinal % len(forms)]),
            "street": "Via dell’Invenzione 1/A",
            "postal_code": "20121",
            "city": "Milano",
            "province": "MI",
            "pec": body.pec,
            "role": "proxy" if body.ordinal % 2 else "legal_representative",
        }
        self.visitor.send(page, self._form(page, "tax_code"), {name: [text] for name, text in details.items()})

    def _start(self, area: str) -> str:
        page = self.visitor.get("application_new", self.slug, area)
        form = page.page.form_with("organisation")
        if form is None:
            self.visitor.find(Level.BROKEN, "cannot_start", page.url, sentence=" – ".join(page.page.errors))
            raise Broken(page.url)
        choice = form.fields["organisation"].options[:1]
        done = self.visitor.send(page, form, {"organisation": choice})
        self.log.count("applications")
        return done.location.rstrip("/").rsplit("/", 1)[-1]

    def _fill(self, pk: str, area: str, *, leave_out: bool = False) -> None:
        self.visitor.get("application", pk)
        sections, given = self.notice.sections_for(area), dict(ALONE)
        for place, section in enumerate(sections):
            if leave_out and place == len(sections) - 1:
                break
            if not section.questions and section.kind is SectionKind.QUESTIONS:
                continue
            self._section(pk, area, section, given)

    def _section(self, pk: str, area_code: str, section: Section, given: dict[str, list[str]]) -> None:
        page = self.visitor.get("application_section", pk, section.code)
        form = self._form(page, "__version")
        match section.kind:
            case SectionKind.BUDGET:
                self._budget(page, form, area_code, section)
            case SectionKind.DECLARATIONS:
                self._declarations(page, form, section)
            case SectionKind.GROUP:
                self._accept(page, form, {"form": [GroupAnswer.SINGLE.value]}, section)
            case _:
                self._questions(pk, page, form, area_code, section, given)

    def _questions(
        self, pk: str, page: Answer, form: Form, area_code: str, section: Section, given: dict[str, list[str]]
    ) -> None:
        area = self.notice.area(area_code)
        answers: Typed = {}
        slips: list[Slip] = []
        wanted: list[Question] = []
        for turn, question in enumerate(section.questions):
            asked = self._asked(area_code, section, question)
            if not is_asked(question, given):
                continue
            here = [name for name in form.fields if name == question.code or name.startswith(f"{question.code}__")]
            if not here and question.type is not QuestionType.FILE:
                if question.type is not QuestionType.MUNICIPIO or area.municipi:
                    self.visitor.find(Level.BROKEN, "not_on_the_page", page.url, same=question.code, question=question.label)
                continue
            asked.asked += 1
            if question.type is QuestionType.FILE and (question.required or self.manner is Manner.GROUP):
                wanted.append(question)
            chance = self.body.chance(area_code, section.code, question.code)
            mine = typed(question, area, self.manner, chance, self.body.ordinal + turn)
            if mine is None:
                continue
            mine = _onto_the_page(mine, form, question)
            answers |= mine
            if any(any(values) for values in mine.values()) or question in wanted:
                asked.answered += 1
            given[question.code] = ["yes"] if question.type is QuestionType.DECLARATION else mine.get(question.code, [])
            if self.body.persona in {Persona.OVER_LIMIT, Persona.OUT_OF_BOUNDS}:
                wrong = slip(question, chance, texts=self.body.persona is Persona.OVER_LIMIT)
                if wrong and wrong.question in form.fields:
                    slips.append(wrong)
        page, form = self._slip(page, form, section, area_code, answers, slips)
        if wanted:
            # What the answers ask for shows only once they are saved: the page says what to bring, and takes it.
            self.visitor.send(page, form, answers, press="then", fine=(302, 200))
            for question in wanted:
                self._file(pk, area_code, next(r for r in self.notice.attachments_for(area_code) if r.code == question.code))
                self._brought.add((pk, question.code))
            page = self.visitor.get("application_section", pk, section.code)
            form = self._form(page, "__version")
        self._accept(page, form, answers, section)

    def _slip(
        self, page: Answer, form: Form, section: Section, area_code: str, answers: Typed, slips: list[Slip]
    ) -> tuple[Answer, Form]:
        """All the wrong answers of a page at once: it must refuse each of them, and keep what was typed."""
        if not slips:
            return page, form
        wrong = {name: values for of in slips for name, values in of.typed.items()}
        refused = self.visitor.send(page, form, answers | wrong, refused=slips[0].why)
        for of in slips:
            if of.question in refused.page.wrong or any(of.question in name for name in refused.page.wrong):
                question = next(q for q in section.questions if q.code == of.question)
                self._asked(area_code, section, question).refused += 1
            else:
                self.visitor.find(Level.BROKEN, "slip_let_through", page.url, same=of.question + of.why, wrong=of.why)
        again = self._form(refused, "__version")
        for name, values in wrong.items():
            kept = again.fields.get(name)
            if kept is not None and kept.kind in {"text", "textarea"} and kept.value != values:
                self.visitor.find(Level.BROKEN, "typed_text_lost", page.url, same=name, question=name)
        return refused, again

    def _accept(self, page: Answer, form: Form, answers: Mapping[str, list[str]], section: Section) -> None:
        """Send what is right. An empty answer is sent too, so that what was wrong in its place is gone."""
        blank: Typed = {name: [] for name, found in form.fields.items() if found.kind in {"checkbox", "radio"}}
        empty: Typed = {name: [""] for name, found in form.fields.items() if found.kind in {"text", "textarea", "select"}}
        done = self.visitor.send(page, form, blank | empty | answers, press="then")
        if not done.is_redirect:
            self.visitor.find(Level.BROKEN, "refused", page.url, same=section.code, sentence=" – ".join(done.page.errors))

    def _budget(self, page: Answer, form: Form, area_code: str, section: Section) -> None:
        rules = self.notice.budget_for(area_code)
        chance = self.body.chance(area_code, section.code)
        wrong, right = PLANS.get(self.body.persona, (None, Plan.ORDINARY))
        if wrong and (amounts := budget(rules, wrong, self.body.chance(area_code, section.code))):
            page = self.visitor.send(page, form, amounts, refused=f"budget_{wrong}")
            form = self._form(page, "__version")
        amounts = budget(rules, right, chance) or budget(rules, Plan.ORDINARY, chance) or {}
        self._accept(page, form, amounts, section)

    def _declarations(self, page: Answer, form: Form, section: Section) -> None:
        boxes = {name: found.options[:1] for name, found in form.fields.items() if found.kind == "checkbox"}
        if boxes and self.body.persona is Persona.OUT_OF_BOUNDS:
            without = dict(boxes) | {next(iter(boxes)): []}
            page = self.visitor.send(page, form, without, refused="declaration_missing")
            form = self._form(page, "__version")
        self._accept(page, form, boxes, section)

    # --- files --------------------------------------------------------------------------------------------------------

    def _attach(self, pk: str, area_code: str) -> None:
        given = {code: list(answers) for code, answers in self._given(pk).items()}
        for rule in self.notice.attachments_for(area_code):
            if (pk, rule.code) in self._brought:
                continue
            wanted = self.manner is not Manner.LEAST and self.body.chance(area_code, rule.code).randrange(3) == 0
            if not is_asked(rule, given) or not (rule.required or wanted or self.body.persona is Persona.EDGE_FILES):  # type: ignore[arg-type]
                continue
            self._file(pk, area_code, rule)

    def _given(self, pk: str) -> dict[str, list[str]]:
        """What the sections hold, by question: conditions on a file look at it."""
        found: dict[str, list[str]] = dict(ALONE)
        for draft in Application.objects.get(pk=pk).drafts.all():
            for name, value in draft.answers.items():
                texts = value if isinstance(value, list) else [value]
                found[name] = ["yes" if text == "on" else str(text) for text in texts]
        return found

    def _file(self, pk: str, area_code: str, rule: AttachmentRule) -> None:
        formats = [short for short in rule.formats if files.known(short)]
        if not formats:
            self.log.find(Level.LOOK, "unknown_format", same=rule.code, rule=rule.title, formats=", ".join(rule.formats))
            return
        short = formats[self.body.ordinal % len(formats)]
        for why, content in self._wrong_files(rule, area_code, short):
            self._upload(pk, rule, short, content, refused=why)
        size = 0
        if self.body.persona is Persona.EDGE_FILES and self._first("exact", area_code, rule.code):
            size = rule.max_bytes if rule.max_bytes <= LARGEST_TRIED else 0
        name = f"{self.body.ordinal} {rule.code}"
        self._upload(pk, rule, short, files.make(short, size=size, title=name))

    def _wrong_files(self, rule: AttachmentRule, area_code: str, short: str) -> Iterator[tuple[str, bytes]]:
        if self.body.persona is Persona.WRONG_FILES:
            yield "file_empty", b""
            yield "file_disguised", files.disguised(short)
        over = self.body.persona is Persona.EDGE_FILES and rule.max_bytes <= LARGEST_TRIED
        if over and self._first("over", area_code, rule.code):
            yield "file_one_byte_over", files.make(short, size=rule.max_bytes + 1)

    def _upload(self, pk: str, rule: AttachmentRule, short: str, content: bytes, *, refused: str = "") -> None:
        page = self.visitor.get("application_attachments", pk)
        form = next((f for f in page.page.forms if f.fields.get("rule") and f.fields["rule"].value == [rule.code]), None)
        if form is None:
            self.visitor.find(Level.BROKEN, "no_place_for_the_file", page.url, same=rule.code, rule=rule.title)
            return
        name = f"{rule.code} «{self.body.ordinal}» però.{short}"
        self.visitor.send(page, form, {}, file=("file", name, content), refused=refused)
        if not refused:
            self.log.count("files")
            self.log.count("bytes", len(content))

    # --- sending ------------------------------------------------------------------------------------------------------

    def _send(self, review: Answer, *, at: datetime, late: bool = False) -> Answer | None:
        form = review.page.form_with("reviewed")
        if form is None:
            self.visitor.find(Level.BROKEN, "cannot_send", review.url, sentence=" – ".join(review.page.errors[:8]))
            raise Broken(review.url)
        self.visitor.at = at
        done = self.visitor.send(review, form, {}, refused="late" if late else "")
        if late:
            return None
        self.log.count("submissions")
        self.visitor.open(done.location)
        self.visitor.get("my_applications")
        return done

    def _same_again(self, pk: str, review: Answer, sent: Answer) -> None:
        """The second click of a double click: the same answer, and no second submission."""
        before = self._application(pk).submissions.count()
        self.visitor.at = self.body.sends_at
        again = self.visitor.send(review, review.page.form_with("reviewed"), {})
        if again.location != sent.location or self._application(pk).submissions.count() != before:
            self.visitor.find(Level.BROKEN, "sent_twice", review.url)

    def _change(self, pk: str, area_code: str) -> None:
        """Write something else in the first text of the form, after sending."""
        for section in self.notice.sections_for(area_code):
            question = next((q for q in section.questions if q.type is QuestionType.LONG_TEXT and q.when is None), None)
            if question is None:
                continue
            page = self.visitor.get("application_section", pk, section.code)
            self.visitor.at = self._before_deadline() - timedelta(seconds=20)
            self.visitor.send(page, self._form(page, "__version"), {question.code: ["Cambiato dopo l'invio."]}, press="then")
            return

    def _withdraw(self, pk: str) -> None:
        page = self.visitor.get("application_withdraw", pk)
        self.visitor.send(page, self._form(page, "sure"), {"sure": ["on"]})
        if self._application(pk).state != ApplicationState.WITHDRAWN:
            self.visitor.find(Level.BROKEN, "not_withdrawn", page.url)

    def _send_what_is_incomplete(self, pk: str, review: Answer) -> None:
        """The page offers no button; whoever sends all the same is refused."""
        if review.page.form_with("reviewed"):
            self.visitor.find(Level.BROKEN, "incomplete_may_be_sent", review.url)
        hub = self.visitor.get("application", pk)
        token = next((f.fields["csrfmiddlewaretoken"].value for f in hub.page.forms if "csrfmiddlewaretoken" in f.fields), [])
        form = Form(reverse("application_submit", args=[pk]), "post")
        done = self.visitor.send(review, form, {"csrfmiddlewaretoken": token, "reviewed": ["x"]}, fine=(302, 409))
        if done.is_redirect:
            self.visitor.find(Level.BROKEN, "incomplete_was_sent", review.url)
        else:
            self.log.count("refusals")

    # --- small things -------------------------------------------------------------------------------------------------

    def _form(self, answer: Answer, name: str) -> Form:
        form = answer.page.form_with(name)
        if form is None:
            self.visitor.find(Level.BROKEN, "no_form", answer.url, sentence=" – ".join(answer.page.errors[:3]))
            raise Broken(answer.url)
        return form

    def _asked(self, area: str, section: Section, question: Question) -> Asked:
        key = (area, question.code)
        return self.log.questions.setdefault(key, Asked(area, section.title, question.code, question.label))

    def _application(self, pk: str) -> Application:
        return Application.objects.get(pk=pk)

    def _first(self, *what: Any) -> bool:
        """Once in a rehearsal."""
        seen = what in self.tried
        self.tried.add(what)
        return not seen

    def _before_deadline(self) -> datetime:
        """A little after the first sending, and still in time."""
        return min(self.body.sends_at + timedelta(minutes=30), self.deadline)


def _onto_the_page(mine: Typed, form: Form, question: Question) -> Typed:
    """The rows of a table as the page numbers them; of any other question, what it has an input for."""
    if question.type is not QuestionType.TABLE:
        return {name: values for name, values in mine.items() if name in form.fields}
    rows = sorted({int(row) for name in form.fields if (row := _row(name, question.code)).isdecimal()})
    found: Typed = {}
    for name, values in mine.items():
        row = int(_row(name, question.code))
        if row <= len(rows):
            found[f"{question.code}__{rows[row - 1]}__{name.rsplit('__', 1)[1]}"] = values
    return found


def _row(name: str, code: str) -> str:
    parts = name.removeprefix(f"{code}__").split("__")
    return parts[0] if name.startswith(f"{code}__") and len(parts) == 2 else ""

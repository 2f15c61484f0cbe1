"""The agreement, from its draft to its signature."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Membership, Organisation, Role, User
from applications.confirming import rules_answered
from applications.groups.participants import present
from applications.merging import Merge, Verdict, judge, merge
from applications.models import Application
from applications.states import WITH_A_PLACE
from documents.fields import SIGNED_FORMATS, SIGNED_MAX_BYTES
from documents.models import Document
from documents.uploads import check, lay, write
from network.actions.projects import final_version
from network.actions.spaces import plan_space
from network.agreement_budget import first_amount, hold_the_budget
from network.agreement_text import PREAMBLE, WAIVED, units_of
from network.agreement_words import TITLES, on_paper
from network.contents import CONTENTS, guess
from network.models import Agreement, AgreementParty, Partnership, Project, ReportingTerm
from network.reporting_calendar import terms
from network.rules.agreements import asks_for_publication, given_beside, term_is_too_long
from network.states import AgreementState
from network.transitions import (
    ACCEPT_COPY,
    AGREE,
    CHANGE_PARTIES,
    EDIT_AGREEMENT,
    PREPARE_AGREEMENT,
    REOPEN_AGREEMENT,
    SIGN,
    SIGN_PART,
)
from workflow.duties import owe
from workflow.ledger import canonical, digest
from workflow.models import Step
from workflow.perform import perform, reasons_against
from workflow.transition import Attempt, Refused

Typed = Mapping[str, Mapping[str, str]]
"""What is typed in a text, by unit: ``preamble``, the key of an article (``title``, ``text``, ``content``), and
``waived-<content>``."""

ADD, REMOVE, UP, DOWN = "add", "remove", "up", "down"
"""How the articles change besides what is typed in them."""


OF_THE_AMOUNT = ["project", "amount_cents", "needs_publication", "publication_reason"]
SAVED = ["version", "saved_by", "saved_at"]


# The draft


def draft_agreement(application: Application, *, at: datetime) -> Agreement:
    """The agreement of a selected body, made once from the draft of the call that it answered; asking again answers the same
    one. Its parties are the administration and the bodies of the application, with who declared for each; its amount is the
    grant of the final budget, or of the one that was proposed. A project that several proposals became has an agreement for
    each of them and one budget: each begins with what its own proposal asked for, as far as the others leave it.

    Raises :class:`Refused` for an application that is not selected."""
    if application.state not in WITH_A_PLACE:
        raise Refused([_("La convenzione si prepara solo per una domanda selezionata.")])
    with transaction.atomic():
        Project.objects.select_for_update().filter(sources__application=application).first()  # two that share it, at once
        agreement, made = Agreement.objects.get_or_create(application=application, defaults={"created_at": at})
        if made:
            _fill(agreement)
    return agreement


def _fill(agreement: Agreement) -> None:
    application = agreement.application
    draft, taken = rules_answered(application).agreement, set()
    for number, article in enumerate(draft.articles, 1):
        content = guess(article.title, taken)
        taken.add(content)
        written = {"title": article.title, "text": _tidy(article.text), "content": content}
        agreement.articles.append({"key": f"a{number}", **written})
    agreement.preamble = _tidy(draft.preamble)
    agreement.project = final_version(application)
    agreement.amount_cents = first_amount(agreement)
    agreement.needs_publication = asks_for_publication(agreement.amount_cents, given_beside(agreement))
    agreement.save()
    AgreementParty.objects.bulk_create(
        [AgreementParty(agreement=agreement, signer=rules_answered(application).administration.procedure_officer)]
        + [
            AgreementParty(agreement=agreement, organisation=body, signer=person.name if person else "", position=position)
            for body, person, position in _declarants(application)
        ]
    )


def _declarants(application: Application) -> Iterable[tuple[Organisation, User | None, str]]:
    """Each body of the application with who declared for it and in which position, the lead first."""
    bodies = {row.organisation: row.certified_by for row in present(application) if row.organisation}
    bodies = {application.organisation: application.current.by} | {
        body: person for body, person in bodies.items() if body != application.organisation
    }
    roles = {
        (row.organisation_id, row.user_id): row.role
        for row in Membership.objects.filter(organisation__in=[body.pk for body in bodies])
    }
    for body, person in bodies.items():
        role = roles.get((body.pk, person.pk)) if person else None
        yield body, person, on_paper(Role(role).label) if role else ""


# The text


def save_text(
    agreement: Agreement,
    typed: Typed,
    bases: Mapping[str, Sequence[str]],
    *,
    change: str = "",
    of: str = "",
    by: User,
    at: datetime,
) -> Merge:
    """Keep what is typed in the units that were sent, and ``change`` the articles: ADD one about the content ``of`` (or about
    none), REMOVE the one with the key ``of``, move it UP or DOWN. ``bases`` are the fingerprints of what the page was shown: of
    two who write at once nobody's text is lost, and what both changed is answered as a conflict, with the articles left as
    they are. Raises :class:`Refused`."""
    with transaction.atomic():
        row = Agreement.objects.select_for_update().get(pk=agreement.pk)
        if against := reasons_against(EDIT_AGREEMENT, row, by=by, at=at):
            raise Refused(against)
        stored = units_of(row)
        mine = {unit: {name: _tidy(text) for name, text in said.items()} for unit, said in typed.items()}
        merged = merge(stored, mine, bases)
        articles = _articles(row.articles, merged, mine)
        if change and not merged.conflicts:
            if change == REMOVE and _was_changed(of, merged, stored, mine, bases):
                raise Refused([_("Nel frattempo qualcuno ha cambiato questo articolo: rileggilo, poi toglilo.")])
            articles = _changed(articles, change, of, key=f"n{row.version + 1}")
        preamble = merged.answers.get(PREAMBLE, "")
        waived = {code: said for code in CONTENTS if (said := merged.answers.get(f"{WAIVED}{code}", ""))}
        if (preamble, articles, waived) != (row.preamble, row.articles, row.waived):

            def keep_text(attempt: Attempt) -> Mapping[str, Any]:
                now = attempt.row
                now.preamble, now.articles, now.waived = preamble, articles, waived
                now.version, now.saved_by, now.saved_at = now.version + 1, by, at
                return {"version": now.version, "preamble": preamble, "articles": articles, "waived": waived}

            saves = ["preamble", "articles", "waived", "version", "saved_by", "saved_at"]
            perform(EDIT_AGREEMENT, row, by=by, at=at, effect=keep_text, saves=saves)
    return merged


def _articles(before: Iterable[Mapping[str, str]], merged: Merge, mine: Typed) -> list[dict[str, str]]:
    """The articles as they are after the merge, in their order; what was typed in one that another took away comes back last."""
    keys = [article["key"] for article in before]
    kept = (unit for unit, verdict in merged.verdicts.items() if verdict is Verdict.MINE)
    keys += [unit for unit in kept if unit not in keys and f"{unit}-title" in mine[unit]]
    names = ("title", "text", "content")
    return [{"key": key, **{name: merged.answers.get(f"{key}-{name}", "") for name in names}} for key in keys]


def _was_changed(key: str, merged: Merge, stored: Typed, mine: Typed, bases: Mapping[str, Sequence[str]]) -> bool:
    if key in merged.verdicts:
        return merged.verdicts[key] is Verdict.THEIRS
    return judge(stored.get(key, {}), mine.get(key, {}), bases.get(key, ())) is not Verdict.SAME


def _changed(articles: list[dict[str, str]], change: str, of: str, *, key: str) -> list[dict[str, str]]:
    if change == ADD:
        title = on_paper(TITLES[of]) if of in CONTENTS else ""
        return [*articles, {"key": key, "title": title, "text": "", "content": of if of in CONTENTS else ""}]
    place = next((n for n, article in enumerate(articles) if article["key"] == of), None)
    if place is None:
        return articles
    found = list(articles)
    article = found.pop(place)
    if change == REMOVE:
        return found
    found.insert(max(place - 1, 0) if change == UP else place + 1, article)
    return found


def change_parties(
    agreement: Agreement,
    signers: Mapping[int, tuple[str, str]],
    *,
    amount_cents: int,
    starts_on: date | None,
    ends_on: date | None,
    seen: int,
    by: User,
    at: datetime,
) -> Step:
    """Say who signs for each party (its pk: the name, the position), the amount, and the days that are foreseen. Raises
    :class:`Refused` when somebody changed the agreement after the version ``seen``."""

    def keep_them(attempt: Attempt) -> Mapping[str, Any]:
        row = attempt.row
        if row.version != seen:
            raise Refused([_("Nel frattempo qualcuno ha cambiato la convenzione. Rileggila e poi riprova.")])
        if starts_on and ends_on and starts_on >= ends_on:
            raise Refused([_("La scadenza viene dopo la decorrenza: correggi le date.")])
        if starts_on and ends_on and (against := term_is_too_long(starts_on, ends_on)):
            raise Refused([against])
        parties = list(row.parties.select_related("organisation"))
        _give(row, amount_cents)
        for party in parties:
            party.signer, party.position = (said.strip() for said in signers[party.pk])
        AgreementParty.objects.bulk_update(parties, ["signer", "position"])
        row.starts_on, row.ends_on = starts_on, ends_on
        row.version, row.saved_by, row.saved_at = row.version + 1, by, at
        people = [[str(p.organisation or ""), p.signer, p.position] for p in parties]
        return {"parties": people, "amount_cents": amount_cents, "starts_on": starts_on, "ends_on": ends_on}

    saves = ["starts_on", "ends_on", *OF_THE_AMOUNT, *SAVED]
    return perform(CHANGE_PARTIES, agreement, by=by, at=at, look=_carry_the_last, effect=keep_them, saves=saves)


def write_first_amount(agreement: Agreement, *, seen: int, by: User, at: datetime) -> Step:
    """The amount is again what an agreement begins with, under the version of the project that stands now. Raises
    :class:`Refused` when somebody changed the agreement after the version ``seen``."""

    def keep_it(attempt: Attempt) -> Mapping[str, Any]:
        row = attempt.row
        if row.version != seen:
            raise Refused([_("Nel frattempo qualcuno ha cambiato la convenzione. Rileggila e poi riprova.")])
        was = row.amount_cents
        _give(row, first_amount(row))
        row.version, row.saved_by, row.saved_at = row.version + 1, by, at
        return {"was": was, "amount_cents": row.amount_cents, "project": row.project.number if row.project else None}

    saves = [*OF_THE_AMOUNT, *SAVED]
    return perform(CHANGE_PARTIES, agreement, by=by, at=at, look=_carry_the_last, effect=keep_it, saves=saves)


def _give(row: Agreement, amount_cents: int) -> None:
    beside = given_beside(row)
    needs = asks_for_publication(amount_cents, beside)
    # What the office decided about an amount below the threshold says nothing of one above it.
    if needs and not asks_for_publication(row.amount_cents, beside):
        row.publication_reason = ""
    if row.amount_cents != amount_cents and not row.publication_reason:
        row.needs_publication = needs
    row.amount_cents = amount_cents


def _carry_the_last(row: Agreement) -> None:
    """It carries out the last version of the project, and no other agreement of the project changes meanwhile."""
    row.project = final_version(row.application)
    hold_the_budget(row)


def prepare_agreement(agreement: Agreement, *, seen: int, project: str = "", by: User, at: datetime) -> Step:
    """The text is what was read, version ``seen`` with the version of the project that has the key ``project`` ("" for none), and
    changes no more: its hash is in the record, the PDF is owed."""

    def freeze(attempt: Attempt) -> Mapping[str, Any]:
        row = attempt.row
        # Asked once for each time that it is prepared: the same text may be prepared again.
        owe("network.agreement_pdf", f"{row.pk} {at.isoformat()}", at=at)
        return {"version": row.version, "sha256": fingerprint(row), "waived": row.waived}

    data = {"seen": seen, "project": project}
    return perform(
        PREPARE_AGREEMENT, agreement, by=by, at=at, data=data, look=_carry_the_last, effect=freeze, saves=["project"]
    )


def fingerprint(agreement: Agreement) -> str:
    """The SHA-256 of all that the agreement says, as the record keeps it when it is prepared."""
    parties = agreement.parties.order_by("pk").values_list("organisation", "signer", "position")
    said = {
        "preamble": agreement.preamble,
        "articles": agreement.articles,
        "waived": agreement.waived,
        "parties": [[str(body or ""), signer, position] for body, signer, position in parties],
        "project": agreement.project.sha256 if agreement.project else "",
        "amount_cents": agreement.amount_cents,
        "starts_on": agreement.starts_on,
        "ends_on": agreement.ends_on,
    }
    return digest(canonical(said))


def reopen_agreement(agreement: Agreement, *, reason: str, by: User, at: datetime) -> Step:
    """The text changes again, and what was signed of it counts no more: the files stay in the record."""

    def thaw(attempt: Attempt) -> Mapping[str, Any]:
        row = attempt.row
        facts = {"text": row.text_id, "signed": [str(pk) for pk in row.parties.values_list("signed", flat=True) if pk]}
        row.text = None
        row.parties.update(signed=None, signed_at=None, copy="", accepted="")
        return facts

    return perform(REOPEN_AGREEMENT, agreement, by=by, at=at, reason=reason, effect=thaw, saves=["text"])


# The signatures


def sign_part(
    agreement: Agreement, parties: Collection[AgreementParty], upload: UploadedFile, *, by: User, at: datetime
) -> Step:
    """Keep the file that these parties signed; a second one takes its place and the first stays in the record. A worker reads
    its signatures and compares it with the prepared text. Raises :class:`documents.uploads.Unacceptable` and
    :class:`Refused`."""
    data = {"parties": list(parties)}
    now = Agreement.objects.get(pk=agreement.pk)
    if against := reasons_against(SIGN_PART, now, by=by, at=at, data=data):
        raise Refused(against)  # before the file is written anywhere
    media_type = check(upload, formats=SIGNED_FORMATS, max_bytes=SIGNED_MAX_BYTES)
    document = lay(upload, media_type=media_type, by=by, at=at)

    def tie(attempt: Attempt) -> Mapping[str, Any]:
        write(document)
        chosen = attempt.row.parties.filter(pk__in=[party.pk for party in parties])
        names = [str(party.organisation or "") for party in chosen.select_related("organisation")]
        chosen.update(signed=document, signed_at=at, copy="", accepted="")
        owe("network.signed_copy", f"{attempt.row.pk} {document.pk}", at=at)
        return {"parties": names, "file": document.pk, "sha256": document.sha256}

    return perform(SIGN_PART, agreement, by=by, at=at, data=data, effect=tie)


def accept_copy(agreement: Agreement, party: AgreementParty, *, file: str, reason: str, by: User, at: datetime) -> Step:
    """The ``file`` (the key of the document) of a party counts, though what is read of it leaves a doubt: the office says why.
    Raises :class:`Refused` when the party brought another file after the one that the office read."""

    def accept(attempt: Attempt) -> Mapping[str, Any]:
        attempt.row.parties.filter(pk=party.pk).update(accepted=reason.strip())
        return {"party": str(party.organisation or ""), "file": file}

    data = {"party": party, "file": file}
    return perform(ACCEPT_COPY, agreement, by=by, at=at, reason=reason, data=data, effect=accept)


def sign_agreement(
    agreement: Agreement,
    *,
    number: str,
    signed_on: date,
    starts_on: date,
    ends_on: date,
    document: Document | None = None,
    reason: str = "",
    contents: Collection[str] = (),
    waiver: str = "",
    by: User,
    at: datetime,
) -> Step:
    """The agreement is signed: the body becomes a partner and, where its area opens a Spazio, the Spazio is planned from
    what the proposal says of it. One transaction for the agreement, the partnership, the Spazio, the reporting calendar and
    the application.

    ``document`` is what is registered: a file signed elsewhere, with the ``reason`` for it. Without one it is the file that the
    administration signed here, or the last of those of the parties, once all have signed. Where no text was prepared here,
    ``contents`` are those of ``network.contents`` that the office found in the file, and ``waiver`` says why the others are not
    needed; what the draft waived already keeps its own reason."""
    application = agreement.application

    dates = {"signed_on": signed_on, "starts_on": starts_on, "ends_on": ends_on}

    def bind(attempt: Attempt) -> Mapping[str, Any]:
        whole = document or _file_of_all(agreement)
        agreement.number, agreement.document = number, whole
        agreement.signed_on, agreement.starts_on, agreement.ends_on = signed_on, starts_on, ends_on
        agreement.save(update_fields=["number", "document", *dates])
        if not agreement.publication_reason:  # now the year is known, and what else was signed in it
            agreement.needs_publication = asks_for_publication(agreement.amount_cents, given_beside(agreement))
        found: dict[str, Any] = {}
        if agreement.state == AgreementState.DRAFT:
            reasons = {code: agreement.waived.get(code) or waiver.strip() for code in CONTENTS if code not in contents}
            agreement.waived = reasons
            found = {"contents": [code for code in CONTENTS if code in contents], "waived": reasons}
        partnership = Partnership.objects.create(
            organisation=application.organisation,
            agreement=agreement,
            area_title=application.area.title,
            accompanies=not application.area.opens_space,
            since=signed_on,
        )
        if application.area.opens_space:
            plan_space(partnership, application)
        _plan_reports(agreement)
        perform(AGREE, application, by=by, at=at)
        return {"number": number, **dates, "sha256": whole.sha256, **found}

    def look(row: Agreement) -> None:
        if row.state == AgreementState.DRAFT:
            _carry_the_last(row)
        Organisation.objects.select_for_update().get(pk=application.organisation_id)  # what it gets in the year is counted

    data = {**dates, "elsewhere": document is not None, "contents": contents, "waiver": waiver}
    saves = ["project", "waived", "needs_publication"]
    return perform(SIGN, agreement, by=by, at=at, reason=reason, data=data, look=look, effect=bind, saves=saves)


def _file_of_all(agreement: Agreement) -> Document:
    parties = list(agreement.parties.exclude(signed=None).select_related("signed"))
    own = [party for party in parties if party.organisation_id is None]
    if not parties:
        raise Refused([_("Scegli il file della convenzione firmata.")])
    return (own or parties)[-1].signed


def _plan_reports(agreement: Agreement) -> None:
    kinds = ReportingTerm.Kind
    ReportingTerm.objects.bulk_create(
        [
            ReportingTerm(
                agreement=agreement,
                number=term.number,
                kind=kinds.FINAL if term.is_final else kinds.QUARTERLY,
                first_day=term.first_day,
                last_day=term.last_day,
                due_on=term.due_on,
            )
            for term in terms(agreement.starts_on, agreement.ends_on)
        ]
    )


def _tidy(text: str) -> str:
    """As it is kept: lines end in one way, whatever the browser sends."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()

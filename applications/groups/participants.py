"""What a group is: who takes part in an application, with which share, and what each body certifies for itself.

A body that applies alone is a group of one. Everything here reads rows and judges; the verbs are in
``applications.actions.joining``. ``participants`` may be prefetched with their bodies and ``certified_by``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organisation
from applications.groups.shares import WHOLE, percent
from applications.models import Application, Participant
from applications.sections.group import allowed, form_words
from bando.notice.document import NO, YES, GroupAnswer, Notice, Requirement, RequirementKind, Section, SectionKind
from bando.templatetags.bando_ui import quoted
from workflow.ledger import canonical, digest, plain

SHARES = "shares"
"""The code of a problem with the numbers of a group: to correct, and not only to complete."""
BLANK = "required"
"""The code of a problem that is only something not given yet; Django's own, so that blank answers have it too."""


def body_facts(body: Organisation) -> dict[str, str]:
    """What a submission says of a body that takes part in it."""
    return {
        "name": body.name,
        "legal_form": body.legal_form,
        "tax_code": body.tax_code,
        "vat_number": body.vat_number,
        "address": body.address,
        "pec": body.pec,
    }


def group_section(notice: Notice, area_code: str) -> Section | None:
    """The page of the form that asks who takes part; ``None`` where the call wants single bodies."""
    return next((part for part in notice.sections_for(area_code) if part.kind is SectionKind.GROUP), None)


def own_declarations(notice: Notice, area_code: str) -> list[Requirement]:
    """What each body of a group declares for itself."""
    return [row for row in notice.requirements_for(area_code) if row.kind is RequirementKind.DECLARATION and row.each_member]


def present(application: Application) -> list[Participant]:
    """Those who take part now, the lead first. No query when they were prefetched, one otherwise."""
    rows = getattr(application, "_prefetched_objects_cache", {}).get("participants")
    if rows is None:
        rows = application.participants.select_related("organisation", "certified_by")
    return sorted((row for row in rows if row.left_at is None), key=lambda row: (not row.is_lead, row.invited_at, str(row.pk)))


def chosen_form(notice: Notice, typed: Mapping[str, Any]) -> dict[str, Any]:
    """How the body takes part, from what is typed in the group section: ``form`` ("" while nothing is chosen that the call
    admits) and ``constituted`` (``None`` for a single body, and while nothing is chosen)."""
    form = typed.get("form", "")
    if form == GroupAnswer.SINGLE:
        return {"form": str(form), "constituted": None}
    form = form if form in {str(one) for one in allowed(notice)} else ""
    return {"form": form, "constituted": {YES: True, NO: False}.get(typed.get("constituted")) if form else None}


def form_of(application: Application) -> dict[str, Any]:
    """:func:`chosen_form` from the draft of the application. No query when ``drafts`` are prefetched."""
    section = group_section(application.call.notice, application.area_code)
    drafts = application.drafts.all() if section else ()
    typed = next((draft.answers for draft in drafts if draft.section == section.code), {})
    return chosen_form(application.call.notice, typed)


def statement(member: Participant, application: Application, how: Mapping[str, Any]) -> dict[str, Any]:
    """What a body of a group certifies, in types of canonical JSON: who it is, what it declares, its share and what it
    does, who leads and how the group is formed. ``how`` as :func:`chosen_form` answers it."""
    notice = application.call.notice
    return plain(
        {
            "format": "bando/certificate/1",
            "call": application.call.slug,
            "area": application.area_code,
            "requirements": [
                {"code": row.code, "title": row.title, "text": row.text, "source": row.source}
                for row in own_declarations(notice, application.area_code)
            ],
            "participation": {"once_per_area": notice.participation.once_per_area, "text": notice.participation.text},
            "group": dict(how),
            "lead": {"name": application.organisation.name, "tax_code": application.organisation.tax_code},
            "body": body_facts(member.organisation),
            "share": member.share,
            "tasks": member.tasks,
        }
    )


def sha256(stated: Mapping[str, Any]) -> str:
    return digest(canonical(stated))


def is_certified(member: Participant, application: Application, how: Mapping[str, Any]) -> bool:
    """Does what the body certified still stand as it certified it? The lead certifies by sending."""
    if member.is_lead:
        return True
    if member.organisation_id is None or not member.certified_sha256:
        return False
    return member.certified_sha256 == sha256(statement(member, application, how))


def what_changed(member: Participant, application: Application, how: Mapping[str, Any]) -> list[str]:
    """Of a body that had certified and must do it again, what is no longer as it was shown; empty otherwise."""
    if not member.stated or is_certified(member, application, how):
        return []
    now = statement(member, application, how)
    words = {
        "share": _("la quota"),
        "tasks": _("che cosa fa l'ente"),
        "group": _("la forma del gruppo"),
        "requirements": _("le dichiarazioni che l'avviso chiede"),
        "participation": _("le regole dell'avviso sulla partecipazione"),
        "lead": _("i dati del capofila"),
        "body": _("i dati dell'ente"),
    }
    return [said for key, said in words.items() if member.stated.get(key) != now[key]]


def total_share(members: Sequence[Participant]) -> int:
    return sum(member.share or 0 for member in members)


def room_for_more(application: Application, members: Sequence[Participant]) -> bool:
    most = application.call.notice.participation.max_members
    return most is None or len(members) < most


def group_problems(application: Application, typed: Mapping[str, Any]) -> list[dict[str, str]]:
    """What the rows of a group still want, as ``SectionForm.problems`` says it (``code``, ``sentence``). What is typed in the
    section has its own problems; while no form is chosen there is nothing to add to them."""
    how = chosen_form(application.call.notice, typed)
    if not how["form"]:
        return []
    members = present(application)
    others = [member for member in members if not member.is_lead]
    if how["form"] == GroupAnswer.SINGLE:
        return [_found(SHARES, _of_who_is_not_alone(others))] if others else []
    if not others:
        return [_found(BLANK, _("Aggiungi almeno un altro ente, o scegli che partecipi da solo."))]
    return [*_of_number(application, members), *_of_shares(members), *_of_confirmations(application, others, how)]


def group_content(application: Application, how: Mapping[str, Any]) -> dict[str, Any]:
    """The group as a submission freezes it, in types of canonical JSON."""
    return plain({**how, "members": [_frozen(member) for member in present(application)]})


def group_mark(application: Application) -> list[Any]:
    """What the fingerprint of an application takes of its group."""
    return [
        [
            str(member.pk),
            member.organisation_id and body_facts(member.organisation),
            member.share,
            member.tasks,
            member.certified_sha256,
        ]
        for member in present(application)
    ]


def _frozen(member: Participant) -> dict[str, Any]:
    return {
        "body": body_facts(member.organisation),
        "lead": member.is_lead,
        "share": member.share,
        "tasks": member.tasks,
        "declared": list(member.declared),
        "certified_by": str(member.certified_by) if member.certified_by else "",
        "certified_at": member.certified_at,
        "certified_sha256": member.certified_sha256,
    }


def _found(code: str, sentence: str) -> dict[str, str]:
    return {"code": code, "sentence": sentence}


def _of_who_is_not_alone(others: Sequence[Participant]) -> str:
    return ngettext(
        "Hai scelto di partecipare da solo, ma c'è %(n)s altro ente: toglilo, o scegli la forma del gruppo.",
        "Hai scelto di partecipare da solo, ma ci sono %(n)s altri enti: toglili, o scegli la forma del gruppo.",
        len(others),
    ) % {"n": len(others)}


def _of_number(application: Application, members: Sequence[Participant]) -> list[dict[str, str]]:
    most = application.call.notice.participation.max_members
    if most is None or len(members) <= most:
        return []
    words = _("Il gruppo può avere al massimo %(most)s enti, capofila compreso. Ora sono %(n)s: togline %(over)s.")
    return [_found(SHARES, words % {"most": most, "n": len(members), "over": len(members) - most})]


def _of_shares(members: Sequence[Participant]) -> list[dict[str, str]]:
    blank = [member for member in members if not member.share]
    if blank:
        return [_found(BLANK, _("Manca la quota di %(names)s.") % {"names": quoted(blank)})]
    total = total_share(members)
    if total == WHOLE:
        return []
    return [_found(SHARES, _("Le quote fanno %(total)s: devono fare 100 %%.") % {"total": percent(total)})]


def _of_confirmations(application: Application, others: Sequence[Participant], how: Mapping[str, Any]) -> list[dict[str, str]]:
    waiting = [member for member in others if not is_certified(member, application, how)]
    if not waiting:
        return []
    return [
        _found(
            BLANK,
            ngettext(
                "Manca la conferma di %(n)s partner: %(names)s.", "Manca la conferma di %(n)s partner: %(names)s.", len(waiting)
            )
            % {"n": len(waiting), "names": quoted(waiting)},
        )
    ]


def words_of_form(how: Mapping[str, Any]) -> str:
    """``Associazione temporanea di scopo (ATS), da costituire``: the form, and whether the group exists already."""
    form = form_words(how.get("form") or "")
    if how.get("constituted") is None:
        return form
    return f"{form}, {_('già costituito') if how['constituted'] else _('da costituire')}"

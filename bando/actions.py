"""What is done with a call until it is public, one function per verb. What changes it after that is in
``applications.amending``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from bando.models import Call, CallVersion
from bando.notice.canonical import canonical, notice_hash
from bando.notice.document import Notice
from bando.notice_pdf import owe_pdf
from bando.notice_yaml import load_notice
from bando.transitions import PUBLISH
from workflow.models import Step
from workflow.perform import perform
from workflow.transition import Attempt, Refused


def load(text: str, *, at: datetime) -> Call:
    """A draft call from a document, or the draft of the same name with a new version of it.

    Raises ``bando.notice_yaml.DocumentFaults`` when the document does not hold together, and :class:`Refused` when the
    call is already public: its rules are frozen, and when somebody else makes it at the same moment.
    """
    notice = load_notice(text)
    try:
        with transaction.atomic():
            return _loaded(notice, text, at)
    except IntegrityError:  # two people at once with a name that was new
        raise Refused(
            [
                _("Qualcun altro ha appena caricato un avviso di nome «%(id)s»: guardalo, e riprova se serve.")
                % {"id": notice.id}
            ]
        ) from None


def _loaded(notice: Notice, text: str, at: datetime) -> Call:
    call = Call.objects.select_for_update().filter(slug=notice.id).first()
    if call is not None and call.published_at:
        raise Refused([_("L'avviso «%(id)s» è già pubblicato: le sue regole non si cambiano più.") % {"id": notice.id}])
    version = CallVersion.objects.filter(slug=notice.id).order_by("-number").first()
    if version is None or version.text != text:  # the same document again is the same version
        version = CallVersion.objects.create(
            slug=notice.id,
            number=version.number + 1 if version else 1,
            text=text,
            canonical=canonical(notice),
            sha256=notice_hash(notice),
            made_at=at,
        )
    call = call or Call(slug=notice.id)
    call.title, call.version = notice.title, version
    call.opens_at, call.closes_at = notice.calendar.opens, notice.calendar.deadline
    call.save()
    return call


def publish(call: Call, *, by: User, at: datetime, shown: str | None = None) -> Step:
    """Publish: from now on the rules are those of this version, by its hash. ``shown`` is the hash of the rules that a person
    read before (None where nobody had to choose): with others in their place, raises :class:`Refused`."""

    def freeze(attempt: Attempt) -> Mapping[str, Any]:
        call.published_at = at
        call.save(update_fields=["published_at"])
        owe_pdf(call.version, at=at)
        return {"version": call.version.number, "sha256": call.version.sha256, "deadline": call.closes_at}

    return perform(PUBLISH, call, by=by, at=at, data={"shown": shown}, effect=freeze)

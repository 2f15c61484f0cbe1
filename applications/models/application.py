"""An application, and the rows that say what was done with it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from applications.states import FALLEN_OUT, ApplicationState
from bando.models import Call
from bando.notice.document import Area
from workflow.models import Step

if TYPE_CHECKING:
    from applications.models.submissions import Submission


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, user: Any) -> ApplicationQuerySet:
        """The applications of the bodies that ``user`` acts for. Nothing else: the office has ``at_the_desk``."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(organisation__memberships__user=user)

    def at_the_desk(self, user: Any, *, at: Any) -> ApplicationQuerySet:
        """What the office may open: what was received, once the deadline has passed. Before it officials see counts and
        never contents."""
        if not (user.is_authenticated and user.is_official):
            return self.none()
        return self.received().filter(call__closes_at__lt=at)

    def received(self) -> ApplicationQuerySet:
        """What was sent and not withdrawn."""
        return self.exclude(state__in=[ApplicationState.DRAFT, ApplicationState.WITHDRAWN])

    def with_call(self) -> ApplicationQuerySet:
        return self.select_related("call__version", "organisation", "current")

    def lock(self, pk: Any) -> None:
        """Hold one application until the transaction ends: whoever else writes it (its files, its bodies, an act) waits."""
        self.select_for_update().only("pk").get(pk=pk)


class Application(models.Model):
    """The application (domanda) of one body for one area of a call.

    ``number`` is given at the first submission and never changes; ``current`` is the submission that counts.
    ``reserve`` says what an admission with reserve still waits for; empty when there is none."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="applications")
    area_code = models.CharField(_("area"), max_length=40)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="applications")
    state = models.CharField(_("stato"), max_length=20, choices=ApplicationState.choices, default=ApplicationState.DRAFT)
    number = models.CharField(_("numero"), max_length=40, unique=True, null=True, blank=True)
    current = models.OneToOneField("Submission", models.PROTECT, null=True, blank=True, related_name="current_of")
    reserve = models.TextField(_("riserva"), blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("iniziata il"))

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("domanda")
        verbose_name_plural = _("domande")
        ordering = ["-created_at", "pk"]
        indexes = [models.Index(fields=["call", "area_code", "state"]), models.Index(fields=["call", "number"])]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "area_code", "organisation"],
                condition=~Q(state=ApplicationState.WITHDRAWN),
                name="one_live_application_per_body_and_area",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[ApplicationState.DRAFT, ApplicationState.WITHDRAWN])
                | Q(number__isnull=False, current__isnull=False),
                name="what_was_sent_has_a_number_and_a_submission",
            ),
        ]

    def __str__(self) -> str:
        return self.number or str(self.pk)

    @property
    def sent_in_time(self) -> Submission:
        """The last submission that answered no request of the office: the one whose arrival the deadline judges. One query
        when what counts is an answer to a request."""
        if self.current.completes_id is None:
            return self.current
        return self.submissions.filter(completes=None).latest("sequence")

    @property
    def has_reserve(self) -> bool:
        """Is there still something that its admission waits for? Not once it has fallen out of the call."""
        return bool(self.reserve) and self.state not in FALLEN_OUT

    @property
    def area(self) -> Area:
        return self.call.notice.area(self.area_code)


class ApplicationStep(Step):
    states = ApplicationState
    row = models.ForeignKey(Application, models.PROTECT, related_name="steps")

"""The services of the accredited bodies, how they are found, and how a body is accredited."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from documents.models import Document
from network.models.spaces import Space
from network.states import AccreditationNoticeState, AccreditationState, ServiceState, SynonymState
from workflow.models import Step


class Category(models.Model):
    """A kind of services, in the order in which people see them."""

    code = models.SlugField(max_length=60, unique=True)
    title = models.CharField(_("categoria"), max_length=200)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "title"]

    def __str__(self) -> str:
        return self.title


class AccreditationNotice(models.Model):
    """A light call (avviso di accreditamento): who meets its ``requirements`` may offer services. There is no ranking.

    ``requirements`` is a list of ``{"code", "title", "hint", "needs_file"}``; ``closes_at`` None: always open."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(_("titolo"), max_length=300)
    text = models.TextField(_("che cosa dice"))
    requirements = models.JSONField(_("requisiti"), default=list)
    valid_months = models.PositiveIntegerField(_("per quanti mesi vale l'accreditamento"), default=36)
    state = models.CharField(
        _("stato"), max_length=20, choices=AccreditationNoticeState.choices, default=AccreditationNoticeState.DRAFT
    )
    closes_at = models.DateTimeField(_("si chiude il"), null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.title

    def is_open(self, at: datetime) -> bool:
        """Whether a body may send at ``at``; the closing moment itself is in time."""
        return self.state == AccreditationNoticeState.OPEN and (self.closes_at is None or at <= self.closes_at)


class AccreditationNoticeStep(Step):
    states = AccreditationNoticeState
    row = models.ForeignKey(AccreditationNotice, models.PROTECT, related_name="steps")


class AccreditationQuerySet(models.QuerySet["Accreditation"]):
    def visible_to(self, user: Any) -> AccreditationQuerySet:
        """Those of the bodies that ``user`` acts for; the office sees what was sent, and no draft."""
        if not user.is_authenticated:
            return self.none()
        if user.is_official:
            return self.exclude(state=AccreditationState.DRAFT)
        return self.of_bodies_of(user)

    def of_bodies_of(self, user: Any) -> AccreditationQuerySet:
        return self.filter(organisation__memberships__user=user).distinct()

    def in_force(self, day: date) -> AccreditationQuerySet:
        """Those of the public list on ``day``."""
        return self.filter(state=AccreditationState.ACCREDITED, valid_until__gte=day)


class Accreditation(models.Model):
    """What a body declared to be accredited, and what the office made of it. ``answers`` is ``{code: {"declared": bool, "text":
    str}}`` by requirement, ``checks`` ``{code: {"met": bool, "note": str}}`` as the office found them. One request at a time for
    each body and notice; who is accredited asks again before the end, and the new accreditation stands beside the old one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notice = models.ForeignKey(AccreditationNotice, models.PROTECT, related_name="accreditations")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="accreditations")
    state = models.CharField(_("stato"), max_length=20, choices=AccreditationState.choices, default=AccreditationState.DRAFT)
    answers = models.JSONField(default=dict)
    checks = models.JSONField(default=dict)
    sent_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    valid_until = models.DateField(_("vale fino al"), null=True, blank=True)

    objects = AccreditationQuerySet.as_manager()

    class Meta:
        ordering = ["organisation__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "organisation"],
                condition=Q(state__in=[AccreditationState.DRAFT, AccreditationState.SENT]),
                name="one_accreditation_under_way_per_body",
            ),
            models.CheckConstraint(
                condition=~Q(state=AccreditationState.ACCREDITED) | Q(valid_until__isnull=False),
                name="an_accreditation_has_its_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.notice_id}"

    def is_in_force(self, day: date) -> bool:
        """Whether the body is accredited on ``day`` (in Rome), the last one included."""
        return self.state == AccreditationState.ACCREDITED and self.valid_until is not None and day <= self.valid_until


class AccreditationStep(Step):
    states = AccreditationState
    row = models.ForeignKey(Accreditation, models.PROTECT, related_name="steps")


class AccreditationFile(models.Model):
    """The file that goes with a requirement (``code``). A new request after a refusal takes the same documents with it."""

    accreditation = models.ForeignKey(Accreditation, models.PROTECT, related_name="files")
    code = models.CharField(max_length=60)
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.accreditation_id} {self.code}"


class Price(models.TextChoices):
    FREE = "free", _("Gratuito")
    PAID = "paid", _("A pagamento")
    MIXED = "mixed", _("Gratuito o a pagamento, secondo il reddito")


class ServiceQuerySet(models.QuerySet["Service"]):
    def public(self, day: date) -> ServiceQuerySet:
        """What a citizen finds on ``day`` (in Rome): published services of bodies whose accreditation is in force that day. It is
        asked at each page, so that nothing stays public after the end of an accreditation."""
        return self.filter(
            state=ServiceState.PUBLISHED,
            accreditation__state=AccreditationState.ACCREDITED,
            accreditation__valid_until__gte=day,
        )

    def of_bodies_of(self, user: Any) -> ServiceQuerySet:
        """Those of the bodies that ``user`` acts for; the office sees all that is or was public, and no draft."""
        if not user.is_authenticated:
            return self.none()
        if user.is_official:
            return self.exclude(state=ServiceState.DRAFT)
        return self.filter(organisation__memberships__user=user).distinct()


class Service(models.Model):
    """A service that an accredited body offers. It can be for one person or family (``individual``), for several together, as a
    condominium or a school (``shared``), or both; at home, in a Spazio, online, in any of these. ``municipi``: where it is
    given, a list of 1..9; empty: everywhere. ``words`` is what the search reads (``network.search.words_of``), written at each
    saving. ``accreditation`` is the one that lasts longest: a renewal takes the services with it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="services")
    accreditation = models.ForeignKey(Accreditation, models.PROTECT, related_name="services")
    category = models.ForeignKey(Category, models.PROTECT, related_name="services")
    state = models.CharField(_("stato"), max_length=20, choices=ServiceState.choices, default=ServiceState.DRAFT)
    title = models.CharField(_("nome del servizio"), max_length=150)
    summary = models.CharField(_("in una riga"), max_length=200)
    description = models.TextField(_("che cosa si fa"))
    audience = models.CharField(_("per chi"), max_length=200, blank=True)
    price = models.CharField(_("costo"), max_length=10, choices=Price.choices)
    price_note = models.CharField(_("quanto costa"), max_length=300, blank=True)
    individual = models.BooleanField(_("per una persona o una famiglia"), default=True)
    shared = models.BooleanField(_("condiviso: in condominio, a scuola, tra famiglie"), default=False)
    at_home = models.BooleanField(_("a casa"), default=False)
    in_space = models.BooleanField(_("in uno Spazio WeMi"), default=False)
    online = models.BooleanField(_("a distanza"), default=False)
    municipi = models.JSONField(_("Municipi"), default=list, blank=True)
    spaces = models.ManyToManyField(Space, related_name="services", blank=True)
    words = models.TextField(blank=True, editable=False)
    saved_at = models.DateTimeField()

    objects = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("servizio")
        verbose_name_plural = _("servizi")
        ordering = ["title", "pk"]
        indexes = [models.Index(fields=["state", "category"])]
        constraints = [
            models.CheckConstraint(condition=Q(individual=True) | Q(shared=True), name="a_service_is_for_one_or_for_several"),
            models.CheckConstraint(
                condition=Q(at_home=True) | Q(in_space=True) | Q(online=True), name="a_service_is_given_somewhere"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ServiceStep(Step):
    states = ServiceState
    row = models.ForeignKey(Service, models.PROTECT, related_name="steps")


class SynonymQuerySet(models.QuerySet["Synonym"]):
    def in_use(self) -> SynonymQuerySet:
        return self.filter(state=SynonymState.IN_USE)


class Synonym(models.Model):
    """What people say (``term``: "badante") and the words of the catalogue that it stands for (``means``). One that the office
    removed stays, with its history: it can come back, and the first list does not bring it again. Nobody wrote (``by``) what
    came with that list."""

    state = models.CharField(_("stato"), max_length=20, choices=SynonymState.choices, default=SynonymState.IN_USE)
    term = models.CharField(_("parola che scrivono le persone"), max_length=100)
    means = models.CharField(_("parole del catalogo"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    objects = SynonymQuerySet.as_manager()

    class Meta:
        ordering = ["term"]
        constraints = [
            models.UniqueConstraint(
                fields=["term"], condition=Q(state=SynonymState.IN_USE), name="one_synonym_in_use_for_a_term"
            )
        ]

    def __str__(self) -> str:
        return self.term


class SynonymStep(Step):
    states = SynonymState
    row = models.ForeignKey(Synonym, models.PROTECT, related_name="steps")


class Miss(models.Model):
    """A search that found nothing: the words and how often, by day, and nothing of who searched."""

    query = models.CharField(max_length=100)
    day = models.DateField()
    count = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-day", "-count"]
        constraints = [models.UniqueConstraint(fields=["query", "day"], name="misses_are_counted_by_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.query}"

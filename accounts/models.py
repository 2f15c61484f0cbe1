"""People, and the bodies they act for."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str) -> User:
        return self.get(email__iexact=email)


class User(AbstractBaseUser):
    """A person, known by an e-mail address. What they may do comes from what they belong to: a body, the office, a
    commission; only the office is a property of the person."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("nome e cognome"), max_length=150)
    is_official = models.BooleanField(_("lavora nell'ufficio"), default=False)
    is_active = models.BooleanField(_("attivo"), default=True)
    language = models.CharField(_("lingua"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)
    date_joined = models.DateTimeField(_("iscritto il"), auto_now_add=True)

    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        verbose_name = _("persona")
        verbose_name_plural = _("persone")
        constraints = [models.UniqueConstraint(Lower("email"), name="one_person_per_email")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]


class LegalForm(models.TextChoices):
    """Kinds of Third Sector bodies (art. 4 D.Lgs. 117/2017); social enterprises formed as companies are apart, because
    they are not exempt from stamp duty (art. 82 c. 1)."""

    ODV = "odv", _("Organizzazione di volontariato (ODV)")
    APS = "aps", _("Associazione di promozione sociale (APS)")
    SOCIAL_COOPERATIVE = "social_cooperative", _("Cooperativa sociale o consorzio di cooperative sociali")
    SOCIAL_ENTERPRISE = "social_enterprise", _("Impresa sociale in forma di società")
    FOUNDATION = "foundation", _("Fondazione")
    PHILANTHROPIC = "philanthropic", _("Ente filantropico")
    NETWORK = "network", _("Rete associativa")
    MUTUAL_AID = "mutual_aid", _("Società di mutuo soccorso")
    RELIGIOUS = "religious", _("Ente religioso con ramo del Terzo settore")
    ONLUS = "onlus", _("ONLUS iscritta all'anagrafe")
    OTHER = "other", _("Altro ente del Terzo settore")


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, user: User) -> OrganisationQuerySet:
        """The bodies that ``user`` acts for; officials see all."""
        if not user.is_authenticated:
            return self.none()
        if user.is_official:
            return self
        return self.filter(memberships__user=user).distinct()


class Organisation(models.Model):
    """A body of the Third Sector. ``tax_code`` is the 11-digit fiscal code of the body, checked by a library.
    ``invitations_sent`` is how many invitations left in its name on ``invitations_day`` (UTC)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("denominazione"), max_length=300)
    legal_form = models.CharField(_("forma giuridica"), max_length=30, choices=LegalForm.choices)
    tax_code = models.CharField(_("codice fiscale"), max_length=11, unique=True)
    vat_number = models.CharField(_("partita IVA"), max_length=11, blank=True)
    street = models.CharField(_("indirizzo della sede legale"), max_length=300)
    postal_code = models.CharField(_("CAP"), max_length=5)
    city = models.CharField(_("comune"), max_length=150)
    province = models.CharField(_("provincia"), max_length=2)
    pec = models.EmailField(_("PEC"))
    phone = models.CharField(_("telefono"), max_length=30, blank=True)
    created_at = models.DateTimeField(_("registrato il"), default=timezone.now, editable=False)
    invitations_day = models.DateField(null=True, editable=False)
    invitations_sent = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("ente")
        verbose_name_plural = _("enti")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        return f"{self.street}, {self.postal_code} {self.city} ({self.province})"


class Role(models.TextChoices):
    """What a person does for a body (``accounts.rules``). Everybody writes; the referent also invites; only who represents
    the body by law, or by a power of attorney (procura), declares and sends in its name."""

    LEGAL_REPRESENTATIVE = "legal_representative", _("Legale rappresentante")
    PROXY = "proxy", _("Delegato con procura")
    REFERENT = "referent", _("Referente")
    COLLABORATOR = "collaborator", _("Collaboratore")


class Membership(models.Model):
    """A person acts for a body."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    role = models.CharField(_("ruolo"), max_length=30, choices=Role.choices, default=Role.REFERENT)
    since = models.DateTimeField(_("dal"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("persona di un ente")
        verbose_name_plural = _("persone degli enti")
        ordering = ["since", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "organisation"], name="one_membership_per_person_and_body")]

    def __str__(self) -> str:
        return f"{self.user} – {self.organisation}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def for_person(self, user: User) -> InvitationQuerySet:
        """Those that ``user`` may answer: sent to the address with which one signs in, which has been confirmed."""
        return self.filter(email=user.email) if user.is_authenticated else self.none()

    def visible_to(self, user: User) -> InvitationQuerySet:
        """Those that ``user`` may answer, and those of the bodies that ``user`` acts for."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(models.Q(email=user.email) | models.Q(organisation__memberships__user=user)).distinct()


class Invitation(models.Model):
    """Somebody of a body asks a person, known by the address alone, to act for it too. It goes away when it is answered;
    whoever signs in with that address may answer it, so no key travels by mail."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail"))
    role = models.CharField(_("ruolo"), max_length=30, choices=Role.choices, default=Role.REFERENT)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    invited_at = models.DateTimeField(_("invitata il"))

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invito")
        verbose_name_plural = _("inviti")
        ordering = ["invited_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["organisation", "email"], name="one_invitation_per_body_and_address")]

    def __str__(self) -> str:
        return f"{self.email} – {self.organisation}"


class Mail(models.Model):
    """A mail that the mail server has not taken yet. It is deleted once taken, because it may carry a key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.EmailField()
    subject = models.CharField(max_length=300)
    body = models.TextField()
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["written_at"]

    def __str__(self) -> str:
        return f"{self.recipient}: {self.subject}"

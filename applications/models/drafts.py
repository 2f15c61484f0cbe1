"""What was typed, as it was last saved and as it was before."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from applications.models.application import Application


class SectionDraft(models.Model):
    """The answers of one section as they were last saved, complete or not.

    ``answers`` is what was typed, by name of the input, storable whatever it is; ``problems`` is what was found when it
    was saved (``applications.sections.build.SectionForm.problems``: by name of the input, the code and the sentence of
    each), so that completeness is judged once per save and not on every page; ``version`` grows by one with each save
    that changes something, so that two people do not overwrite each other unknowingly. ``judged_by`` is the hash of what
    the problems depend on besides the answers (``applications.progress``): when the call has changed since, or an earlier
    answer shows or hides questions here, they are found anew."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="drafts")
    section = models.CharField(max_length=60)
    answers = models.JSONField(default=dict)
    problems = models.JSONField(default=dict)
    judged_by = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "section"], name="one_draft_per_section")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.section} {self.version}"


class SectionEdit(models.Model):
    """What one save changed in a section: by name of the input what was typed there, ``null`` where it was taken away.
    From these rows a person reads and brings back an earlier text, and the office reads who wrote what.

    ``version`` is that of the section after the save. Saves of the same person that follow each other within minutes
    share a row, which then holds the last text of each field: a text is typed in hundreds of saves, and nobody looks for
    each of them. When each arrived is remembered apart (``Event``)."""

    draft = models.ForeignKey(SectionDraft, models.CASCADE, related_name="edits")
    version = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    at = models.DateTimeField()
    changes = models.JSONField()

    class Meta:
        ordering = ["version"]
        constraints = [models.UniqueConstraint(fields=["draft", "version"], name="one_edit_per_version_of_a_section")]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.version}"

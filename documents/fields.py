"""Fields of forms that take a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from documents.uploads import Unacceptable, check

SIGNED_FORMATS, SIGNED_MAX_BYTES = ("pdf", "p7m"), 20 * 1024 * 1024


class SignedFileField(forms.FileField):
    """A signed act of the administration. It answers the upload with its ``media_type``, judged by its content."""

    default_error_messages = {"empty": _("Il file è vuoto. Scegline un altro.")}

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if upload:
            try:
                upload.media_type = check(upload, formats=SIGNED_FORMATS, max_bytes=SIGNED_MAX_BYTES)
            except Unacceptable as refused:
                raise forms.ValidationError(str(refused)) from None
        return upload

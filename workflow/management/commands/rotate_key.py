"""A new key for what the installation signs."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from workflow.signing import rotate


class Command(BaseCommand):
    help = "Throws away the private key with which receipts are signed and begins with a new one; the earlier public keys stay."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            key = rotate()
        except ImproperlyConfigured as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(key.fingerprint)

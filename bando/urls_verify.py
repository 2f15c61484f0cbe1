"""verifica/: how anybody checks what we issued."""

from django.urls import path

from bando.views import verifying

urlpatterns = [
    path("", verifying.verify, name="verify"),
    path("verify_receipt.py", verifying.verify_program, name="verify_program"),
    path("chiavi.json", verifying.signing_keys, name="signing_keys"),
]

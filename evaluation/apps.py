from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in

from bando.context import SITS


def _remember_a_seat(request: Any, user: Any, **kwargs: Any) -> None:
    """The main menu shows the evaluations to who sits on a commission when signing in, and asks nobody again."""
    request.session[SITS] = user.commission_seats.seated().exists()


class EvaluationConfig(AppConfig):
    name = "evaluation"

    def ready(self) -> None:
        user_logged_in.connect(_remember_a_seat, dispatch_uid="remember a seat")
        # Registers what is owed after an act; models are loaded only now.
        from evaluation import duties, minuting  # noqa: F401, PLC0415

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in

from bando.context import WORKS_ON_REQUESTS


def _remember_the_requests(request: Any, user: Any, **kwargs: Any) -> None:
    """The main menu leads to the requests whoever may work on them when signing in, and asks nobody again."""
    from network.rules.requests import has_work_in_requests  # noqa: PLC0415 - models are loaded only now

    request.session[WORKS_ON_REQUESTS] = has_work_in_requests(user)


class NetworkConfig(AppConfig):
    name = "network"

    def ready(self) -> None:
        user_logged_in.connect(_remember_the_requests, dispatch_uid="remember the requests")
        # Registers what is owed after an act; models are loaded only now.
        from network import (  # noqa: PLC0415
            agreement_duties,  # noqa: F401
            catalogue_mails,  # noqa: F401
            checks_duties,  # noqa: F401
            duties,  # noqa: F401
            report_mails,  # noqa: F401
            request_erasure,  # noqa: F401
            request_mails,  # noqa: F401
            space_duties,  # noqa: F401
            support_mails,  # noqa: F401
        )

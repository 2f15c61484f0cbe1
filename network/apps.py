from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in

from bando.context import TAKES_PART, WORKS_ON_REQUESTS


def _remember_the_menu(request: Any, user: Any, **kwargs: Any) -> None:
    """The main menu leads to the network and to the requests whoever may work on them when signing in, and asks nobody again."""
    # Models are loaded only now.
    from network.overview import takes_part  # noqa: PLC0415
    from network.rules.requests import has_work_in_requests  # noqa: PLC0415

    request.session[TAKES_PART] = not user.is_official and takes_part(user)
    request.session[WORKS_ON_REQUESTS] = has_work_in_requests(user)


class NetworkConfig(AppConfig):
    name = "network"

    def ready(self) -> None:
        user_logged_in.connect(_remember_the_menu, dispatch_uid="remember the menu of the network")
        # Registers what is owed after an act; models are loaded only now.
        from network import (  # noqa: PLC0415
            agreement_duties,  # noqa: F401
            catalogue_mails,  # noqa: F401
            checks_duties,  # noqa: F401
            report_mails,  # noqa: F401
            request_erasure,  # noqa: F401
            request_mails,  # noqa: F401
            space_duties,  # noqa: F401
            support_mails,  # noqa: F401
            table_duties,  # noqa: F401
        )

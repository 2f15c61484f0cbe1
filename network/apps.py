from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "network"

    def ready(self) -> None:
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

from django.apps import AppConfig


class RehearsalConfig(AppConfig):
    name = "rehearsal"

    def ready(self) -> None:
        # Registers what is owed after a request; models are loaded only now.
        from rehearsal import duties  # noqa: F401, PLC0415

from django.apps import AppConfig


class BandoConfig(AppConfig):
    name = "bando"

    def ready(self) -> None:
        # Registers what is owed after a publication, an amendment or a clarification; models are loaded only now.
        from bando import notice_pdf, telling  # noqa: F401, PLC0415

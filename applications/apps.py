from importlib import import_module

from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "applications"

    def ready(self) -> None:
        for name in ("duties", "groups.duties", "reminders"):  # they register what is owed; models are ready only now
            import_module(f"applications.{name}")

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


def _after_migrate(using: str, **kwargs: object) -> None:
    # Django forbids models at the top of this file: they are loaded after it.
    from workflow.append_only import lay_triggers  # noqa: PLC0415

    lay_triggers(connections[using])


class WorkflowConfig(AppConfig):
    name = "workflow"

    def ready(self) -> None:
        # The signal comes once for each app, all migrations done: one of them is enough.
        post_migrate.connect(_after_migrate, sender=self, dispatch_uid="append-only triggers")

from importlib import import_module

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "documents"

    def ready(self) -> None:
        import_module("documents.duties")  # registers what is owed; models are ready only now

from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "evaluation"

    def ready(self) -> None:
        # Registers what is owed after a publication; models are loaded only now.
        from evaluation import duties  # noqa: F401, PLC0415

from django.apps import AppConfig


class BandoConfig(AppConfig):
    name = "bando"

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "baokao.office"

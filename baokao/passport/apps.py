"""The passport app."""

from django.apps import AppConfig


class PassportConfig(AppConfig):
    name = "baokao.passport"
    label = "passport"

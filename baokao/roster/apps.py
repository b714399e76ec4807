"""The roster app."""

from django.apps import AppConfig


class RosterConfig(AppConfig):
    name = "baokao.roster"
    label = "roster"

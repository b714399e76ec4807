"""The registration app."""

from django.apps import AppConfig


class RegistrationConfig(AppConfig):
    name = "baokao.registration"
    label = "registration"

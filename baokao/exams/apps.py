"""The exams app."""

from django.apps import AppConfig


class ExamsConfig(AppConfig):
    name = "baokao.exams"
    label = "exams"

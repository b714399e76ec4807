"""The payments app."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "baokao.payments"
    label = "payments"

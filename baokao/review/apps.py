"""The review app."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "baokao.review"
    label = "review"

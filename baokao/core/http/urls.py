"""The addresses of the house itself: the captcha, and what operators and their machines ask."""

from django.urls import include, path

from baokao.core.http import health

urlpatterns = [
    path("captcha/", include("baokao.core.captcha.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
]

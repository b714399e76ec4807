"""Addresses of entering on behalf, under `/office/entries/`."""

from django.urls import path

from baokao.office.behalf import views

urlpatterns = [
    path("entries/", views.registrations, name="behalf"),
    path("entries/<uuid:registration_id>/", views.enter, name="behalf_enter"),
]

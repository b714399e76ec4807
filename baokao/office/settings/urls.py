"""Addresses of a school's settings, notice and contacts."""

from django.urls import path

from baokao.office.settings import views

urlpatterns = [
    path("settings/", views.switches, name="settings"),
    path("notice/", views.notice, name="notice"),
    path("contacts/", views.contacts, name="contacts"),
    path("contacts/<str:campus>/", views.contacts_of, name="contacts_campus"),
]

"""Addresses of the imports."""

from django.urls import path

from baokao.office.roster import views

urlpatterns = [
    path("roster/", views.roster, name="roster"),
    path("photos/", views.photos, name="photos"),
    path("roster/<uuid:import_id>/", views.one, name="import"),
    path("roster/<uuid:import_id>/findings/", views.findings, name="import_findings"),
    path("roster/<uuid:import_id>/faulty.xlsx", views.faulty_rows, name="faulty_rows"),
    path("roster/<uuid:import_id>/apply/", views.apply, name="import_apply"),
    path("roster/<uuid:import_id>/discard/", views.discard, name="import_discard"),
    path("roster/<uuid:import_id>/undo/", views.undo, name="import_undo"),
]

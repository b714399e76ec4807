"""Addresses of releases, under `/office/release/`."""

from django.urls import path

from baokao.office.release import views

urlpatterns = [
    path("release/", views.registrations, name="release"),
    path("release/<uuid:registration_id>/", views.release, name="release_one"),
    path("release/proof/<uuid:release_id>/<int:position>/", views.proof, name="release_proof"),
]

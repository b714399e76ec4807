"""Addresses of offerings and windows: a school's or a campus's code, and a kind or a subject."""

from django.urls import path

from baokao.office.offerings import views

urlpatterns = [
    path("offerings/", views.listed, name="offerings"),
    path("offerings/<str:campus>/", views.campus, name="offerings_campus"),
    path("offerings/<str:place>/<str:what>/", views.window, name="offerings_window"),
]

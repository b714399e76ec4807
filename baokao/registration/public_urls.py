"""The address of this app that is for everybody."""

from django.urls import path

from baokao.registration import views

urlpatterns = [
    path("retrieve/", views.retrieve, name="retrieve"),
]

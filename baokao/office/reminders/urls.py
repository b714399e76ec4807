"""The address of reminders."""

from django.urls import path

from baokao.office.reminders import views

urlpatterns = [path("reminders/", views.reminders, name="reminders")]

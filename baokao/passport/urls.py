"""Addresses of accounts."""

from django.urls import path

from baokao.passport import views

app_name = "passport"
urlpatterns = [
    path("passport/register/", views.register, name="register"),
    path("login/", views.login, name="login"),
    path("logout/", views.logout, name="logout"),
]

"""Addresses of accounts."""

from django.urls import path

from baokao.passport import views

app_name = "passport"
urlpatterns = [
    path("passport/register/", views.register, name="register"),
    path("passport/edit/", views.edit, name="edit"),
    path("passport/password/", views.password, name="password"),
    path("passport/privacy/", views.privacy, name="privacy"),
    path("passport/verify/<str:token>/", views.verify, name="verify"),
    path("passport/recover/", views.recover, name="recover"),
    path("passport/reset/<str:token>/", views.reset, name="reset"),
    path("login/", views.login, name="login"),
    path("logout/", views.logout, name="logout"),
]

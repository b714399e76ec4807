"""Addresses of the passport's pages that have to know of registrations."""

from django.urls import path

from baokao.registration.views import account

app_name = "account"
urlpatterns = [
    path("passport/", account.show, name="show"),
    path("passport/close/", account.close, name="close"),
    path("passport/disown/<str:token>/", account.disown, name="disown"),
]

"""Addresses of where things stand, of the lists of candidates and of the look-up of accounts."""

from django.urls import path

from baokao.office.standing import check_list, exports, views

urlpatterns = [
    path("standing/", views.standing, name="standing"),
    path("standing/export/", exports.classes, name="standing_export"),
    path("candidates/", views.candidates, name="candidates"),
    path("candidates/export/", exports.candidates, name="candidates_export"),
    path("candidates/<uuid:record>/", views.candidate, name="candidate"),
    path("check-list/", check_list.choose, name="check_list"),
    path("check-list/print/", check_list.sheets, name="check_list_print"),
    path("accounts/", views.accounts, name="accounts"),
]

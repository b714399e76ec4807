"""Addresses of the candidate's journey."""

from django.urls import path

from baokao.registration import views

app_name = "my"
urlpatterns = [
    path("", views.home, name="home"),
    path("sitting/", views.choose, name="choose"),
    path("agreement/", views.agreement, name="agreement"),
    path("eligibility/", views.eligibility, name="eligibility"),
    path("confirm/", views.confirm, name="confirm"),
    path("photo/", views.photo, name="photo"),
    path("written/", views.written, name="written"),
    path("speaking/", views.speaking, name="speaking"),
    path("speaking/<str:code>/", views.campuses, name="campuses"),
    path("cancel/", views.cancel, name="cancel"),
    path("review/", views.review, name="review"),
    path("registration/", views.registration, name="registration"),
]

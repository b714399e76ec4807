"""Addresses of the review's desk."""

from django.urls import path

from baokao.office.review import views

urlpatterns = [
    path("", views.queue, name="review"),
    path("behalf/", views.students, name="review_students"),
    path("behalf/<uuid:record>/", views.behalf, name="review_behalf"),
    path("evidence/<uuid:page>/", views.evidence, name="review_evidence"),
    path("<uuid:application>/", views.one, name="review_one"),
]

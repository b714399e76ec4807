"""Addresses of the public pages."""

from django.urls import path

from baokao.home import views

urlpatterns = [
    path("", views.home, name="home"),
    path("pages/<slug:slug>/", views.page, name="page"),
    path("news/<int:news_id>/", views.news, name="news"),
    path("lights/<str:campus>/", views.lights, name="lights"),
    path("lights/<str:subject>/<str:province>/", views.speaking_lights, name="speaking-lights"),
]

"""Under /captcha/."""

from django.urls import path

from baokao.core.captcha import views

app_name = "captcha"
urlpatterns = [
    path("new/", views.renew, name="new"),
    path("<str:token>.png", views.picture, name="picture"),
    path("<str:token>.wav", views.sound, name="sound"),
]

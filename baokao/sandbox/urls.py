"""Pages that only demonstration and tests have."""

from django.urls import path

from baokao.sandbox import views

app_name = "sandbox"
urlpatterns = [
    path("mail/", views.mail, name="mail"),
    path("mail/<str:mail_id>/", views.mail_item, name="mail_item"),
    path("mail/<str:mail_id>/html/", views.mail_html, name="mail_html"),
]

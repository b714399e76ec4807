"""Addresses of paying: the candidate's under `/my/pay/`, the providers' under `/pay/notify/`."""

from django.urls import path

from baokao.payments import views

app_name = "pay"
urlpatterns = [
    path("my/pay/", views.pay, name="pay"),
    path("my/pay/result/", views.result, name="result"),
    path("my/pay/refresh/", views.refresh, name="refresh"),
    path("my/pay/receipt/<str:number>/", views.receipt, name="receipt"),
    path("pay/notify/<str:provider>/", views.notify, name="notify"),
]

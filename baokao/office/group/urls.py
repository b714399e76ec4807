"""Addresses of group payment, under `/office/group/`."""

from django.urls import path

from baokao.office.group import paying, picking, views

urlpatterns = [
    path("group/", views.groups, name="groups"),
    path("group/new/", picking.new, name="group_new"),
    path("group/<uuid:group_id>/", views.group, name="group"),
    path("group/<uuid:group_id>/add/", picking.add, name="group_add"),
    path("group/<uuid:group_id>/pay/", paying.pay, name="group_pay"),
    path("group/<uuid:group_id>/refresh/", paying.refresh, name="group_refresh"),
]

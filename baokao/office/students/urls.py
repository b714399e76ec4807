"""Addresses of the students and the conflicts."""

from django.urls import path

from baokao.office.students import conflicts, views

urlpatterns = [
    path("students/", views.students, name="students"),
    path("students/find/", views.find, name="student_find"),
    path("students/new/", views.new, name="student_new"),
    path("students/<uuid:record_id>/", views.student, name="student"),
    path("students/<uuid:record_id>/edit/", views.edit, name="student_edit"),
    path("students/<uuid:record_id>/restrict/", views.restrict, name="student_restrict"),
    path("students/<uuid:record_id>/remove/", views.remove, name="student_remove"),
    path("students/<uuid:record_id>/photo/", views.photo, name="student_photo"),
    path("students/<uuid:record_id>/number/", views.number, name="student_number"),
    path("conflicts/", conflicts.conflicts, name="conflicts"),
    path("conflicts/<uuid:conflict_id>/", conflicts.conflict, name="conflict"),
]

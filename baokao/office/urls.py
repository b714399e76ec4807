"""The office's addresses. Each area keeps its own in `<area>/urls.py` and is named here in one line."""

from django.urls import include, path

from baokao.office import views
from baokao.office.standing.views import home

app_name = "office"
urlpatterns = [
    path("login/", views.login, name="login"),
    path("logout/", views.logout, name="logout"),
    path("", home, name="home"),
    path("sitting/", views.sitting, name="sitting"),
    path("account/", views.account, name="account"),
    path("account/codes/", views.recovery_codes, name="recovery_codes"),
    path("review/", include("baokao.office.review.urls")),
    path("", include("baokao.office.roster.urls")),
    path("", include("baokao.office.students.urls")),
    path("", include("baokao.office.behalf.urls")),
    path("", include("baokao.office.release.urls")),
    path("", include("baokao.office.group.urls")),
    path("", include("baokao.office.reminders.urls")),
    path("", include("baokao.office.offerings.urls")),
    path("", include("baokao.office.settings.urls")),
    path("", include("baokao.office.standing.urls")),
]

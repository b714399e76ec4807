"""Every address of the site. Each view states its audience; one that doesn't fails the build."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path("", include("baokao.core.http.urls")),
    path("", include("baokao.home.urls")),
    path("", include("baokao.passport.urls")),
    path("", include("baokao.registration.account_urls")),
    path("", include("baokao.registration.public_urls")),
    path("", include("baokao.payments.urls")),
    path("my/", include("baokao.registration.urls")),
    path("office/", include("baokao.office.urls")),
]
if not settings.PRODUCTION and find_spec("baokao.sandbox"):
    urlpatterns.append(path("sandbox/", include("baokao.sandbox.urls")))

handler400 = "baokao.core.http.errors.bad_request"
handler403 = "baokao.core.http.errors.forbidden"
handler404 = "baokao.core.http.errors.not_found"
handler500 = "baokao.core.http.errors.server_error"

"""The site with one address more: `/bare/`, a view that does nothing, behind the same middleware in the same server."""

from django.conf import settings

from baokao.config.wsgi import application

settings.ROOT_URLCONF = "tests.bench.bare_urls"

__all__ = ["application"]

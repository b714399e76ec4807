"""The web server's door."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "baokao.config.settings")

from django.core.wsgi import get_wsgi_application

from baokao.core.checks import refuse_if_unsafe

application = get_wsgi_application()
refuse_if_unsafe()

"""The web server's door."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "baokao.config.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

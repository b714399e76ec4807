"""The demonstration's app. It can't be loaded in production, whatever the settings say."""

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class SandboxConfig(AppConfig):
    """Data to try, the mailbox and the embedded database."""

    name = "baokao.sandbox"
    label = "sandbox"

    def ready(self) -> None:
        """Refuse production."""
        if settings.PRODUCTION:
            raise ImproperlyConfigured("baokao.sandbox is for demonstrations and tests; production must not load it.")

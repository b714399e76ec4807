"""The app's start: logs are configured before anything else speaks."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """What every other app stands on; it knows no word of the domain."""

    name = "baokao.core"
    label = "core"

    def ready(self) -> None:
        from baokao.core import logs

        logs.configure()

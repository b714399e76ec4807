"""One file for each layer that a request passes through, outermost first in settings.MIDDLEWARE."""

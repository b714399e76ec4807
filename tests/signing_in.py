"""A test client that is signed in, without a password being hashed for it."""

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from baokao.passport import session
from baokao.passport.models import Passport


def signed_in_client(passport: Passport) -> Client:
    """Django's test client with the cookie that `/login/` would have set."""
    response = HttpResponse()
    session.open_for(response, passport)
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = response.cookies[settings.SESSION_COOKIE_NAME].value
    return client


@pytest.fixture
def signed_in():
    """`signed_in(passport)` is a client with that passport's session."""
    return signed_in_client

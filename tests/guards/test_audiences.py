"""Each address has a stated audience, and none vanishes or appears unnoticed (proof e11, e14)."""

import pytest
from django.test import Client

from baokao.core.http.audience import Audience
from tests.attacks import samples
from tests.cast import a_candidate, set_stage
from tests.guards.urls import routes

# Whoever adds or takes away an address says so here; a reader of the change sees for whom it is.
STATED = {
    "/": Audience.PUBLIC,
    "/captcha/<str:token>.png": Audience.PUBLIC,
    "/captcha/<str:token>.wav": Audience.PUBLIC,
    "/captcha/new/": Audience.PUBLIC,
    "/healthz": Audience.OPERATOR,
    "/lights/<str:campus>/": Audience.PUBLIC,
    "/lights/<str:subject>/<str:province>/": Audience.PUBLIC,
    "/login/": Audience.PUBLIC,
    "/logout/": Audience.CANDIDATE,
    "/metrics": Audience.OPERATOR,
    "/my/": Audience.CANDIDATE,
    "/my/agreement/": Audience.CANDIDATE,
    "/my/cancel/": Audience.CANDIDATE,
    "/my/confirm/": Audience.CANDIDATE,
    "/my/eligibility/": Audience.CANDIDATE,
    "/my/pay/": Audience.CANDIDATE,
    "/my/pay/receipt/<str:number>/": Audience.CANDIDATE,
    "/my/pay/refresh/": Audience.CANDIDATE,
    "/my/pay/result/": Audience.CANDIDATE,
    "/my/photo/": Audience.CANDIDATE,
    "/my/registration/": Audience.CANDIDATE,
    "/my/review/": Audience.CANDIDATE,
    "/my/sitting/": Audience.CANDIDATE,
    "/my/speaking/": Audience.CANDIDATE,
    "/my/speaking/<str:code>/": Audience.CANDIDATE,
    "/my/written/": Audience.CANDIDATE,
    "/news/<int:news_id>/": Audience.PUBLIC,
    "/office/": Audience.STAFF,
    "/office/account/": Audience.STAFF,
    "/office/account/codes/": Audience.STAFF,
    "/office/accounts/": Audience.STAFF,
    "/office/candidates/": Audience.STAFF,
    "/office/candidates/<uuid:record>/": Audience.STAFF,
    "/office/candidates/export/": Audience.STAFF,
    "/office/check-list/": Audience.STAFF,
    "/office/check-list/print/": Audience.STAFF,
    "/office/conflicts/": Audience.STAFF,
    "/office/conflicts/<uuid:conflict_id>/": Audience.STAFF,
    "/office/contacts/": Audience.STAFF,
    "/office/contacts/<str:campus>/": Audience.STAFF,
    "/office/entries/": Audience.STAFF,
    "/office/entries/<uuid:registration_id>/": Audience.STAFF,
    "/office/group/": Audience.STAFF,
    "/office/group/<uuid:group_id>/": Audience.STAFF,
    "/office/group/<uuid:group_id>/add/": Audience.STAFF,
    "/office/group/<uuid:group_id>/pay/": Audience.STAFF,
    "/office/group/<uuid:group_id>/refresh/": Audience.STAFF,
    "/office/group/new/": Audience.STAFF,
    "/office/login/": Audience.PUBLIC,
    "/office/logout/": Audience.STAFF,
    "/office/notice/": Audience.STAFF,
    "/office/offerings/": Audience.STAFF,
    "/office/offerings/<str:campus>/": Audience.STAFF,
    "/office/offerings/<str:place>/<str:what>/": Audience.STAFF,
    "/office/photos/": Audience.STAFF,
    "/office/release/": Audience.STAFF,
    "/office/release/<uuid:registration_id>/": Audience.STAFF,
    "/office/release/proof/<uuid:release_id>/<int:position>/": Audience.STAFF,
    "/office/reminders/": Audience.STAFF,
    "/office/review/": Audience.STAFF,
    "/office/review/<uuid:application>/": Audience.STAFF,
    "/office/review/behalf/": Audience.STAFF,
    "/office/review/behalf/<uuid:record>/": Audience.STAFF,
    "/office/review/evidence/<uuid:page>/": Audience.STAFF,
    "/office/roster/": Audience.STAFF,
    "/office/roster/<uuid:import_id>/": Audience.STAFF,
    "/office/roster/<uuid:import_id>/apply/": Audience.STAFF,
    "/office/roster/<uuid:import_id>/discard/": Audience.STAFF,
    "/office/roster/<uuid:import_id>/faulty.xlsx": Audience.STAFF,
    "/office/roster/<uuid:import_id>/findings/": Audience.STAFF,
    "/office/roster/<uuid:import_id>/undo/": Audience.STAFF,
    "/office/settings/": Audience.STAFF,
    "/office/sitting/": Audience.STAFF,
    "/office/standing/": Audience.STAFF,
    "/office/standing/export/": Audience.STAFF,
    "/office/students/": Audience.STAFF,
    "/office/students/<uuid:record_id>/": Audience.STAFF,
    "/office/students/<uuid:record_id>/edit/": Audience.STAFF,
    "/office/students/<uuid:record_id>/number/": Audience.STAFF,
    "/office/students/<uuid:record_id>/photo/": Audience.STAFF,
    "/office/students/<uuid:record_id>/remove/": Audience.STAFF,
    "/office/students/<uuid:record_id>/restrict/": Audience.STAFF,
    "/office/students/find/": Audience.STAFF,
    "/office/students/new/": Audience.STAFF,
    "/pages/<slug:slug>/": Audience.PUBLIC,
    "/passport/": Audience.CANDIDATE,
    "/passport/close/": Audience.CANDIDATE,
    "/passport/disown/<str:token>/": Audience.PUBLIC,
    "/passport/edit/": Audience.CANDIDATE,
    "/passport/password/": Audience.CANDIDATE,
    "/passport/privacy/": Audience.CANDIDATE,
    "/passport/recover/": Audience.PUBLIC,
    "/passport/register/": Audience.PUBLIC,
    "/passport/reset/<str:token>/": Audience.PUBLIC,
    "/passport/verify/<str:token>/": Audience.PUBLIC,
    "/pay/notify/<str:provider>/": Audience.PROVIDER,
    "/readyz": Audience.OPERATOR,
    "/retrieve/": Audience.PUBLIC,
    "/sandbox/mail/": Audience.SANDBOX,
    "/sandbox/mail/<str:mail_id>/": Audience.SANDBOX,
    "/sandbox/mail/<str:mail_id>/html/": Audience.SANDBOX,
}


def test_e11_every_address_states_its_audience():
    silent = [route.pattern for route in routes() if route.audience is None]
    assert silent == [], f"state the audience of {silent} with @audience(...)"


def test_e11_a_view_without_an_audience_is_found():
    """The control: the guard above fails for such a view."""
    from tests.guards.urls import Route

    assert Route("x", "/x/", lambda request: None).audience is None


def test_e11_the_addresses_are_those_that_are_stated():
    assert {route.pattern: route.audience for route in routes()} == STATED


def filled(pattern: str) -> str:
    """The address, naming nothing that there is."""
    return samples.filled(pattern, samples.SAMPLES[pattern].missing if samples.parts_of(pattern) else ())


CANDIDATES_OWN = [pattern for pattern, audience in STATED.items() if audience == Audience.CANDIDATE]
DESKS = [pattern for pattern, audience in STATED.items() if audience == Audience.STAFF]


@pytest.mark.django_db
@pytest.mark.parametrize("pattern", CANDIDATES_OWN)
@pytest.mark.parametrize("method", ["get", "post"])
def test_e11_a_candidates_page_shows_nothing_to_who_is_not_signed_in(pattern, method):
    set_stage()
    response = getattr(Client(), method)(filled(pattern))
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/login/")
    assert response.content == b""


@pytest.mark.django_db
@pytest.mark.parametrize("pattern", DESKS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_e11_a_desks_page_shows_nothing_to_candidates_and_strangers(pattern, method, signed_in):
    for client in (Client(), signed_in(a_candidate(set_stage()))):
        response = getattr(client, method)(filled(pattern))
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/office/login/")
        assert response.content == b""


@pytest.mark.django_db
@pytest.mark.parametrize("pattern", [p for p in STATED if p not in ("/healthz", "/readyz", "/metrics")])
def test_e14_no_unsafe_request_is_taken_without_its_token(pattern):
    set_stage()
    response = Client(enforce_csrf_checks=True).post(filled(pattern))
    assert response.status_code in (403, 404, 405)


@pytest.mark.django_db
@pytest.mark.parametrize("pattern", CANDIDATES_OWN)
def test_f12_personal_pages_are_never_cached_by_anyone_else(pattern, signed_in):
    passport = a_candidate(set_stage())
    response = signed_in(passport).get(filled(pattern))
    assert "no-store" in response.headers["Cache-Control"]

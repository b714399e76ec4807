"""What is personal is kept by nobody, and what may be kept is the same for everybody (proof f12).

Every address is asked as a visitor and as a candidate who has come as far as one can; found from the URL resolver.
"""

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from baokao.core import brief
from baokao.core.http.audience import Audience
from baokao.core.http.middleware.headers import SecurityHeaders
from baokao.exams.models import News, Page
from baokao.passport.models import Passport
from baokao.registration import services
from tests.cast import NOW, PASSWORD, SITTING, a_record, agreed
from tests.guards.test_audiences import filled
from tests.guards.urls import routes
from tests.privacy.people import invent
from tests.privacy.searching import Searcher
from tests.signing_in import signed_in_client
from tests.speaking import set_speaking_stage

pytestmark = pytest.mark.django_db

# The pages that anybody's cache may keep for a second; whoever adds one looks at what it shows.
KEPT = {
    "/", "/pages/<slug:slug>/", "/news/<int:news_id>/", "/lights/<str:campus>/",
    "/lights/<str:subject>/<str:province>/",
}  # fmt: skip
PATTERNS = [route.pattern for route in routes()]
PERSON = invent(1, 7)[0]
NOBODY = ("private, no-store", False, False)


def keeping(response):
    """What an answer says about being kept, and what it would be known by."""
    return response.headers["Cache-Control"], "ETag" in response.headers, "Last-Modified" in response.headers


# What the pages that may be kept are asked for; what is not there is another test's.
THERE = {
    "<str:campus>": "993010",
    "<slug:slug>": "intro",
    "<str:subject>": "F",
    "<str:province>": "99",
    "<str:code>": "F",
}


def opened(pattern):
    """The address to ask for; the news are numbered on and on."""
    path = pattern.replace("<int:news_id>", str(News.objects.get().id))
    for part, value in THERE.items():
        path = path.replace(part, value)
    path = filled(path)
    return f"{path}?sitting={SITTING}" if path.startswith("/lights/F/") else path


def remembered():
    """Every answer that this process remembers, pages as the text that they are."""
    answers = [answer for known in brief._remembered for _, answer in known.values()]
    plain = [getattr(answer, "plain", answer) for answer in answers]
    return "\n".join(text.decode() if isinstance(text, bytes) else repr(text) for text in plain)


@pytest.fixture
def candidate():
    """Who is as far as one can come: a made-up person with everything told, registered and entered."""
    stage = set_speaking_stage()
    Page.objects.create(slug="intro", title="简介", body="一", updated_at=NOW)
    News.objects.create(title="公告", body="一", published_at=NOW)
    from baokao.passport.services import NewPassport, register

    told = NewPassport(PERSON.email, PASSWORD, PERSON.mobile, "1", PERSON.number, PERSON.name)
    passport = agreed(register(told, NOW))
    record = a_record(stage, name=PERSON.name, number=PERSON.number, id_type="1", subjects="1F")
    services.save_registration(passport.id, record.id, NOW)
    services.save_entries(passport.id, SITTING, frozenset("1"), NOW)
    return signed_in_client(passport)


def test_f12_an_answer_is_for_everybody_or_kept_by_nobody(candidate):
    for pattern in PATTERNS:
        path = opened(pattern)
        stranger, known = Client().get(path), candidate.get(path)
        if pattern in KEPT:
            assert stranger.status_code == 200, pattern
            assert keeping(known) == keeping(stranger) == ("public, max-age=1", True, False), pattern
            assert known.headers["Vary"] == stranger.headers["Vary"] == "Accept-Encoding", pattern
            assert known.content == stranger.content, pattern
            assert not known.cookies, pattern
            assert not stranger.cookies, pattern
        else:
            assert keeping(stranger) == keeping(known) == NOBODY, pattern


def test_f12_the_answer_to_a_form_is_kept_by_nobody(candidate):
    for pattern in PATTERNS:
        assert keeping(candidate.post(opened(pattern), {"subject": "1"})) == NOBODY, pattern


def test_f12_what_is_not_there_is_kept_by_nobody(candidate):
    """A mistyped address must not become everybody's for a second, nor an error page of somebody's."""
    for path in ("/nowhere/", "/pages/nothing/", "/news/9999999/", "/lights/000000/", "/my/pay/receipt/x/"):
        assert keeping(candidate.get(path)) == keeping(Client().get(path)) == NOBODY, path


def test_f12_what_the_process_remembers_between_requests_is_nobody_s(candidate):
    """After a candidate has opened every page: neither the pages kept as bytes nor any other answer knows them."""
    for pattern in PATTERNS:
        candidate.get(opened(pattern))
    kept = remembered()
    assert "公告" in kept, "the pages are among what is remembered"
    passport = Passport.objects.get()
    secrets = [*PERSON.secrets().items(), ("name", PERSON.name), ("passport", passport.id.hex)]
    assert [str(one) for one in Searcher(secrets).search("remembered", kept)] == []


def test_f12_control_a_personal_answer_that_is_remembered_is_found():
    @brief.brief(60)
    def page_of(name):
        return f"<p>{name}</p>".encode()

    page_of(PERSON.name)
    found = [one.what for one in Searcher([("name", PERSON.name)]).search("remembered", remembered())]
    brief._remembered.pop()
    assert found == ["name"]


def test_f12_control_without_the_headers_a_page_may_be_kept():
    bare = HttpResponse("personal")
    assert "Cache-Control" not in bare.headers
    assert SecurityHeaders(lambda request: bare)(RequestFactory().get("/my/"))["Cache-Control"] == "private, no-store"


def test_f12_the_pages_that_may_be_kept_are_public():
    assert {route.pattern for route in routes() if route.audience == Audience.PUBLIC} >= KEPT

"""Each refusal is a page of the site that says what to do next (rule H3); the captcha can be served by itself."""

import pytest
from django.test import RequestFactory
from structlog.testing import capture_logs

from baokao.core.captcha import tokens
from baokao.core.http import errors


@pytest.mark.parametrize("status", [400, 403, 404, 429, 500, 503])
def test_each_error_page_is_a_page_of_the_site(status):
    with capture_logs() as logged:
        response = errors.answer(RequestFactory().get("/"), status, retry_after=7)
    assert logged == [], "the page's own template failed, and the bare page stood in for it"
    assert response.status_code == status
    assert errors._MESSAGES[status] in response.content.decode()
    assert response["Retry-After"] == "7"


@pytest.mark.parametrize(
    ("asked", "says"),
    [({"HTTP_HOST": "evil.example"}, "请返回上一页检查后重试。"), ({"CONTENT_LENGTH": "300000"}, "提交的内容过大")],
)
def test_d8_d10_a_malformed_request_gets_a_page_of_the_site(client, asked, says):
    response = client.post("/login/", **asked)
    page = response.content.decode()
    assert response.status_code == 400
    assert all(words in page for words in ("请求有误", says, "返回首页"))


@pytest.mark.django_db
def test_d10_too_many_fields_are_told_as_too_much(client):
    response = client.post("/login/", {f"field{number}": "1" for number in range(201)})
    assert (response.status_code, "提交的内容过大" in response.content.decode()) == (400, True)


def test_an_error_page_says_the_refusal_in_its_own_words():
    page = errors.answer(RequestFactory().get("/"), 429, "查询过于频繁，请10分钟后再试。").content.decode()
    assert "查询过于频繁，请10分钟后再试。" in page


@pytest.mark.django_db
def test_a_new_captcha_is_a_fragment_with_a_token_of_its_own(client):
    page = client.get("/captcha/new/?purpose=login").content.decode()
    assert "<html" not in page
    (token,) = {part.partition('"')[0] for part in page.split('name="captcha_token" value="')[1:]}
    found = tokens.read(token)
    assert found is not None
    assert found.purpose == "login"
    assert client.get(f"/captcha/{token}.png").status_code == 200

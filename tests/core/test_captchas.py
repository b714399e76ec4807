"""A captcha's token is good for one answer, for one form and for ten minutes (rule A4; proofs a14, e5)."""

import io
import threading
import wave
from datetime import timedelta
from typing import Any

import pytest
from django.core.signing import Signer
from django.db import connection
from django.http import HttpResponse
from PIL import Image

from baokao.core import clock
from baokao.core.captcha import drawing, pool, tokens
from baokao.core.captcha.forms import CaptchaForm

pytestmark = pytest.mark.django_db(transaction=True)

NOW = clock.now()


class SignIn(CaptchaForm):
    captcha_purpose = "login"


def read(token: str) -> tokens.Token:
    """The content of a token of ours."""
    found = tokens.read(token)
    assert found is not None
    return found


def answer_to(token: str) -> str:
    """What a person would read off the picture."""
    return pool._shelf.by_id[read(token).picture].answer


def test_the_right_answer_is_accepted_once():
    token = tokens.issue("login")
    assert tokens.check(token, answer_to(token), "login", clock.now())
    assert tokens.check(token, answer_to(token), "login", clock.now()) == tokens.WRONG


def test_e5_a_wrong_answer_uses_the_token_up():
    token = tokens.issue("login")
    right = answer_to(token)
    assert tokens.check(token, "0000" if right != "0000" else "1111", "login", clock.now()) == tokens.WRONG
    assert tokens.check(token, right, "login", clock.now()) == tokens.WRONG


def test_an_empty_answer_uses_nothing_up():
    token = tokens.issue("login")
    assert tokens.check(token, "  ", "login", clock.now()) == tokens.MISSING
    assert tokens.check(token, answer_to(token), "login", clock.now())


def test_full_width_digits_and_blanks_are_understood():
    token = tokens.issue("login")
    typed = " ".join(chr(ord("０") + int(digit)) for digit in answer_to(token))
    assert tokens.check(token, typed, "login", clock.now())


def test_e5_a_token_for_another_form_is_refused():
    token = tokens.issue("register")
    assert tokens.check(token, answer_to(token), "login", clock.now()) == tokens.WRONG


def test_e5_a_token_lives_for_ten_minutes():
    token = tokens.issue("login")
    issued = read(token).issued
    assert tokens.check(token, answer_to(token), "login", issued + timedelta(minutes=10)) == tokens.WRONG
    assert tokens.check(token, answer_to(token), "login", issued + timedelta(minutes=9, seconds=59))


@pytest.mark.parametrize("forged", ["", "x", "login.abc:def", "login.AAAA", "a" * 5000, "login.", ":", "验证码"])
def test_e5_a_token_that_is_not_ours_is_refused(forged):
    assert tokens.check(forged, "1234", "login", clock.now()) == tokens.WRONG


def test_e5_a_signed_text_of_another_kind_is_no_token():
    other = Signer(salt="baokao.passport.session").sign("login.AAAA")
    assert tokens.read(other) is None
    assert tokens.read(Signer(salt="baokao.core.captcha").sign("login.AAAA")) is None


def test_e5_the_answer_of_one_token_does_not_open_another():
    first, second = tokens.issue("login"), tokens.issue("login")
    spliced = first.rpartition(":")[0] + ":" + second.rpartition(":")[2]
    assert tokens.check(spliced, answer_to(first), "login", clock.now()) == tokens.WRONG


def test_showing_a_captcha_stores_nothing(django_assert_num_queries):
    tokens.issue("login")
    with django_assert_num_queries(0):
        tokens.issue("login")


def test_a14_one_solved_captcha_used_16_times_at_once_is_accepted_once(at_once):
    for _ in range(5):
        token = tokens.issue("login")
        verdicts = at_once(16, tokens.check, token, answer_to(token), "login", clock.now())
        assert sum(map(bool, verdicts)) == 1


def test_control_a14_looking_first_and_inserting_after_lets_more_than_one_through(at_once, monkeypatch):
    """ON CONFLICT taken away: the twin asks whether the token was used and marks it afterwards."""
    looked = threading.Barrier(16)

    def look_then_mark(token, now) -> bool:
        digest = token.nonce
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM core_captchause WHERE digest = %s", [digest])
            used = cursor.fetchone()[0] > 0
            looked.wait(20)
            cursor.execute("INSERT INTO core_captchause VALUES (%s, %s) ON CONFLICT DO NOTHING", [digest, now])
        return not used

    monkeypatch.setattr(tokens, "use_up", look_then_mark)
    token = tokens.issue("login")
    verdicts = at_once(16, tokens.check, token, answer_to(token), "login", clock.now())
    assert sum(map(bool, verdicts)) > 1, "a14 must break: one captcha, accepted several times"


def test_a_picture_and_its_sound_are_what_they_claim():
    drawn = drawing.draw()
    assert len(drawn.answer) == 4
    assert drawn.answer.isdigit()
    assert Image.open(io.BytesIO(drawn.png)).size == (160, 60)
    with wave.open(io.BytesIO(drawn.wav)) as sound:
        assert 3 < sound.getnframes() / sound.getframerate() < 30


def test_a_fixed_captcha_is_always_8888(settings):
    tokens.issue("login")
    settings.CAPTCHA = "fixed"
    token = tokens.issue("login")
    assert tokens.check(token, "1234", "login", clock.now()) == tokens.WRONG
    token = tokens.issue("login")
    assert tokens.check(token, "8888", "login", clock.now())


def test_answers_do_not_stand_in_the_table_in_clear(run_sql):
    pool.fill(clock.now(), 3)
    pool.forget()
    tokens.issue("login")
    sealed = {bytes(row[0]) for row in run_sql("SELECT answer FROM core_captchapicture")}
    answers = {picture.answer for picture in pool._shelf.pictures}
    assert len(sealed) == 3
    assert not any(answer.encode() in blob for answer in answers for blob in sealed)


def test_the_pool_is_reloaded_in_one_query_and_old_pictures_go(django_assert_num_queries, monkeypatch):
    now = clock.now()
    pool.fill(now, 4)
    pool.forget()
    with django_assert_num_queries(1):
        tokens.issue("login")
    monkeypatch.setattr(pool._shelf, "loaded", float("-inf"))
    with django_assert_num_queries(1):
        tokens.issue("login")
    pool.fill(now + pool.KEPT + timedelta(seconds=1), 1)
    monkeypatch.setattr(pool._shelf, "loaded", float("-inf"))
    with clock.travel(now + pool.KEPT + timedelta(seconds=1)):
        tokens.issue("login")
    assert len(pool._shelf.pictures) == 1


def test_a_house_without_a_worker_draws_one_picture_for_all(at_once, run_sql):
    assert len(at_once(8, tokens.issue, "login")) == 8
    assert run_sql("SELECT count(*) FROM core_captchapicture") == [(1,)]


def test_used_tokens_are_forgotten_long_after_they_ran_out(run_sql):
    token = tokens.issue("login")
    tokens.check(token, "1", "login", clock.now())
    tokens.clean(clock.now() + tokens.LIFE)
    assert run_sql("SELECT count(*) FROM core_captchause") == [(1,)]
    tokens.clean(clock.now() + 3 * tokens.LIFE)
    assert run_sql("SELECT count(*) FROM core_captchause") == [(0,)]


def test_the_form_shows_a_new_token_after_an_error():
    token = tokens.issue("login")
    form = SignIn({"captcha": "x", "captcha_token": token})
    assert form.is_valid()
    assert not form.check_captcha(clock.now())
    assert form.errors == {"captcha": ["验证码错误，请按新图片重新输入"]}
    assert form.fresh_captcha_token != token


def test_the_form_asks_for_a_missing_answer():
    form = SignIn({"captcha": "", "captcha_token": tokens.issue("login")})
    assert not form.is_valid()
    assert form.errors == {"captcha": ["请输入验证码"]}


@pytest.mark.parametrize(("ending", "kind"), [("png", "image/png"), ("wav", "audio/wav")])
def test_picture_and_sound_are_kept_by_nobody(client, ending, kind):
    response = client.get(f"/captcha/{tokens.issue('login')}.{ending}")
    assert response.status_code == 200
    assert response["Content-Type"] == kind
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("ending", ["png", "wav"])
def test_a_forged_or_old_token_has_no_picture(client, ending):
    assert client.get(f"/captcha/forged.{ending}").status_code == 404
    token = tokens.issue("login")
    with clock.travel(clock.now() + timedelta(minutes=11)):
        assert client.get(f"/captcha/{token}.{ending}").status_code == 404


def test_a_picture_that_another_process_made_is_found(client):
    token = tokens.issue("login")
    pool.forget()
    assert client.get(f"/captcha/{token}.png").status_code == 200


def test_a_new_captcha_is_handed_out_for_a_named_form(client, monkeypatch):
    shown: dict[str, Any] = {}

    def fragment(request, template, context):
        shown.update(context, template=template)
        return HttpResponse("")

    monkeypatch.setattr("baokao.core.captcha.views.render", fragment)
    assert client.get("/captcha/new/?purpose=login").status_code == 200
    assert shown["template"] == "core/_captcha.html"
    assert read(shown["captcha_token"]).purpose == "login"
    assert client.get("/captcha/new/?purpose=<b>").status_code == 404

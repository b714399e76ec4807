"""The public pages as anybody gets them (rules F3, C9; pages.md, `/`; look.md, Weight)."""

import gzip
import re
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from baokao.core import clock
from baokao.core.brief import forget_all
from baokao.core.http.cached import answer_of
from baokao.exams.models import News, Offering, Page, Sitting, SittingSubject
from baokao.sandbox.data import exam
from baokao.sandbox.data.calendar import Calendar
from tests.cast import NOW, SITTING, ensure_reference_data, set_stage

pytestmark = pytest.mark.django_db

SLUGS = ("intro", "candidates", "schedule", "process", "faq", "tips", "privacy")


@pytest.fixture(autouse=True)
def fresh_memory():
    forget_all()
    yield
    forget_all()


@pytest.fixture
def demonstration():
    """The demonstration's sitting and words, without its two thousand candidates."""
    ensure_reference_data()
    now = clock.now()
    exam.load(Calendar(now))


def html(response):
    body = response.content
    return (gzip.decompress(body) if response.headers.get("Content-Encoding") == "gzip" else body).decode()


def text(response):
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", html(response)))


def test_the_home_page_has_what_the_guide_has(demonstration, client):
    response = client.get("/")
    shown = text(response)
    assert "<title>全国大学英语四、六级考试(CET)</title>" in html(response)
    for part in (
        "CollegeEnglishTestBand4andBand6", "客服电话：010-62987880", "科学客观准确公正", "首页", "考试简介", "考生须知",
        "考试时间", "报名流程", "常见问题", "特别提示", "进入报名ENTRY", "注册新用户REGISTERNEWUSER",
        "常见问题COMMONPROBLEM", "考试时间APPLICATIONNOTES", "CET考试最新动态THELATEST", "报名进行中",
        "距网上报名截止还剩", "考试日程", "上午：英语、日语、德语、俄语、法语四级", "下午：英语、日语、德语、俄语六级",
        "口试（选）", "笔试科目准考证打印提示", "请考生按规定领取或自行打印准考证。", "京ICP备05031027号",
        "建议浏览器：火狐浏览器、谷歌浏览器、360浏览器（选择极速模式）", "隐私说明",
    ):  # fmt: skip
        assert part in shown, part
    assert "注册登录资格验证笔试报名缴费口试报名缴费（选报）报名成功" in shown
    assert 'aria-current="step"' not in html(response)


def test_without_any_sitting_the_home_page_still_serves(client):
    Sitting.objects.all().delete()
    shown = text(client.get("/"))
    assert "下一考次的报名时间将在本页公布。" in shown
    assert "进入报名" in shown
    assert "考试日程" not in shown


def test_a_sitting_in_preparation_does_not_hide_the_one_that_is_open(client):
    set_stage()
    Sitting.objects.create(
        code="20271", name="2027年上半年CET考试", state="preparing", registration_opens_at=NOW + timedelta(days=90)
    )
    shown = text(client.get("/"))
    assert "2026年下半年CET考试" in shown
    assert "2027年上半年CET考试" not in shown


def test_with_two_sittings_open_both_are_told(client):
    set_stage()
    other = Sitting.objects.create(code="20261", name="2026年上半年CET考试", state="open")
    SittingSubject.objects.create(sitting=other, subject_id="1", exam_on=NOW.date() + timedelta(days=20))
    shown = text(client.get("/"))
    assert "2026年下半年考试时间" in shown
    assert "2026年上半年考试时间" in shown


@pytest.mark.parametrize(
    ("opens", "closes", "tag", "what"),
    [
        (timedelta(days=1), timedelta(days=9), "报名即将开始", "距网上报名开始还剩"),
        (timedelta(days=-1), timedelta(days=9), "报名进行中", "距网上报名截止还剩"),
        (timedelta(days=-9), timedelta(days=-1), "报名已结束", "距笔试还剩"),
    ],
)
def test_the_hero_counts_to_the_next_date(client, opens, closes, tag, what):
    set_stage(opens=opens, closes=closes)
    shown = text(client.get("/"))
    assert tag in shown
    assert what in shown


@pytest.mark.parametrize("slug", SLUGS)
def test_each_content_page_is_there_and_marked_in_the_menu(demonstration, client, slug):
    response = client.get(f"/pages/{slug}/")
    assert response.status_code == 200
    assert f"<h1>{Page.objects.get(slug=slug).title}</h1>" in html(response)
    assert (f'<a href="/pages/{slug}/" aria-current="page">' in html(response)) is (slug != "privacy")


def test_the_schedule_has_the_sittings_days(demonstration, client):
    assert f"{Sitting.objects.get().half_name}考试时间" in text(client.get("/pages/schedule/"))


def test_the_agreement_has_twelve_clauses(demonstration):
    assert len(Sitting.objects.get().agreements.get().body.splitlines()) == 12


@pytest.mark.parametrize("path", ["/pages/nowhere/", f"/pages/{'x' * 80}/", "/news/1/", f"/news/{'9' * 40}/"])
def test_what_is_not_there_is_404(client, path):
    set_stage()
    assert client.get(path).status_code == 404


def test_an_editors_page_can_hold_no_markup_of_its_own(client):
    body = "<script>alert(1)</script>\n\n[x](javascript:alert(1))\n\n![y](https://elsewhere.example/y.png)"
    Page.objects.create(slug="x", title="<b>x</b>", body=body, updated_at=NOW)
    shown = html(client.get("/pages/x/"))
    assert "<script>alert" not in shown
    assert 'href="javascript' not in shown
    assert "<img" not in shown
    assert "&lt;b&gt;x&lt;/b&gt;" in shown


def test_f3_news_are_listed_newest_first_and_opened_one_by_one(client):
    News.objects.create(title="较早的消息", body="甲", published_at=NOW - timedelta(days=2))
    item = News.objects.create(title="较新的消息", body="- 乙\n- 丙", published_at=NOW - timedelta(days=1))
    shown = html(client.get("/"))
    assert shown.index("较新的消息") < shown.index("较早的消息")
    assert f'href="/news/{item.id}/"' in shown
    opened = html(client.get(f"/news/{item.id}/"))
    assert "<h1>较新的消息</h1>" in opened
    assert "<li>乙</li>" in opened


def test_f3_news_for_later_are_shown_later(client):
    item = News.objects.create(title="明天的消息", body="甲", published_at=NOW + timedelta(days=1))
    assert "明天的消息" not in html(client.get("/"))
    assert client.get(f"/news/{item.id}/").status_code == 404


# Lights


def lit(response):
    return dict(re.findall(r'id="light-993010-(\w)" data-level="(\w+)"', html(response)))


def test_c9_the_lights_of_a_campus_without_any_number(client):
    stage = set_stage()
    for code, capacity, taken in (("1", 100, 50), ("2", 100, 51), ("3", 7, 7)):
        Offering.objects.filter(id=stage.offering(code).id).update(target=capacity, capacity=capacity, taken=taken)
    response = client.get("/lights/993010/")
    assert lit(response) == {"1": "ok", "2": "low", "3": "none", "4": "ok", "5": "ok", "6": "ok"}
    said = re.findall(r"<span[^>]*>([^<]*)</span>", html(response))
    assert said == ["有", "紧张", "无", "有", "有", "有"]
    assert not re.search(r"\b(100|51|50|49|7)\b", html(response))


def test_c9_each_sitting_has_its_own_lights(client):
    set_stage()
    Sitting.objects.create(code="20261", name="2026年上半年CET考试", state="open")
    Offering.objects.create(sitting_id="20261", campus_id="993010", subject_id="1", target=0, capacity=0)
    assert lit(client.get("/lights/993010/?sitting=20261")) == {"1": "none"}
    assert lit(client.get(f"/lights/993010/?sitting={SITTING}"))["1"] == "ok"
    assert lit(client.get("/lights/993010/"))["1"] == "ok"


def test_c9_a_closed_sitting_has_no_lights(client):
    set_stage()
    Sitting.objects.update(state="closed")
    response = client.get("/lights/993010/")
    assert (response.status_code, lit(response)) == (200, {})


@pytest.mark.parametrize("campus", ["000000", "99301", "99301x", "٩٩٣٠١٠", "993010'--"])
def test_c9_an_unknown_campus_is_404(client, campus):
    set_stage()
    assert client.get(f"/lights/{campus}/").status_code == 404


# The bytes


PUBLIC = ["/", "/pages/faq/", "/lights/993010/"]


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_are_the_same_for_everybody(demonstration, path):
    response = Client().get(path)
    assert response.headers["Cache-Control"] == "public, max-age=1"
    assert response.headers["Vary"] == "Accept-Encoding"
    assert not response.cookies
    assert "csrf" not in html(response)
    with_cookies = Client()
    with_cookies.cookies["baokao"] = "anything"
    assert with_cookies.get(path).content == response.content


@pytest.mark.parametrize("path", PUBLIC)
@pytest.mark.parametrize("coding", ["", "gzip", "br;q=1.0, gzip;q=0.8"])
def test_who_has_it_already_is_told_304(demonstration, client, path, coding):
    first = client.get(path, headers={"Accept-Encoding": coding})
    assert ("gzip" in coding) is (first.headers.get("Content-Encoding") == "gzip")
    etag = first.headers["ETag"]
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = client.get(path, headers={"Accept-Encoding": coding, "If-None-Match": known})
        assert (again.status_code, again.content) == (304, b""), known
        assert again.headers["ETag"] == etag
        assert again.headers["Cache-Control"] == "public, max-age=1"
        assert again.headers["Vary"] == "Accept-Encoding"
    other = client.get(path, headers={"Accept-Encoding": coding, "If-None-Match": '"other"'})
    assert other.content == first.content


def test_compressed_and_plain_have_etags_of_their_own(demonstration, client):
    plain, packed = client.get("/"), client.get("/", headers={"Accept-Encoding": "gzip"})
    refused = client.get("/", headers={"Accept-Encoding": "gzip;q=0"})
    assert html(plain) == html(packed) == html(refused)
    assert "Content-Encoding" not in refused.headers
    assert plain.headers["ETag"] == refused.headers["ETag"] != packed.headers["ETag"]


def test_the_same_page_has_the_same_bytes_in_every_process():
    assert answer_of("x" * 999) == answer_of("x" * 999)


@pytest.mark.parametrize("path", PUBLIC)
def test_while_it_is_remembered_nothing_is_asked_of_the_database(
    demonstration, client, path, django_assert_num_queries
):
    client.get(path)
    with django_assert_num_queries(0):
        client.get(path)


@pytest.mark.parametrize("path", PUBLIC)
def test_only_reading_is_possible(demonstration, client, path):
    assert client.post(path).status_code == 405
    assert client.head(path).status_code == 200


def test_no_page_is_older_than_two_seconds(client):
    """At most a second in the process, and a second more in caches that obey `max-age=1`."""
    stage = set_stage()
    for path in ("/", "/lights/993010/"):
        client.get(path)
    stage.set_seats("1", 0)
    News.objects.create(title="刚刚发布", body="甲", published_at=NOW - timedelta(minutes=1))
    time.sleep(1.0)
    assert lit(client.get("/lights/993010/"))["1"] == "none"
    assert "刚刚发布" in html(client.get("/"))


def test_the_first_view_of_the_home_page_weighs_at_most_60_kb(demonstration, client):
    """Over the wire, compressed: the page and everything that it loads (look.md, Weight)."""
    page = client.get("/", headers={"Accept-Encoding": "gzip"})
    named = re.findall(r'(?:src|href)="/static/([\w/.-]+)"', html(page))
    files = [Path("baokao/core/static", re.sub(r"\.[0-9a-f]{12}(?=\.)", "", name)) for name in named]
    assert len(files) == 4
    total = len(page.content) + sum(len(gzip.compress(file.read_bytes(), 6)) for file in files)
    assert total <= 60_000

"""Windows in pieces and for groups, as the pages tell of them and hold to them (rules B6, C3, C6, C8, C12, C13, H1)."""

from datetime import timedelta

import pytest

from baokao.core import clock
from baokao.core.words import shown
from baokao.exams.models import WindowPiece
from baokao.registration import services
from baokao.registration.models import Entry, Registration
from tests.cast import NOW, SITTING, a_candidate, a_passport, a_record, agreed, set_stage
from tests.registration.doing import enter, live
from tests.registration.test_pages import hidden, looked_up, text
from tests.speaking import NEAR, a_piece, a_speaker, set_speaking_stage

pytestmark = pytest.mark.django_db

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


@pytest.fixture
def stage():
    return set_stage()


def at(after):
    """Stand so long after NOW."""
    return clock.travel(NOW + after)


def opens(after):
    return f"{shown(NOW + after)}开始报名。".replace(" ", "")


def closed(after):
    return f"报名已于{shown(NOW + after)}结束。".replace(" ", "")


def set_window(*pieces):
    """Instead of all written pieces these: setter, opening and closing in hours from NOW, columns."""
    WindowPiece.objects.filter(kind="written").delete()
    for setter, start, end, columns in pieces:
        WindowPiece.objects.create(
            sitting_id=SITTING, kind="written", setter=setter, opens_at=NOW + start * HOUR, closes_at=NOW + end * HOUR,
            pay_until=NOW + (end + 24) * HOUR, **columns,
        )  # fmt: skip


@pytest.fixture
def in_pieces(stage):
    """Open until an hour from now, and again from the fifth to the ninth hour."""
    set_window(("national", -24, 1, {}), ("national", 5, 9, {}))
    return stage


AROUND = [
    (-24 * HOUR - SECOND, opens(-24 * HOUR)),
    (-24 * HOUR, None),
    (HOUR - SECOND, None),
    (HOUR, opens(5 * HOUR)),
    (5 * HOUR - SECOND, opens(5 * HOUR)),
    (5 * HOUR, None),
    (9 * HOUR - SECOND, None),
    (9 * HOUR, closed(9 * HOUR)),
]
around = pytest.mark.parametrize(("after", "sentence"), AROUND, ids=[str(after) for after, _ in AROUND])


@around
def test_c13_the_written_page_tells_and_holds_to_each_piece(in_pieces, signed_in, after, sentence):
    passport = a_candidate(in_pieces)
    client = signed_in(passport)
    with at(after):
        page, answer = client.get("/my/written/"), client.post("/my/written/", {"subject": ["1"]})
    if sentence is None:
        assert "开始报名。" not in text(page)
        assert "结束。" not in text(page)
        assert answer.headers["Location"] == "/my/registration/?saved=1"
    else:
        assert sentence in text(page)
        assert sentence in text(answer)
        assert ">提交</button>" not in page.content.decode()
    assert live(passport) == ("1" if sentence is None else "")


@around
def test_b6_the_confirmation_is_reachable_and_binds_while_a_piece_is_open_alone(in_pieces, signed_in, after, sentence):
    a_record(in_pieces, number="993010WW1")
    client = signed_in(agreed(a_passport()))
    with at(after):
        home = text(client.get("/my/"))
        page = looked_up(client)
        answer = client.post("/my/confirm/", {"record": hidden(page, "record"), "sure": "on"})
    assert "开始报名" in home
    assert "资格信息确认" in text(page)
    if sentence is None:
        assert "保存并继续" in text(page)
        assert answer.headers["Location"] == "/my/registration/?saved=1"
    else:
        assert f"现在不能保存：{sentence}" in text(page)
        assert "保存并继续" not in text(page)
        assert sentence in text(answer)
    assert Registration.objects.exists() is (sentence is None)


@pytest.mark.parametrize(
    ("after", "told"),
    [(-3 * HOUR, "距开始还有1小时"), (-2 * HOUR, "还剩3小时"), (HOUR - SECOND, "还剩不到1分"), (HOUR, "已结束")],
)
def test_h1_home_tells_the_announced_time(signed_in, after, told):
    set_stage(opens=-2 * HOUR, closes=HOUR)
    client = signed_in(a_passport())
    with at(after):
        assert told in text(client.get("/my/"))


# The pause


@pytest.fixture
def paused(in_pieces):
    """Who entered 英语四级笔试 in the first piece."""
    passport = a_candidate(in_pieces)
    enter(passport, "1")
    return passport


@pytest.mark.parametrize("ticks", ["14", "3", ""], ids=["adding", "changing", "cancelling"])
def test_c12_in_the_pause_nothing_is_added_changed_or_cancelled(paused, signed_in, ticks):
    with at(3 * HOUR):
        answer = signed_in(paused).post("/my/written/", {"subject": list(ticks)})
    assert opens(5 * HOUR) in text(answer)
    assert "<title>错误：" in answer.content.decode()
    assert live(paused) == "1"


@pytest.mark.parametrize("ticks", ["14", "3", ""], ids=["adding", "changing", "cancelling"])
def test_c12_in_the_next_piece_all_of_it_is_possible_again(paused, signed_in, ticks):
    with at(5 * HOUR):
        answer = signed_in(paused).post("/my/written/", {"subject": list(ticks)})
    assert answer.headers["Location"] == "/my/registration/?saved=1"
    assert live(paused) == ticks


def test_c12_in_the_pause_an_entry_lives_on_and_is_to_be_paid(paused, signed_in):
    client = signed_in(paused)
    with at(3 * HOUR):
        written, overview, pay = (text(client.get(f"/my/{page}/")) for page in ("written", "registration", "pay"))
    assert f"{opens(5 * HOUR)}届时可以更改或取消报考科目。" in written
    assert "1科未支付，还剩21小时" in overview
    assert "存在未支付笔试科目，请通过“支付缴费”进行支付。" in overview
    assert f"请在{shown(NOW + 24 * HOUR)}前支付".replace(" ", "") in pay
    assert live(paused) == "1"


def test_c12_an_entry_outlives_the_whole_window_until_its_time_is_over(paused, signed_in):
    with at(23 * HOUR):
        services.expire_entries(clock.now())
        page = text(signed_in(paused).get("/my/registration/"))
    assert "还剩1小时" in page
    assert live(paused) == "1"


# Groups at all four


def everybody(setter):
    places = {"province": {"province_id": "99"}, "school": {"school_id": "99301"}, "campus": {"campus_id": "993010"}}
    return places.get(setter, {})


@pytest.fixture
def for_groups(stage):
    """National and province for everybody, the school earlier for 本科, the campus earlier for the fourth grade."""
    set_window(
        ("national", 0, 10, {}),
        ("province", 1, 8, everybody("province")),
        ("school", 1, 3, everybody("school") | {"group": "degree", "group_value": "本科"}),
        ("school", 3, 7, everybody("school")),
        ("campus", 2, 9, everybody("campus") | {"group": "grade", "group_value": "04"}),
        ("campus", 4, 9, everybody("campus")),
    )
    return stage


@pytest.mark.parametrize(
    ("grade", "degree", "hour"), [("01", "专科", 4), ("04", "专科", 3), ("04", "本科", 2), ("01", "本科", 4)]
)
def test_c13_each_opens_when_all_four_do_for_them(for_groups, signed_in, grade, degree, hour):
    record = a_record(for_groups, number="993010WW1", grade=grade, degree=degree)
    passport = agreed(a_passport())
    client = signed_in(passport)
    with at(hour * HOUR - SECOND):
        assert f"现在不能保存：{opens(hour * HOUR)}" in text(looked_up(client))
    with at(hour * HOUR):
        assert "保存并继续" in text(looked_up(client))
        services.save_registration(passport.id, record.id, clock.now())
    for after, sentence in (
        (hour * HOUR - SECOND, opens(hour * HOUR)),
        (hour * HOUR, None),
        (7 * HOUR - SECOND, None),
        (7 * HOUR, closed(7 * HOUR)),
    ):
        with at(after):
            page = text(client.get("/my/written/"))
        assert (sentence or "(1)英语四级笔试") in page
        assert ("开始报名。" in page or "结束。" in page) is (sentence is not None)
    with at(7 * HOUR):
        assert closed(7 * HOUR) in text(client.post("/my/written/", {"subject": ["1"]}))
    with at(7 * HOUR - SECOND):
        client.post("/my/written/", {"subject": ["1"]})
    # The earliest pay-until of the four is the school's, a day after it closes.
    assert Entry.objects.get().held_until == NOW + 31 * HOUR - SECOND


# A speaking campus that opens later for others


@pytest.mark.parametrize(
    ("after", "campus", "sentence"),
    [
        (-SECOND, NEAR, opens(0 * HOUR)),
        (0 * HOUR, NEAR, None),
        (48 * HOUR - SECOND, "993010", opens(48 * HOUR)),
        (48 * HOUR, "993010", None),
        (72 * HOUR - SECOND, "993010", None),
        (72 * HOUR, "993010", closed(72 * HOUR)),
    ],
    # Sentences with the time of the run in them would give each process other names.
    ids=["near, before", "near, open", "far, before", "far, open", "far, the last second", "far, closed"],
)
def test_c8_a_speaking_campus_opens_for_its_own_first(signed_in, after, campus, sentence):
    """`campus` is the candidate's own; both want to go to 991010."""
    stage = set_speaking_stage()
    WindowPiece.objects.filter(kind="speaking").delete()
    a_piece(stage, setter="campus", campus_id=NEAR, opens=0 * HOUR, closes=72 * HOUR, group="own")
    a_piece(stage, setter="campus", campus_id=NEAR, opens=48 * HOUR, closes=72 * HOUR)
    passport = a_speaker(stage, subjects="1F", campus_id=campus)
    Entry.objects.update(held_until=NOW + 99 * HOUR)
    client = signed_in(passport)
    with at(after):
        page, listed = text(client.get(f"/my/speaking/?F={NEAR}&tick=F")), text(client.get("/my/speaking/F/"))
        answer = client.post("/my/speaking/", {"subject": "F", "campus-F": NEAR})
    if sentence is None:
        assert answer.headers["Location"] == "/my/registration/?saved=1"
        assert "截止" in listed
    else:
        assert sentence in page
        assert sentence in text(answer)
        assert (sentence.removesuffix("。") in listed) is sentence.endswith("开始报名。")
    assert live(passport) == ("1F" if sentence is None else "1")

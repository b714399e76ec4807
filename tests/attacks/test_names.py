"""Names as people really have and type them (d4): a record is found by every spelling of its name, on every page that
asks for one, and the name is then shown the same everywhere, as the school wrote it."""

import re
import unicodedata
from html import unescape

import pytest
from django.test import Client

from baokao.core.captcha import tokens
from baokao.passport.models import Passport
from baokao.registration.models import Registration
from baokao.roster.models import StudentRecord
from tests.attacks.tables import undone
from tests.cast import PASSWORD, a_passport, agreed, set_stage
from tests.files import ROSTER, run, student, write_csv
from tests.signing_in import signed_in_client

pytestmark = pytest.mark.django_db

NUMBER = "993010WW77"
# As the school's file has it, how it is shown, and how people type it.
NAMES: list[tuple[str, str, list[str]]] = [
    ("𠮷㛃", "𠮷㛃", ["𠮷 㛃", "𠮷\u200b㛃", "\ufeff𠮷㛃", "𠮷㛃\ufe00"]),
    # Extensions C, F, G and H.
    ("\U0002a700\U0002ceb0", "\U0002a700\U0002ceb0", ["\U0002a700 \U0002ceb0"]),
    ("\U00030000\U00031350", "\U00030000\U00031350", ["\u3000\U00030000\U00031350\u3000"]),
    # Compatibility forms that look the same: 豈 更 and a Kangxi radical.
    ("王豈更", "王豈更", ["王\uf900\uf901", "王\u200d豈更"]),
    ("王玉方", "王玉方", ["王\u2f5f\u2f45"]),
    # What GBK kept at private-use code points.
    ("王\ue81e", "王\u9fb4", ["王\u9fb4", "王\ue81e"]),
    ("买买提·吐尔逊", "买买提·吐尔逊", [f"买买提{dot}吐尔逊" for dot in "•‧∙⋅・･᛫.．。﹒●"] + ["买买提 · 吐尔逊"]),
    ("古丽．阿不都", "古丽．阿不都", ["古丽·阿不都", "古丽.阿不都"]),
    ("ｌｉ　Ｍｉｎｇ", "ｌｉ Ｍｉｎｇ", ["LI MING", "Li  Ming", "ｌｉ　ｍｉｎｇ", "\u202eLi Ming\u202c"]),
    ("José O'Neill", "José O'Neill", ["Jose\u0301 O'Neill", "JOSÉ O'NEILL"]),
    ("阿" * 30, "阿" * 30, ["阿 " * 29 + "阿", "\u200b".join("阿" * 30)]),
    ("欧阳\u200b小\u202e明", "欧阳小明", ["欧阳小明", "欧\u00ad阳小明", "欧阳 小明\u2060"]),
    ("王（小）明", "王（小）明", ["王(小)明", "王【小】明"]),
]
WORDS = [pytest.param(*one, id=f"name{number}") for number, one in enumerate(NAMES)]


@pytest.fixture
def imported(tmp_path):
    """The stage, with one record imported under a name."""
    set_stage()

    def go(name: str) -> StudentRecord:
        row = student(证件类型="6", 证件号码=NUMBER, 姓名=name, 资格科目="1345")
        assert run("roster", write_csv(tmp_path / "r.csv", ROSTER, row)) == 0
        return StudentRecord.objects.get()

    return go


def said(page: bytes) -> str:
    return unescape(re.sub(r"<[^>]+>", "", page.decode()))


@pytest.mark.parametrize(("written", "shown", "typed"), WORDS)
def test_d4_a_name_is_found_by_every_spelling_and_shown_as_the_school_wrote_it(imported, written, shown, typed):
    record = imported(written)
    assert record.name == shown
    passport = agreed(a_passport("named@example.com"))
    client = signed_in_client(passport)
    for spelling in {written, shown, unicodedata.normalize("NFD", shown), *typed}:
        with undone():
            asked = {"id_type": "6", "id_number": "９９３０１０ｗｗ７７", "name": spelling}
            answer = client.post("/my/eligibility/", asked)
            assert answer.headers.get("Location") == "/my/confirm/?found=1", ascii(spelling)
            page = client.get("/my/confirm/")
            assert shown in said(page.content)
            token = re.search(r'name="record" value="([^"]+)"', page.content.decode())[1]
            client.post("/my/confirm/", {"record": token, "sure": "on"})
            assert Registration.objects.get().name == shown
            for path in ("/my/registration/", "/my/", "/my/written/"):
                assert shown in said(client.get(path).content), path
            found = Client().post("/retrieve/", asked | answered("retrieve"))
            assert "named@example.com" in said(found.content), ascii(spelling)


def answered(purpose: str) -> dict[str, str]:
    return {"captcha": "8888", "captcha_token": tokens.issue(purpose)}


@pytest.mark.parametrize("other", ["𠮷㛂", "吉㛃", "㛃𠮷", "𠮷", "𠮷㛃㛃", "𠮷·㛃", "", "\u200b", "\u202e"])
def test_d4_another_name_is_not_found_however_alike(imported, other):
    imported("𠮷㛃")
    client = signed_in_client(agreed(a_passport()))
    answer = client.post("/my/eligibility/", {"id_type": "6", "id_number": NUMBER, "name": other})
    assert answer.status_code == 200
    assert "错误：" in answer.content.decode()


@pytest.mark.parametrize("name", ["\u202e明颜\u202c", "颜\u200b明", "颜明\ufeff", "颜\u2066明\u2069"])
def test_d4_what_cannot_be_seen_is_kept_out_of_a_persons_own_word_too(name):
    """A mark from right to left would turn the words beside it, on any page that shows the name."""
    typed = {"email": "turned@example.com", "password": PASSWORD, "password2": PASSWORD, "name": name, "privacy": "on"}
    assert Client().post("/passport/register/", typed | answered("register")).status_code == 302
    assert Passport.objects.get(account="turned@example.com").name in ("颜明", "明颜")

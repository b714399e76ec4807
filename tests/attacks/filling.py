"""How each field of each form is filled in rightly, in one place: a field that nobody can fill in fails the build."""

from collections.abc import Callable
from functools import partial

import pyotp

from baokao.core import clock
from baokao.core.http.audience import Audience
from baokao.passport import links
from baokao.passport.links import Purpose
from baokao.passport.models import Passport
from tests.attacks.forms import Form, Page, every_form
from tests.attacks.people import House
from tests.attacks.samples import SAMPLES, filled
from tests.cast import PASSWORD, a_passport
from tests.guards.urls import routes
from tests.office.desks import PASSWORD as DESK_PASSWORD
from tests.office.desks import SECRET

NEW_PASSWORD = "quite another long one"
NEW_ACCOUNT = "new.account@example.com"

# 补录 and 修改 of a student.
_STUDENT = ("/office/students/new/", "/office/students/<uuid:record_id>/edit/")
_TYPED = {
    "id_type": "6", "id_number": "550050QQ505", "name": "公羊辛丑", "gender": "男", "campus": "993010",
    "written_campus": "", "degree": "本科", "length": "4", "entry_year": "2023", "grade": "4", "department": "化学学院",
    "major": "物理", "class_name": "1", "student_no": "77", "remark": "",
}  # fmt: skip

# By the field's name; by page and name where a page's field of that name is another.
VALUES: dict[str | tuple[str, str], Callable[[House], str]] = {
    "email": lambda house: NEW_ACCOUNT,
    "password": lambda house: NEW_PASSWORD,
    "password2": lambda house: NEW_PASSWORD,
    "current": lambda house: PASSWORD,
    "mobile": lambda house: "13800001234",
    "id_type": lambda house: "6",
    "id_number": lambda house: house.free.id_number,
    "name": lambda house: house.free.name,
    "captcha": lambda house: "8888",
    "find": lambda house: "测试",
    "to": lambda house: "somebody@example.com",
    "ticket": lambda house: house.ticket,
    "sort": lambda house: "",
    "certificate_number": lambda house: "0423456",
    "examined_in": lambda house: "2004-06",
    "score": lambda house: "430",
    **{(page, name): (lambda house, value=value: value) for page in _STUDENT for name, value in _TYPED.items()},
    "reason": lambda house: "考生到办公室核对",
    "account-reason": lambda house: "考生到办公室核对",
    "number-reason": lambda house: "考生到办公室核对",
    "number": lambda house: house.owner.record.id_number,
    "numbers": lambda house: house.owner.record.student_no,
    "q": lambda house: "颜",
    "body": lambda house: "请按时缴费。",
    **{f"target_{code}": lambda house: "150" for code in "123456789FSJ"},
    **{
        f"{name}_{n}": lambda house, day=day: f"2030-01-{day:02}T08:00"
        for n in range(2)
        for name, day in (("opens", 1 + 7 * n), ("closes", 2 + 7 * n), ("pay_until", 3 + 7 * n))
    },
    **{f"value_{n}": lambda house: "" for n in range(2)},
    **{
        f"{name}_{n}": lambda house, text=text: text
        for n in range(3)
        for name, text in (("name", "李老师"), ("phone", "010-1234"), ("office", "101室"), ("hours", "8:30–17:00"))
    },
    ("/office/release/<uuid:registration_id>/", "account"): lambda house: "newcomer@example.com",
    ("/login/", "account"): lambda house: house.owner.passport.account,
    ("/login/", "password"): lambda house: PASSWORD,
    ("/office/account/", "current"): lambda house: DESK_PASSWORD,
    ("/office/login/", "account"): lambda house: house.staff.account,
    ("/office/login/", "password"): lambda house: DESK_PASSWORD,
    ("/office/login/", "code"): lambda house: pyotp.TOTP(SECRET).at(clock.now()),
    # The page names a payment that was taken back with everything else that was done on the way to it.
    ("/my/pay/", "number"): lambda house: house.owner.attempt.number,
    ("/retrieve/", "id_number"): lambda house: house.owner.record.id_number,
    ("/retrieve/", "name"): lambda house: house.owner.record.name,
    ("/passport/reset/<str:token>/", "email"): lambda house: _forgetful().account,
}
# Boxes of which a right submission ticks other ones than the page does.
TICKED: dict[tuple[str, str, str], list[str]] = {
    ("/my/written/", "subject", "saver"): ["1"],
    # Who pays by 首信易支付 sees one form more than who pays by 支付宝.
    ("/my/pay/", "way", "owner"): ["payease"],
}


def fill(form: Form, house: House) -> dict[str, list[str]]:
    """The form's fields with values that are right, what the page gives already being kept."""
    return {name: _value(form, name, house) for name in form.fields}


def _value(form: Form, name: str, house: House) -> list[str]:
    field = form.fields[name]
    if field.kind in ("checkbox", "radio"):
        ticked = TICKED.get((form.pattern, name, form.visitor), field.values)
        return ticked or field.choices[:1]
    given = VALUES.get((form.pattern, name)) or (None if field.kind == "hidden" else VALUES.get(name))
    # A form with a file sends one anyhow (forms.py).
    if field.kind == "file":
        return []
    # What a browser sends of a list that nobody touched.
    if field.kind == "select" and given is None:
        return field.values or field.choices[:1]
    if (field.kind == "hidden" and given is None) or (any(field.values) and given is None):
        return field.values
    assert given is not None, f"say in tests/attacks/filling.py how {name} of {form} is filled in"
    return [given(house)]


def found_forms(house: House) -> list[Form]:
    """Every form of every page, as a visitor sees it who can submit it rightly."""
    pages: list[Page] = []
    visitors = house.visitors
    for who, client in visitors.items():
        for route in routes():
            # Who is signed in sees no other form on a public page than who isn't.
            if (who == "anonymous") == (route.audience in (Audience.CANDIDATE, Audience.STAFF)):
                continue
            sample = SAMPLES.get(route.pattern)
            if sample is None or not route.pattern.startswith("/passport/"):
                for state, parts in enumerate(sample.all_own(house.owner) if sample else ((),)):
                    pages.append((who, client, f"{route.pattern}#{state}", filled(route.pattern, parts)))
    pages += [("anonymous", visitors["anonymous"], purpose, link) for purpose, link in _links()]
    return every_form(pages, lambda form: fill(form, house))


def _links() -> list[tuple[str, str]]:
    """Links of mails by their purpose, of a passport that may end by them."""
    token = partial(links.token, passport=_forgetful(), now=clock.now())
    return [(purpose, f"/passport/{purpose}/{token(purpose)}/") for purpose in Purpose]


def _forgetful() -> Passport:
    return Passport.objects.filter(account="forgetful@example.com").first() or a_passport("forgetful@example.com")

"""The guide's journey, click by click, in a browser with or without JavaScript."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

PASSWORD = "yanming zai xuexi"

Look = Callable[[Page, str], None]


@dataclass(frozen=True)
class Person:
    """One of the guide's three, and what they enter: labels of the written subjects, and of the speaking subject with
    the name of its campus, empty for the own one."""

    email: str
    name: str
    id_type: str
    number: str
    written: tuple[str, ...]
    speaking: tuple[str, str] | None = None


YANMING = Person(
    "yanming2016@example.com", "颜明", "澳门身份证", "993010WW1", ("(1) 英语四级笔试", "(4) 日语六级笔试"),
    ("(F) 英语四级口试", ""),
)  # fmt: skip
LIAO = Person(
    "liaoxiaoer@example.com", "廖晓儿", "中华人民共和国居民身份证", "330101199001010000", ("(1) 英语四级笔试",),
    ("(F) 英语四级口试", "口试开放校区"),
)  # fmt: skip
LIBO = Person(
    "libo2016@example.com", "李博", "澳门身份证", "99101000001", ("(3) 日语四级笔试", "(4) 日语六级笔试")
)  # fmt: skip


def nothing(page: Page, name: str) -> None:
    """A look that doesn't look."""


def register(page: Page, site: str, email: str, look: Look = nothing) -> None:
    """注册通行证, from the home page's big button to the sign-in page."""
    page.goto(site)
    look(page, "home")
    page.get_by_role("link", name="注册新用户").click()
    page.get_by_label("电子邮箱").fill(email)
    page.get_by_label("密码", exact=False).first.fill(PASSWORD)
    page.get_by_label("确认密码").fill(PASSWORD)
    page.get_by_label("验证码").fill("8888")
    page.get_by_role("checkbox", name="我已阅读并同意隐私说明").check()
    look(page, "register")
    page.get_by_role("button", name="提交").click()
    page.get_by_text("注册成功，请登录").wait_for()


def sign_in(page: Page, email: str, look: Look = nothing, password: str = PASSWORD) -> None:
    """考生登录, from the sign-in page to the welcome page."""
    page.get_by_label("账号").fill(email)
    page.get_by_label("密码").fill(password)
    page.get_by_label("验证码").fill("8888")
    look(page, "login")
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_role("heading", name="欢迎登录CET考试报名系统").wait_for()
    look(page, "welcome")


def look_up(page: Page, person: Person = YANMING, look: Look = nothing) -> None:
    """开始报名, the agreement and the eligibility lookup, to the confirmation page."""
    page.get_by_role("link", name="开始报名").click()
    look(page, "agreement")
    page.get_by_role("checkbox", name="我已阅读并接受遵守本网站报名协议").check()
    page.get_by_role("button", name="同意", exact=True).click()
    page.get_by_label("证件类型").select_option(label=person.id_type)
    page.get_by_label("证件号码").fill(person.number)
    page.get_by_label("姓名").fill(person.name)
    look(page, "eligibility")
    page.get_by_role("button", name="查询").click()
    page.get_by_text("查询成功！").wait_for()
    look(page, "confirm")


def confirm(page: Page, person: Person = YANMING, look: Look = nothing) -> None:
    """From the welcome page to the saved registration."""
    look_up(page, person, look)
    page.get_by_role("checkbox", name="我已检查并确认学籍与资格信息正确").check()
    page.get_by_role("button", name="保存并继续").click()
    page.get_by_text("保存成功！").wait_for()
    look(page, "saved")


def come_in(page: Page, site: str, person: Person, look: Look = nothing) -> None:
    """From the home page to the saved registration."""
    register(page, site, person.email, look)
    sign_in(page, person.email, look)
    confirm(page, person, look)


def enter(page: Page, person: Person = YANMING, look: Look = nothing) -> None:
    """笔试报考: the person's written subjects."""
    page.get_by_role("link", name="笔试报考").first.click()
    for subject in person.written:
        page.get_by_role("checkbox", name=subject).check()
    look(page, "written")
    page.get_by_role("button", name="提交").click()
    page.get_by_text("保存成功！").wait_for()
    look(page, "registration-written")


def enter_two_of_a_level(page: Page, look: Look = nothing) -> None:
    """笔试报考: two of a level are refused with both still ticked, and one of them is unticked."""
    page.get_by_role("link", name="笔试报考").first.click()
    page.get_by_role("checkbox", name="(1) 英语四级笔试").check()
    page.get_by_role("checkbox", name="(3) 日语四级笔试").check()
    page.get_by_role("button", name="提交").click()
    page.get_by_text("英语和小语种笔试同级别科目只能报考1科，四级笔试存在多科报考，请检查数据！").first.wait_for()
    look(page, "written-refused")
    page.get_by_role("checkbox", name="(3) 日语四级笔试").uncheck()
    page.get_by_role("link", name="返回").click()


def speak(page: Page, person: Person = YANMING, look: Look = nothing) -> None:
    """口试报考: choose the campus if it is not the own one, tick, submit."""
    assert person.speaking is not None
    subject, campus = person.speaking
    page.get_by_role("link", name="口试报考").first.click()
    page.get_by_role("heading", name="口试科目报考", exact=True).wait_for()
    look(page, "speaking")
    if campus:
        page.get_by_role("button", name="选择").first.click()
        look(page, "campuses")
        page.get_by_role("link", name=campus).click()
        look(page, "speaking-chosen")
    page.get_by_role("checkbox", name=subject).check()
    page.get_by_role("button", name="提交").click()
    page.get_by_text("保存成功！").wait_for()
    look(page, "registration")

"""The guide's 颜明, click by click, in a browser with or without JavaScript."""

from collections.abc import Callable

from playwright.sync_api import Page

PASSWORD = "yanming zai xuexi"

Look = Callable[[Page, str], None]


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


def sign_in(page: Page, email: str, look: Look = nothing) -> None:
    """考生登录, from the sign-in page to the welcome page."""
    page.get_by_label("账号").fill(email)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_label("验证码").fill("8888")
    look(page, "login")
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_role("heading", name="欢迎登录CET考试报名系统").wait_for()
    look(page, "welcome")


def look_up(page: Page, look: Look = nothing) -> None:
    """开始报名, the agreement and the eligibility lookup, to the confirmation page."""
    page.get_by_role("link", name="开始报名").click()
    look(page, "agreement")
    page.get_by_role("checkbox", name="我已阅读并接受遵守本网站报名协议").check()
    page.get_by_role("button", name="同意", exact=True).click()
    page.get_by_label("证件类型").select_option(label="澳门身份证")
    page.get_by_label("证件号码").fill("993010WW1")
    page.get_by_label("姓名").fill("颜明")
    look(page, "eligibility")
    page.get_by_role("button", name="查询").click()
    page.get_by_text("查询成功！").wait_for()
    look(page, "confirm")


def confirm(page: Page, look: Look = nothing) -> None:
    """From the welcome page to the saved registration."""
    look_up(page, look)
    page.get_by_role("checkbox", name="我已检查并确认学籍与资格信息正确").check()
    page.get_by_role("button", name="保存并继续").click()
    page.get_by_text("保存成功！").wait_for()
    look(page, "saved")


def enter(page: Page, look: Look = nothing) -> None:
    """笔试报考: two of a level are refused, then 英语四级 and 日语六级 are taken."""
    page.get_by_role("link", name="笔试报考").first.click()
    page.get_by_role("checkbox", name="(1) 英语四级笔试").check()
    page.get_by_role("checkbox", name="(3) 日语四级笔试").check()
    page.get_by_role("button", name="提交").click()
    page.get_by_text("英语和小语种笔试同级别科目只能报考1科，四级笔试存在多科报考，请检查数据！").first.wait_for()
    look(page, "written-refused")
    page.get_by_role("checkbox", name="(3) 日语四级笔试").uncheck()
    page.get_by_role("checkbox", name="(4) 日语六级笔试").check()
    look(page, "written")
    page.get_by_role("button", name="提交").click()
    page.get_by_text("保存成功！").wait_for()
    look(page, "registration")

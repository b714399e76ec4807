"""The guide's ways back for who forgot the password (§二.2) or the account (§二.3), click by click."""

from playwright.sync_api import Page, expect

from tests.journeys.walk import Look, Person, nothing

NEW_PASSWORD = "yanming xuexi le henduo"


def ask_for_mail(page: Page, site: str, email: str, look: Look = nothing) -> None:
    """§二.2 一 to 三: 进入报名, 找回密码, the address and the captcha."""
    page.goto(site)
    page.get_by_role("link", name="进入报名").click()
    page.get_by_role("link", name="找回密码").click()
    page.get_by_role("heading", name="找回密码", exact=True).wait_for()
    for step in ("选择找回方式", "完成找回密码"):
        expect(page.get_by_text(step)).to_be_visible()
    page.get_by_label("电子邮箱").fill(email)
    page.get_by_label("验证码").fill("8888")
    look(page, "recover")
    page.get_by_role("button", name="找回密码").click()
    page.get_by_text("系统已把找回密码邮件发到您的邮箱，请注意查收！").wait_for()
    expect(page.get_by_text("若长时间未收到，请核对邮箱地址，或使用“找回账号”。")).to_be_visible()
    look(page, "recover-sent")


def open_mail(page: Page, site: str, email: str, subject: str, look: Look = nothing) -> None:
    """§二.2 四: the person's own mailbox, which in the demonstration is ours."""
    for _ in range(60):
        page.goto(f"{site}/sandbox/mail/?to={email}")
        found = page.get_by_role("link", name=subject)
        if found.count():
            break
        page.wait_for_timeout(250)
    look(page, "mailbox")
    found.first.click()
    page.get_by_role("heading", name=subject).first.wait_for()
    look(page, "mail")


def set_password(page: Page, email: str, which: int = 0, look: Look = nothing) -> None:
    """One of the mail's two links; 邮箱名称, the new password twice, 提交."""
    expect(page.get_by_text("如第一条链接无法打开，可点击第二条。").first).to_be_visible()
    page.locator('.letter a[href*="/passport/reset/"]').nth(which).click()
    page.get_by_label("邮箱名称").fill(email)
    page.get_by_label("新密码", exact=False).first.fill(NEW_PASSWORD)
    page.get_by_label("确认新密码").fill(NEW_PASSWORD)
    look(page, "reset")
    page.get_by_role("button", name="提交").click()
    page.get_by_text("修改密码成功").wait_for()
    look(page, "reset-done")


def retrieve(page: Page, person: Person, look: Look = nothing) -> None:
    """§二.3 二 and 三, from the page's form to the account."""
    page.get_by_role("heading", name="最近考次报名账号找回", exact=True).wait_for()
    page.get_by_label("证件类型").select_option(label=person.id_type)
    page.get_by_label("证件号码").fill(person.number)
    page.get_by_label("姓名").fill(person.name)
    page.get_by_label("验证码").fill("8888")
    look(page, "retrieve")
    page.get_by_role("button", name="提交").click()
    page.get_by_text("找回成功!").wait_for()
    expect(page.get_by_text(f"您的通行证账号为：{person.email}")).to_be_visible()
    look(page, "retrieved")

"""首信易支付 over HTTP: payment pages, the cashier, the merchant's calls, the books, statements, our key."""

from contextlib import suppress
from datetime import datetime

from baokao.sandbox.provider import pages, totals
from baokao.sandbox.provider.http import Answer, Request, redirect
from baokao.sandbox.provider.payease import faults, messages
from baokao.sandbox.provider.payease.banks import BANKS
from baokao.sandbox.provider.payease.desk import Desk, Visit
from baokao.sandbox.provider.payease.forms import read_day
from baokao.sandbox.provider.payease.methods import KINDS
from baokao.sandbox.provider.payease.orders import charset_of
from baokao.sandbox.provider.payease.wire import Unpayable
from baokao.sandbox.provider.views import Handler, Routes, shared

HOUSE = Desk.HOUSE

# What the cashier offers to go wrong: the words of the page, and what they do.
OFFERED = (
    ("", "一切正常", "出结果后通知一次，浏览器返回商户"),
    (faults.DUPLICATE, "重复通知", "同一通知同时发送两次"),
    (faults.DELAYED, "延迟通知", "一分钟后才通知"),
    (faults.JOINED, "合并通知", "等十秒，与其他订单合为一条通知，最多四笔"),
    (faults.WRONG_AMOUNT, "金额错误", "通知的金额多一分，签名正确"),
    (faults.BAD_SIGNATURE, "签名错误", "通知的签名不符"),
    (faults.REJECTED_AFTER, "先成功后失败", "通知成功，一分钟后又通知失败"),
    (faults.WITHHELD, "不通知", "不发送通知，可在待发通知中手动发送"),
    (faults.NO_RETURN, "付款后关闭", "付款后页面关闭，浏览器不返回商户"),
)


def payment_page(desk: Desk, request: Request, page: str, now: datetime) -> Answer:
    """Where the merchant sends a browser with an order's form."""
    try:
        token = desk.arrive(page, request.decoded(charset_of(page)), now)
    except Unpayable as refused:
        return _refused(refused)
    return redirect(f"/payease/cashier/{token}/")


def cashier(desk: Desk, request: Request, token: str, now: datetime) -> Answer:
    """沙箱收银台: what is to be paid, where, and what the bank shall say."""
    visit = desk.visit(token, now)
    if request.method == "GET":
        return _cashier(desk, visit, token, now)
    fault = request.one("fault")
    wanted = (fault,) if fault in {name for name, _, _ in OFFERED if name} else ()
    deeds = {"pay": desk.pay, "refuse": desk.refuse, "submit": desk.submit}
    deed = deeds.get(request.one("deed"))
    if deed is None:
        return redirect(str(visit.row["v_url"]))
    bank = request.one("bank")
    # Pressed twice, or on a page that was open while another was paid: the payer goes back as well.
    with suppress(Unpayable):
        deed(token, now, wanted, bank if bank in BANKS else "")
    if fault == faults.NO_RETURN:
        return _told("已提交银行", "按您的选择，页面到此关闭，浏览器不返回商户。")
    return redirect(desk.way_back(token, now))


def _cashier(desk: Desk, visit: Visit, token: str, now: datetime) -> Answer:
    if visit.refused is not None:
        return _refused(visit.refused, desk.way_back(token, now))
    said = messages.STRINGS[messages.REFUSED] if visit.last else ""
    return pages.page(
        "payease/cashier.html", house=HOUSE, leads_to=str(visit.row["v_url"]), visit=visit, offered=OFFERED,
        banks=BANKS, mid=desk.config.merchant.mid, message=f"银行拒绝：{said}，可以重试。" if said else "",
    )  # fmt: skip


def _refused(refused: Unpayable, link: str = "") -> Answer:
    return _told("无法付款", f"{refused.field}：{refused.reason}", link)


def _told(title: str, line: str, link: str = "") -> Answer:
    return pages.page("told.html", house=HOUSE, title=title, lines=[line], link=link, code="")


def called(kind: str) -> Handler:
    """A server's call of this kind: GET, a form, or a POST with everything in its query."""

    def handler(desk: Desk, request: Request, _: str, now: datetime) -> Answer:
        return desk.call(kind, request.decoded("gb18030"), now)

    return handler


def books(desk: Desk, request: Request, _: str, now: datetime) -> Answer:
    """账册: sums by day with their statements, and the newest orders."""
    days = desk.totals()
    return pages.page("payease/books.html", house=HOUSE, days=days, all=totals.of_all(days), trades=desk.trades())


def day_statement(desk: Desk, request: Request, day: str, now: datetime) -> Answer:
    """对账单 of a day. Raises `LookupError` for what is no day."""
    begins = read_day(day)
    if begins is None:
        raise LookupError(day)
    headers = {"Content-Disposition": f'attachment; filename="payease_{day}.csv"'}
    return Answer(200, desk.statement(begins), "text/csv; charset=GBK", headers)


def key_file(desk: Desk, request: Request, _: str, now: datetime) -> Answer:
    """Our public key in the form of the operator's file."""
    return Answer(200, desk.key_file().encode(), "text/plain; charset=us-ascii")


ROUTES: Routes = (
    ("GET POST", r"/prs/(user_payment\.checkit)", payment_page),
    ("GET POST", r"/customer/gb/(pay_bank\.jsp|pay_bank_utf8\.jsp|pay_mobile\.jsp)", payment_page),
    *(("GET POST", kind.path.replace(".", r"\."), called(name)) for name, kind in KINDS.items()),
    ("GET POST", r"/payease/cashier/([A-Za-z0-9_-]{32})/", cashier),
    ("GET", r"/payease/books/", books),
    ("GET", r"/payease/statement/([0-9]{8})\.csv", day_statement),
    ("GET", r"/payease/Public1024\.key", key_file),
    *shared(HOUSE),
)

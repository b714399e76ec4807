"""支付宝 over HTTP: the gateway, the cashier, the books, the bills."""

from datetime import datetime

from baokao.sandbox.provider import pages, totals
from baokao.sandbox.provider.alipay import checks, faults
from baokao.sandbox.provider.alipay.desk import Desk, Visit
from baokao.sandbox.provider.alipay.wire import Refused
from baokao.sandbox.provider.http import Answer, Request, redirect
from baokao.sandbox.provider.views import Routes, shared

# What the cashier offers to go wrong: the words of the page, and what they do.
OFFERED = (
    ("", "一切正常", "付款后通知一次，浏览器返回商户"),
    (faults.DUPLICATE, "重复通知", "同一通知同时发送两次"),
    (faults.DELAYED, "延迟通知", "一分钟后才通知"),
    (faults.WRONG_AMOUNT, "金额错误", "通知的金额多一分，签名正确"),
    (faults.BAD_SIGNATURE, "签名错误", "通知的签名不符"),
    (faults.WITHHELD, "不通知", "不发送通知，可在待发通知中手动发送"),
    (faults.NO_RETURN, "付款后关闭", "付款后页面关闭，浏览器不返回商户"),
)


def gateway(desk: Desk, request: Request, _: str, now: datetime) -> Answer:
    """`/gateway.do`: a server's call, or a browser with a signed order."""
    if not any(pair[0] == "method" and pair[1] in checks.PAYS for pair in request.pairs):
        return desk.gateway(request.pairs, now)
    try:
        token = desk.arrive(request.pairs, now)
    except Refused as refused:
        return _refused(refused)
    return redirect(f"/alipay/cashier/{token}/")


def cashier(desk: Desk, request: Request, token: str, now: datetime) -> Answer:
    """沙箱收银台: what is to be paid, and what the payer may do."""
    visit = desk.visit(token, now)
    if request.method == "GET":
        return _cashier(desk, visit, token, now)
    deed = request.one("deed")
    try:
        if deed == "pay":
            return _paid(desk, visit, token, request.one("fault"), now)
        if deed in ("log-in", "not-enough"):
            desk.log_in(token, now)
            told = "余额不足，未付款。" if deed == "not-enough" else "已登录，交易已生成，等待付款。"
            return _cashier(desk, desk.visit(token, now), token, now, told)
    except Refused:
        return _cashier(desk, desk.visit(token, now), token, now)
    if deed == "leave" and visit.back:
        return redirect(visit.back)
    return pages.page("told.html", title="已放弃付款", lines=["没有付款，可以关闭此页面。"], link="", code="")


def _paid(desk: Desk, visit: Visit, token: str, fault: str, now: datetime) -> Answer:
    known = {name for name, _, _ in OFFERED if name}
    if visit.refused is None:
        desk.pay(token, now, (fault,) if fault in known else ())
    if fault == faults.NO_RETURN:
        return pages.page(
            "told.html", title="付款成功", lines=["按您的选择，页面到此关闭，浏览器不返回商户。"], link="", code=""
        )
    back = desk.way_back(token, now)
    # Pressed twice, or on a page that was open while another was paid: the payer has paid and goes back.
    return redirect(back) if back else _cashier(desk, desk.visit(token, now), token, now)


def _cashier(desk: Desk, visit: Visit, token: str, now: datetime, told: str = "") -> Answer:
    if visit.refused is not None:
        back = desk.way_back(token, now) or visit.back
        return _refused(visit.refused, back)
    return pages.page(
        "alipay/cashier.html",
        leads_to=str(visit.row["return_url"] or visit.back),
        visit=visit,
        offered=OFFERED,
        message=told,
    )


def _refused(refused: Refused, link: str = "") -> Answer:
    return pages.page(
        "told.html", title="无法付款", lines=[refused.sub_msg], link=link, code=f"{refused.code} {refused.sub_code}"
    )


def books(desk: Desk, request: Request, _: str, now: datetime) -> Answer:
    """账册: sums by day and the newest trades."""
    days = desk.totals()
    return pages.page("alipay/books.html", days=days, all=totals.of_all(days), trades=desk.trades())


def download(desk: Desk, request: Request, token: str, now: datetime) -> Answer:
    """A bill's zip, while its address is good."""
    found = desk.download(token, now)
    if found is None:
        return Answer(404, "下载地址已失效".encode(), "text/plain; charset=utf-8")
    headers = {"Content-Disposition": f'attachment; filename="{found[0]}"'}
    return Answer(200, found[1], "application/zip", headers)


ROUTES: Routes = (
    ("GET POST", r"/gateway\.do", gateway),
    ("GET POST", r"/alipay/cashier/([A-Za-z0-9_-]{32})/", cashier),
    ("GET", r"/alipay/books/", books),
    ("GET", r"/alipay/bill/([A-Za-z0-9_-]{32})", download),
    *shared("alipay"),
)

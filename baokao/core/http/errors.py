"""How a request that can't be served is answered: a page that says what to do next (rule H3)."""

import sys

import psycopg.errors
import structlog
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from baokao.core import clock
from baokao.core.http.refusals import RateLimited, Unavailable
from baokao.core.logs import place

log = structlog.get_logger("baokao.errors")

BUSY = "系统繁忙，请稍后再试。"
TOO_LARGE = "提交的内容过大，请返回检查后重试。"
_BARE = (
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{title}</title>'
    '<meta name="viewport" content="width=device-width"><h1>{title}</h1><p>{message}</p>'
    '<p><a href="/">返回首页</a></p></html>'
)
_TITLES = {
    400: "请求有误",
    403: "无法完成操作",
    404: "页面不存在",
    429: "操作过于频繁",
    500: "系统出错",
    503: "系统繁忙",
}
_MESSAGES = {
    400: "请返回上一页检查后重试。",
    403: "页面已过期或未登录，请返回上一页刷新后重试；仍不行请重新登录。",
    404: "您要找的页面不存在，请核对地址，或从首页重新进入。",
    429: "操作过于频繁，请稍后再试。",
    500: "系统出错，问题已被记录。您填写的内容可能未保存，请稍后重试。",
    503: BUSY,
}


def answer(request: HttpRequest, status: int, message: str = "", retry_after: int = 0) -> HttpResponse:
    """The error page of a status, `core/errors/<status>.html`; a bare page if even that can't be rendered."""
    words = {"page_title": _TITLES[status], "message": message or _MESSAGES[status], "now": clock.now()}
    try:
        content: str = render_to_string(f"core/errors/{status}.html", words, request=request)
    except Exception as failed:
        log.error("error_page.failed", status=status, error=place(failed))
        content = bare(status, message)
    response = HttpResponse(content, status=status)
    if retry_after:
        response["Retry-After"] = str(retry_after)
    return response


def bare(status: int, message: str = "") -> str:
    """The page that needs nothing: no template, no database, no file."""
    return _BARE.format(title=_TITLES[status], message=message or _MESSAGES[status])


def refusal_for(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """The answer to an exception that is a refusal and no fault of the program; None for every other."""
    if isinstance(error, RateLimited):
        return answer(request, 429, error.message, error.retry_after)
    if isinstance(error, Unavailable):
        return answer(request, 503, error.message, error.retry_after)
    if error is not None and (isinstance(error, OperationalError | InterfaceError) or _reads_only(error)):
        # No seat in the pool, a lock or statement time-out, a database that restarts: worth another try in a moment.
        log.warning("database.unavailable", error=place(error), sqlstate=getattr(error.__cause__, "sqlstate", None))
        return answer(request, 503, BUSY, 3)
    if isinstance(error, RequestDataTooBig | TooManyFieldsSent):
        return answer(request, 400, TOO_LARGE)
    return None


def _reads_only(error: BaseException | None) -> bool:
    """The database is a standby for the moment, in the middle of a switch-over."""
    return isinstance(error, InternalError) and isinstance(error.__cause__, psycopg.errors.ReadOnlySqlTransaction)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler for a malformed request; says nothing of what was wrong with it, unless it was only too much."""
    return refusal_for(request, exception) or answer(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler for a refused permission."""
    return answer(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without our token: a forgery, or a page that stood open across a sign-in."""
    return answer(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler for an address that leads nowhere, or to what this visitor may not see: the same answer."""
    return answer(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler for an exception that nobody caught, with the place in the log and nothing on the page."""
    error = sys.exception()
    refusal = refusal_for(request, error)
    if refusal is not None:
        return refusal
    log.error("request.failed", error=place(error))
    return answer(request, 500)

"""The checks before any method is asked, in the gateway's order: method, application, form, moment, signature."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from baokao.sandbox.provider.alipay import rsa2
from baokao.sandbox.provider.alipay.config import Application, Config
from baokao.sandbox.provider.alipay.forms import read_moment
from baokao.sandbox.provider.alipay.wire import Refused
from baokao.sandbox.provider.forms import is_address
from baokao.sandbox.provider.http import Pairs

PAGE_PAY, WAP_PAY = "alipay.trade.page.pay", "alipay.trade.wap.pay"
QUERY, CLOSE = "alipay.trade.query", "alipay.trade.close"
REFUND, REFUND_QUERY = "alipay.trade.refund", "alipay.trade.fastpay.refund.query"
BILL = "alipay.data.dataservice.bill.downloadurl.query"
METHODS = frozenset({PAGE_PAY, WAP_PAY, QUERY, CLOSE, REFUND, REFUND_QUERY, BILL})
PAYS = frozenset({PAGE_PAY, WAP_PAY})

_LENGTHS = {
    "app_id": 32, "method": 128, "format": 40, "return_url": 256, "charset": 10, "sign_type": 10, "sign": 344,
    "timestamp": 19, "version": 3, "notify_url": 256, "app_auth_token": 40,
}  # fmt: skip
# Parameters of the gateway itself; an address of the merchant's that bears one in its query looks like an attack.
_OWN_NAMES = frozenset(_LENGTHS) | {"biz_content"}


@dataclass(frozen=True)
class Call:
    """A call whose signature holds."""

    method: str
    application: Application
    biz: Mapping[str, Any]
    notify_url: str
    return_url: str


def application_of(pairs: Pairs, config: Config) -> Application | None:
    """Whom the answer is for, refusals included; None if nobody is known by that id, and the answer stays unsigned."""
    named = [value for name, value in pairs if name == "app_id"]
    return config.applications.get(named[0]) if len(named) == 1 else None


def read_call(pairs: Pairs, config: Config, now: datetime) -> Call:
    """The call that these parameters are. Raises `Refused`."""
    twice = [name for name, count in Counter(name for name, _ in pairs).items() if count > 1]
    if twice:
        raise Refused("40002", "isv.invalid-parameter", f"参数重复：{twice[0]}")
    params = dict(pairs)
    for name, longest in _LENGTHS.items():
        if len(params.get(name, "")) > longest:
            raise Refused("40002", "isv.invalid-parameter", f"参数过长：{name}")
    method = _required(params, "method", "isv.missing-method")
    if method not in METHODS:
        raise Refused("40002", "isv.invalid-method", "不存在的方法名")
    application = config.applications.get(_required(params, "app_id", "isv.missing-app-id"))
    if application is None:
        raise Refused("40002", "isv.invalid-app-id", "无效的AppID参数")
    _check_form(params, config, now)
    _check_signature(params, application)
    return Call(
        method, application, _biz_content(params), _address(params, "notify_url"), _address(params, "return_url")
    )


def _check_form(params: Mapping[str, str], config: Config, now: datetime) -> None:
    if _required(params, "sign_type", "isv.missing-signature-type") != "RSA2":
        raise Refused("40002", "isv.invalid-signature-type", "无效签名类型，只接受RSA2")
    if params.get("charset", "").lower() != "utf-8":
        raise Refused("40002", "isv.invalid-charset", "字符集错误，只接受utf-8")
    if params.get("format", "JSON").lower() != "json":
        raise Refused("40002", "isv.invalid-format", "无效的数据格式，只接受JSON")
    if _required(params, "version", "isv.missing-version") != "1.0":
        raise Refused("40002", "isv.invalid-parameter", "version只能是1.0")
    at = read_moment(_required(params, "timestamp", "isv.missing-timestamp"))
    if at is None or abs(at - now) > config.timestamp_slack:
        raise Refused("40002", "isv.invalid-timestamp", "非法的时间戳参数")


def _check_signature(params: Mapping[str, str], application: Application) -> None:
    signature = _required(params, "sign", "isv.missing-signature")
    text = rsa2.text_of_request(params)
    if not rsa2.verifies(text, signature, application.public_key):
        # The sandbox shows what it verified, since that is what a developer then wants to see.
        raise Refused("40002", "isv.invalid-signature", f"验签出错，请检查应用公钥与待签名串：{text}")


def _required(params: Mapping[str, str], name: str, sub_code: str) -> str:
    if not params.get(name):
        raise Refused("40001", sub_code, f"缺少参数：{name}")
    return params[name]


def _biz_content(params: Mapping[str, str]) -> Mapping[str, Any]:
    if not params.get("biz_content"):
        raise Refused("40001", "isv.missing-parameter", "缺少参数：biz_content")
    try:
        found = json.loads(params["biz_content"], object_pairs_hook=_once)
        # Half a surrogate pair is no text; it could neither be kept nor sent.
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Refused("40002", "isv.invalid-parameter", "biz_content不是JSON对象")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a name stands there twice")
    return dict(pairs)


def _address(params: Mapping[str, str], name: str) -> str:
    address = params.get(name, "")
    if not address:
        return ""
    if not is_address(address):
        raise Refused("40002", "isv.invalid-parameter", f"{name}不是完整的http(s)地址")
    if _OWN_NAMES & set(parse_qs(urlsplit(address).query, keep_blank_values=True)):
        raise Refused("40002", "isv.suspected-attack", f"{name}带有网关保留的参数名，可疑的攻击请求")
    return address

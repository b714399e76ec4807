"""What we send: signed parameters, in the address for a browser and in a form for our own calls."""

import json
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

from baokao.payments.gateways.alipay import signing
from baokao.payments.gateways.alipay.account import Account
from baokao.payments.gateways.contract import Payment, SendOff
from baokao.payments.gateways.values import moment_text, yuan_text

# Alipay dislikes these in a subject, and `&name=` in a value would make the signed text ambiguous.
_FULL_WIDTH = str.maketrans("/=&", "／＝＆")
SUBJECT_LENGTH = 256
REASON_LENGTH = 256


def signed(account: Account, method: str, content: Mapping[str, str], at: datetime, **more: str) -> dict[str, str]:
    """The parameters of a request with their signature; `content` is the method's own, `more` are addresses."""
    parameters = {
        "app_id": account.app,
        "method": method,
        "format": "json",
        "charset": "utf-8",
        "sign_type": signing.NAME,
        "timestamp": moment_text(at),
        "version": "1.0",
        **more,
        "biz_content": json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True),
    }
    return {**parameters, "sign": signing.sign(signing.joined(parameters, without=()), account.private_key)}


def send_off(account: Account, payment: Payment) -> SendOff:
    """The cashier's address for one payment (page pay, or wap pay on a phone). The deadline is absolute, since a
    relative one would begin only when the payer signs in at Alipay (rule D5)."""
    content = {
        "out_trade_no": payment.number,
        "total_amount": yuan_text(payment.amount),
        "subject": plain(payment.subject, SUBJECT_LENGTH),
        "time_expire": moment_text(payment.expires_at),
        "goods_type": "0",
    }
    if payment.on_phone:
        method = "alipay.trade.wap.pay"
        content |= {"product_code": "QUICK_WAP_WAY", "quit_url": payment.quit_url or payment.return_url}
    else:
        method = "alipay.trade.page.pay"
        content["product_code"] = "FAST_INSTANT_TRADE_PAY"
    parameters = signed(
        account, method, content, payment.made_at, return_url=payment.return_url, notify_url=payment.notify_url
    )
    return SendOff(f"{account.gateway}?{urlencode(parameters)}")


def plain(text: str, length: int) -> str:
    """The text with `/`, `=` and `&` in full width, cut to what Alipay takes."""
    return text.translate(_FULL_WIDTH)[:length]

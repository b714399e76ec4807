"""The form with which a browser goes to the bank (rule D1)."""

from baokao.core.zone import SHANGHAI
from baokao.payments.gateways.contract import Payment, SendOff
from baokao.payments.gateways.payease import digests
from baokao.payments.gateways.payease.account import Account
from baokao.payments.gateways.values import yuan_text

AT_THE_OPERATOR = "/prs/user_payment.checkit"
AT_THE_BANK = "/customer/gb/pay_bank.jsp"
YUAN = "0"


def send_off(account: Account, payment: Payment) -> SendOff:
    """A POST to the bank, or to the operator's own list of banks if none was chosen.

    The operator's pages are GB2312, so nothing but ASCII is sent, and as the operator advises our number stands
    wherever a name is asked for: PayEase learns nothing about the candidate. `ValueError` when the number's day isn't
    the payment's, which PayEase would refuse.
    """
    day = f"{payment.made_at.astimezone(SHANGHAI):%Y%m%d}"
    order = account.order(payment.number)
    if not order.startswith(day):
        raise ValueError("The payment's number is of another day.")
    amount = yuan_text(payment.amount)
    fields = {
        "v_mid": account.merchant,
        "v_oid": order,
        "v_rcvname": account.merchant,
        "v_rcvaddr": account.merchant,
        "v_rcvtel": account.merchant,
        "v_rcvpost": "100000",
        "v_amount": amount,
        "v_ymd": day,
        "v_orderstatus": "1",
        "v_ordername": account.merchant,
        "v_moneytype": YUAN,
        "v_url": payment.return_url,
    }
    message = (YUAN, day, amount, account.merchant, order, account.merchant, payment.return_url)
    fields["v_md5info"] = digests.mac(account.keys[0], *message)
    if payment.bank:
        fields["v_pmode"] = payment.bank
    return SendOff(account.gateway + (AT_THE_BANK if payment.bank else AT_THE_OPERATOR), fields)

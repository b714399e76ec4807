"""Returns and notifications as they go out: their fields, their digests, and how these may be wrong."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from baokao.sandbox.provider.forms import yuan
from baokao.sandbox.provider.payease import faults, wire
from baokao.sandbox.provider.payease.banks import BANKS
from baokao.sandbox.provider.payease.config import Config
from baokao.sandbox.provider.payease.digests import mac, percent

UNKNOWN, PAID, REFUSED, SUBMITTED = "0", "1", "3", "9"
# What a notification says of an order. A return has other numbers and words for the same.
STRINGS = {UNKNOWN: "已提交", PAID: "支付成功", REFUSED: "余额不足"}
RETURNS = {PAID: ("20", "支付完成"), REFUSED: ("30", "余额不足"), SUBMITTED: ("1", "已提交")}


def variant_of(config: Config, found: frozenset[str]) -> str:
    """Which of the two ways with Chinese text is taken."""
    return "B" if faults.VARIANT_B in found else config.variant


def way_back(config: Config, trade: sqlite3.Row, bank: str, said: str, found: frozenset[str]) -> str:
    """The query with which a browser returns from a bank that said this."""
    status, text = RETURNS[said]
    fields = {
        "v_oid": trade["v_oid"],
        "v_pstatus": status,
        "v_pstring": text,
        "v_pmode": BANKS[bank],
        "v_amount": yuan(trade["amount"]),
        "v_moneytype": "0",
    }
    variant, key = variant_of(config, found), config.merchant.key
    told = _told(fields, variant)
    return wire.query(
        fields
        | {"v_md5money": mac(key, fields["v_amount"], fields["v_moneytype"])}
        | faults.v_sign(frozenset(), config, *_of(fields, "v_oid", "v_pstatus", "v_amount", "v_moneytype"))
        | {"v_md5info": mac(key, *_of(told, "v_oid", "v_pstatus", "v_pstring", "v_pmode"))},
        variant,
    )


def notification(config: Config, parts: Sequence[Mapping[str, str]], found: frozenset[str]) -> str:
    """The query or form that tells of one to four orders, each with `v_oid`, `bank`, `pstatus` and `amount`."""
    first = dict(parts[0])
    if faults.WRONG_AMOUNT in found:
        first["amount"] = faults.a_fen_more(first["amount"])
    if faults.OTHER_ORDER in found:
        first["v_oid"] = faults.another(first["v_oid"])
    told = [first, *parts[1:]]
    fields = {
        "v_count": str(len(told)),
        "v_oid": _joined(part["v_oid"] for part in told),
        "v_pmode": _joined(BANKS[part["bank"]] for part in told),
        "v_pstatus": _joined(part["pstatus"] for part in told),
        "v_pstring": _joined(STRINGS[part["pstatus"]] for part in told),
        "v_amount": _joined(part["amount"] for part in told),
        "v_moneytype": _joined("0" for _ in told),
    }
    variant = variant_of(config, found)
    return wire.query(_signed(fields, config, variant, found), variant)


def _signed(fields: Mapping[str, str], config: Config, variant: str, found: frozenset[str]) -> dict[str, str]:
    key = config.merchant.key[::-1] if faults.OTHER_MAC_KEY in found else config.merchant.key
    amount = fields["v_amount"]
    if faults.OTHER_MONEY in found:
        # Amount and `v_md5money` are another order's and fit each other; `v_mac` covers neither, `v_sign` does.
        amount = _joined(faults.a_fen_more(one) for one in amount.split(wire.JOINT))
    told = _told(fields, variant)
    return {
        **fields,
        "v_amount": amount,
        "v_md5money": mac(key, amount, fields["v_moneytype"]),
        **faults.v_sign(found, config, *_of(fields, "v_oid", "v_pstatus", "v_amount", "v_moneytype", "v_count")),
        "v_mac": mac(
            key, *_of(told, "v_oid", "v_pmode", "v_pstatus", "v_pstring", "v_count"),
            "x" if faults.BAD_MAC in found else "",
        ),
    }  # fmt: skip


def _told(fields: Mapping[str, str], variant: str) -> dict[str, str]:
    """The fields of which digests are made: in variant B the Chinese ones as they are escaped in UTF-8."""
    if variant == "A":
        return dict(fields)
    return dict(fields) | {name: percent(fields[name], "utf-8") for name in ("v_pmode", "v_pstring")}


def _of(fields: Mapping[str, str], *names: str) -> list[str]:
    return [fields[name] for name in names]


def _joined(parts: Iterable[str]) -> str:
    return wire.JOINT.join(parts)

"""A server's call: what is checked before any method is asked, and the document that answers it."""

from collections import Counter
from collections.abc import Mapping

from baokao.sandbox.provider.http import Pairs
from baokao.sandbox.provider.payease import faults, methods, wire
from baokao.sandbox.provider.payease.config import Config
from baokao.sandbox.provider.payease.digests import is_mac
from baokao.sandbox.provider.payease.forms import is_order_number
from baokao.sandbox.provider.payease.methods import KINDS, REFUND, Fields, Told
from baokao.sandbox.provider.payease.wire import Refused

VERSION = "1.1"
_VERSIONED = (methods.REFUNDS, methods.REFUNDS_OF_DAY)


def read(kind: str, pairs: Pairs, config: Config) -> Fields:
    """The fields of a call whose digest holds. Raises `Refused`."""
    if any(count > 1 for count in Counter(name for name, _ in pairs).values()):
        raise Refused(wire.NO_REQUEST)
    fields = dict(pairs)
    names = KINDS[kind].mac_of
    if not all(fields.get(name) for name in (*names, "v_mac")):
        raise Refused(wire.NO_REQUEST)
    if fields["v_mid"] != config.merchant.mid:
        raise Refused(wire.NO_MERCHANT)
    if not is_mac(fields["v_mac"], config.merchant.key, *(fields[name] for name in names)):
        raise Refused(wire.NO_FINGERPRINT)
    if kind in _VERSIONED and fields.get("v_version") != VERSION:
        raise Refused(wire.NO_REQUEST)
    if "v_oid" in names and not is_order_number(fields["v_oid"], config.merchant.mid):
        raise Refused(wire.NO_ORDER)
    return fields


def written(kind: str, asked: Mapping[str, str], told: Told | Refused, fault: str, config: Config) -> bytes:
    """The answer's exact bytes, signed rightly or not. `asked` is echoed, whatever it is."""
    form = KINDS[kind]
    status = {"status": "0", "statusdesc": wire.SUCCESS}
    if isinstance(told, Refused):
        status, told = {"status": str(told.status), "statusdesc": told.statusdesc}, ({}, [])
    more, rows = told
    if kind == REFUND:
        echoed = {name: asked.get(f"v_{name}", "") for name in ("mid", "oid", "refamount", "refoprt")}
        fields = rows[0] if rows else status | echoed | {"refid": ""}
        return wire.document(wire.flat(form.root, _signed(kind, fields, fault, config)), form.charset)
    head = status | {"mid": asked.get("v_mid", ""), "oid": asked.get("v_oid", "")} | _version(kind) | more
    signed = [_signed(kind, row, fault, config) for row in faults.listed(rows, fault)]
    return wire.document(wire.listing(form.root, head, form.row, signed), form.charset)


def _version(kind: str) -> Fields:
    return {"version": VERSION} if kind in _VERSIONED else {}


def _signed(kind: str, fields: Fields, fault: str, config: Config) -> Fields:
    told = faults.spoiled(fields, fault)
    signature = faults.signature(fault, config, *(told[name] for name in KINDS[kind].sign_of))
    # Who asks for one order's refunds knows which order that is.
    hidden = ("oid", "amount", "moneytype") if kind == methods.REFUNDS else ()
    return {name: value for name, value in told.items() if name not in hidden} | signature

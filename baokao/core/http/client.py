"""Who asks, by network address, believing exactly as many proxies as there are (proof d8)."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "0.0.0.0"  # noqa: S104 (a stand-in that no client can have, nothing listens on it)


def address(request: HttpRequest) -> str:
    """The client's address in its shortest spelling.

    Behind N proxies the client is the N-th entry of X-Forwarded-For from the right: everything further left was sent by
    the client itself and proves nothing. With no proxies, or when that entry is no address, it is the connection's own.
    """
    peer = _read(request.META.get("REMOTE_ADDR", "")) or UNKNOWN
    if not settings.PROXY_COUNT:
        return peer
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if len(hops) < settings.PROXY_COUNT:
        return peer
    return _read(hops[-settings.PROXY_COUNT]) or peer


def client_key(request: HttpRequest) -> str:
    """What throttles count by: an IPv4 address, or the /64 of an IPv6 one, since a single line is given that much."""
    found = address(request)
    if ":" not in found:
        return found
    return str(ipaddress.IPv6Network((found, 64), strict=False))


def _read(text: str) -> str:
    text = text.strip()
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        if found.scope_id:
            return str(ipaddress.IPv6Address(int(found)))
    return str(found)

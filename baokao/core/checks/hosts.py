"""Where a host is, as far as its name tells."""

import ipaddress


def is_near(host: str) -> bool:
    """This machine or a private network, where no real provider is."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local", ".internal", ".invalid"))

"""Who we are at Alipay, and whose signature we believe."""

from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey


@dataclass(frozen=True)
class Account:
    """`seller` is the merchant's account that receives the money; `public_keys` are Alipay's, two while they are being
    changed; `bill_hosts` are the hosts from which bills may be fetched besides the gateway's own."""

    gateway: str
    app: str
    seller: str
    private_key: RSAPrivateKey = field(repr=False)
    public_keys: tuple[RSAPublicKey, ...] = field(repr=False)
    bill_hosts: tuple[str, ...] = ()

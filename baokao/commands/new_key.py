"""`baokao new-key`: a fresh key to paste into BAOKAO_ENCRYPTION_KEYS, BAOKAO_DIGEST_KEYS or BAOKAO_AUDIT_KEYS."""

import argparse
import base64
import secrets

HELP = "print a fresh key, ID:BASE64, for one of the key settings (docs/keys.md)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The key's id: 1 for the first, one more at each rotation."""
    parser.add_argument("id", type=int, nargs="?", default=1, help="1 to 255 (1)")


def run(arguments: argparse.Namespace) -> None:
    """Print 32 random bytes in the form that the settings read."""
    if not 1 <= arguments.id <= 255:
        raise SystemExit("A key's id is a number from 1 to 255.")
    print(f"{arguments.id}:{base64.b64encode(secrets.token_bytes(32)).decode()}")

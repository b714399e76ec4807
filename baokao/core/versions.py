"""Two people at one form: what each field said when the page was made travels in the form, so that who saves second is
told what changed meanwhile instead of undoing it unseen.

A version is one short digest a field. It keeps nobody out and isn't signed: who forges it overwrites what they may
write anyway.
"""

import hashlib
import json
from collections.abc import Mapping

from django.core.serializers.json import DjangoJSONEncoder

_LENGTH = 12


def version(values: Mapping[str, object]) -> str:
    """What the fields say now, for a hidden field: `target-1:3f2a…,target-2:90bc…`."""
    return ",".join(f"{name}:{_digest(value)}" for name, value in sorted(values.items()))


def changed(seen: str, values: Mapping[str, object]) -> list[str]:
    """The fields that say something else than when `seen` was made, in the order of `values`. A field that `seen`
    doesn't name counts as changed, and so does everything for a version that is none."""
    known = dict(part.split(":", 1) for part in seen.split(",") if ":" in part)
    return [name for name, value in values.items() if known.get(name) != _digest(value)]


def _digest(value: object) -> str:
    text = json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=_LENGTH // 2).hexdigest()

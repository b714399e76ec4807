"""通行证: a person's login. Not yet a candidate."""

import uuid

from django.db import models

from baokao.core.crypto.fields import SealedText


class Passport(models.Model):
    """An account. Its address is stored as typed and compared case-folded (rule A1).

    `epoch` is part of what a session's signature covers: raising it ends every session of this passport in one update
    (rule A6). Optional identity is the person's own statement and binds nothing. An account that has ended keeps
    nothing of its person: its address is free again, and what stands in its place is no address (rule H5).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    account = models.CharField(max_length=254)
    account_folded = models.CharField(max_length=254, unique=True)
    password = models.CharField(max_length=128)
    epoch = models.PositiveIntegerField(default=0)
    # When the present address was shown to be its owner's (rule A3); empty again when the address changes.
    verified_at = models.DateTimeField(null=True)
    # False once the address's owner said 这不是我注册的账号: no mail about a new password goes there (rule A3).
    recoverable = models.BooleanField(default=True, db_default=True)
    registered_at = models.DateTimeField()
    # Which privacy notice was consented to and when (rule H5); without a moment: on registering.
    privacy_version = models.CharField(max_length=10)
    privacy_consented_at = models.DateTimeField(null=True)
    mobile_sealed = models.BinaryField(null=True)
    mobile_digest = models.BinaryField(null=True)
    mobile = SealedText("mobile")
    id_type = models.CharField(max_length=1, blank=True)
    id_number_sealed = models.BinaryField(null=True)
    id_number_digest = models.BinaryField(null=True)
    id_number = SealedText("id_number")
    name = models.CharField(max_length=60, blank=True)
    ended_at = models.DateTimeField(null=True)

    @property
    def passport_id(self) -> str:
        """通行证ID: 32 upper-case hex digits (rule A2)."""
        return self.id.hex.upper()

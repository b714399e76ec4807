"""What the registration app writes into the audit log."""

from baokao.core.audit import AuditAction


class RegistrationAction(AuditAction):
    AGREEMENT_ACCEPTED = "agreement.accepted"
    LOOKED_UP = "eligibility.looked_up"
    LOOKUP_MISSED = "eligibility.missed"
    RETRIEVED = "account.retrieved"
    RETRIEVE_MISSED = "account.retrieve_missed"
    RETRIEVE_THROTTLED = "account.retrieve_throttled"
    SAVED = "registration.saved"
    ENTRIES_SAVED = "entries.saved"
    ENTRIES_EXPIRED = "entries.expired"
    EXPIRED = "registration.expired"
    CANCELLED = "registration.cancelled"

"""What the registration app writes into the audit log."""

from baokao.core.audit import AuditAction


class RegistrationAction(AuditAction):
    AGREEMENT_ACCEPTED = "agreement.accepted"
    AGREEMENT_REFUSED = "agreement.refused"
    LOOKED_UP = "eligibility.looked_up"
    LOOKUP_MISSED = "eligibility.missed"
    LOOKUP_THROTTLED = "eligibility.throttled"
    NUMBER_SHOWN = "eligibility.number_shown"
    RETRIEVED = "account.retrieved"
    RETRIEVE_MISSED = "account.retrieve_missed"
    RETRIEVE_THROTTLED = "account.retrieve_throttled"
    SAVED = "registration.saved"
    SAVE_REFUSED = "registration.save_refused"
    ENTRIES_SAVED = "entries.saved"
    ENTRIES_REFUSED = "entries.refused"
    ENTERED_ON_BEHALF = "entries.saved_on_behalf"
    ON_BEHALF_REFUSED = "entries.on_behalf_refused"
    REMINDED = "entries.reminded"
    ENTRIES_EXPIRED = "entries.expired"
    EXPIRED = "registration.expired"
    CANCELLED = "registration.cancelled"
    CANCEL_REFUSED = "registration.cancel_refused"
    RELEASED = "registration.released"
    RELEASE_REFUSED = "registration.release_refused"

"""What the roster app writes into the audit log."""

from baokao.core.audit import AuditAction


class RosterAction(AuditAction):
    ROSTER_IMPORTED = "roster.imported"
    SCORES_IMPORTED = "scores.imported"
    # A desk's import, step by step; what its jobs did is `ROSTER_IMPORTED`, `PHOTOS_IMPORTED` and `IMPORT_UNDONE`.
    IMPORT_SENT = "roster.import_sent"
    IMPORT_CONFIRMED = "roster.import_confirmed"
    IMPORT_DISCARDED = "roster.import_discarded"
    IMPORT_REFUSED = "roster.import_refused"
    UNDO_ASKED = "roster.undo_asked"
    IMPORT_UNDONE = "roster.import_undone"
    PHOTOS_IMPORTED = "roster.photos_imported"
    FAULTY_ROWS_SENT = "roster.faulty_rows_sent"
    RECORD_SAVED = "record.saved"
    RECORD_REFUSED = "record.refused"
    RECORD_RESTRICTED = "record.restricted"
    RECORD_REMOVED = "record.removed"
    PHOTO_SAVED = "record.photo_saved"
    RECORD_LOOKED_AT = "record.looked_at"
    NUMBER_SHOWN = "record.number_shown"
    CONFLICT_SETTLED = "conflict.settled"
    CONFLICT_REFUSED = "conflict.refused"

"""How long accounts are kept that have ended, and the staff's sessions (rule H5)."""

from datetime import timedelta

from baokao.core.retention import Duty

DUTIES = (
    # A session that nobody signed out of opens nothing after its ten hours (staff/sessions.py).
    Duty(
        name="staff.sessions",
        kept=timedelta(days=1),
        table="passport_staffsession",
        due="t.opened_at < %(before)s",
        key="digest",
    ),
    # `services.end` blanks at once. This finds what ended in another way, or before that was so.
    Duty(
        name="passport.ended",
        kept=timedelta(days=30),
        table="passport_passport",
        due="t.ended_at < %(before)s AND (t.account <> '' OR t.name <> '' OR t.password <> '!'"
        " OR t.mobile_sealed IS NOT NULL OR t.id_number_sealed IS NOT NULL)",
        blank="account = '', account_folded = 'ended ' || replace(id::text, '-', ''),"
        " password = '!', verified_at = NULL, name = '',"
        " id_type = '', mobile_sealed = NULL, mobile_digest = NULL, id_number_sealed = NULL, id_number_digest = NULL",
    ),
)

"""How long it is known who registered (rule H5). Counts, campuses and money stay; names and numbers go."""

from datetime import timedelta

from baokao.core.retention import Duty

_YEAR = timedelta(days=365)
# Sittings that are closed and whose written exam lies so far back.
_OVER = "t.sitting_id IN (SELECT code FROM exams_sitting WHERE state = 'closed' AND written_on < %(day)s)"
_REGISTERED = "EXISTS (SELECT FROM registration_registration r WHERE r.record_id = t.id)"
_PAID = "EXISTS (SELECT FROM registration_entry e WHERE e.registration_id = t.id AND e.state IN ('paid', 'refunded'))"
_WHO = "name = '', id_number_sealed = NULL, id_number_digest = NULL"

DUTIES = (
    Duty(
        name="passport.never_used",
        kept=2 * _YEAR,
        table="passport_passport",
        due="t.registered_at < %(before)s AND t.ended_at IS NULL"
        " AND NOT EXISTS (SELECT FROM registration_agreementacceptance a WHERE a.passport_id = t.id)"
        " AND NOT EXISTS (SELECT FROM registration_registration r WHERE r.passport_id = t.id)",
    ),
    Duty(
        name="agreement.acceptances",
        kept=5 * _YEAR,
        table="registration_agreementacceptance",
        due=_OVER,
    ),
    Duty(
        name="registration.unpaid",
        kept=_YEAR,
        table="registration_registration",
        due=f"t.name <> '' AND {_OVER} AND NOT {_PAID}",
        blank=f"{_WHO}, details = '{{}}'",
    ),
    Duty(
        name="registration.paid",
        kept=5 * _YEAR,
        table="registration_registration",
        due=f"t.name <> '' AND {_OVER} AND {_PAID}",
        blank=f"{_WHO}, details = '{{}}'",
    ),
    Duty(
        name="registration.releases",
        kept=_YEAR,
        table="registration_release",
        due=_OVER,
    ),
    Duty(
        name="roster.photos",
        kept=_YEAR,
        table="roster_photo",
        key="record_id",
        due=_OVER,
    ),
    Duty(
        name="roster.not_registered",
        kept=_YEAR,
        table="roster_studentrecord",
        due=f"{_OVER} AND NOT {_REGISTERED}",
    ),
    Duty(
        name="roster.registered",
        kept=5 * _YEAR,
        table="roster_studentrecord",
        due=f"t.name <> '' AND {_OVER}",
        blank=f"{_WHO}, name_key = '', department = '', major = '', class_name = '', student_no = '', remark = '',"
        " restriction_reason = '', barred_reason = ''",
    ),
)

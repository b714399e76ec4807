"""Bulk-made candidates for the benches: registrations numbered from 1.

Their UUIDs, campuses and offerings are told from the number alone, so that pgbench and the service name the same
people.
"""

from datetime import datetime, timedelta

from django.db import connection

from baokao.exams.models import Agreement, Campus, Offering, School, Sitting, SittingSubject, Subject, WindowPiece
from baokao.passport.services import PRIVACY_VERSION
from tests.cast import ensure_reference_data

SITTING = "20262"
_PREFIX = {"passport": 1, "record": 2, "registration": 3}


def uuid_sql(what: str, number: str) -> str:
    """SQL of the UUID of a numbered passport, record or registration."""
    return f"('0000000{_PREFIX[what]}-0000-4000-8000-' || lpad(({number})::text, 12, '0'))::uuid"


def uuid_of(what: str, number: int) -> str:
    """The same in Python."""
    return f"0000000{_PREFIX[what]}-0000-4000-8000-{number:012}"


def build(candidates: int, campuses: int, now: datetime) -> None:
    """One sitting, so many campuses with 英语四级笔试, and so many registered candidates spread over them evenly."""
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE core_audit, core_outbox, registration_entry, registration_registration, roster_photo,"
            " registration_agreementacceptance, roster_studentrecord, passport_passport, exams_offering,"
            " exams_windowpiece, exams_sittingsubject, exams_agreement, exams_notice, exams_instructions,"
            " exams_subjectcampus, exams_contact, exams_campus, exams_school, exams_sitting RESTART IDENTITY CASCADE"
        )
    ensure_reference_data()
    sitting = Sitting.objects.create(
        code=SITTING, name="2026年下半年CET考试", state="open", written_on=now.date() + timedelta(days=60),
        registration_opens_at=now - timedelta(days=1), registration_closes_at=now + timedelta(days=9),
    )  # fmt: skip
    for subject in Subject.objects.exclude(code="J"):
        SittingSubject.objects.create(sitting=sitting, subject=subject, exam_on=sitting.written_on)
    Agreement.objects.create(sitting=sitting, version=1, label="1", body="一")
    WindowPiece.objects.create(
        sitting=sitting, setter="national", kind="written", opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=9), pay_until=now + timedelta(days=10),
    )  # fmt: skip
    _campuses(sitting, campuses)
    _people(candidates, campuses)


def crowd(candidates: int, campuses: int) -> None:
    """The same campuses and candidates beside whatever there is in the sitting already."""
    _campuses(Sitting.objects.get(code=SITTING), campuses)
    _people(candidates, campuses)


def _campuses(sitting: Sitting, campuses: int) -> None:
    codes = [campus_of(n, campuses) for n in range(campuses)]
    School.objects.bulk_create(
        School(code=code, province_id="99", name=f"学校{code}") for code in sorted({code[:5] for code in codes})
    )
    Campus.objects.bulk_create(Campus(code=code, school_id=code[:5], name=f"校区{code}") for code in codes)
    Offering.objects.bulk_create(
        Offering(sitting=sitting, campus_id=code, subject_id="1", fee="0.01", target=10**8, capacity=10**8)
        for code in codes
    )


def campus_of(candidate: int, campuses: int) -> str:
    """The campus of a numbered candidate: told from the number, ten campuses a school."""
    return str(990010 + candidate % campuses)


def _people(candidates: int, campuses: int) -> None:
    series = f"generate_series(1, {candidates}) AS n JOIN exams_campus c ON c.code = (990010 + n % {campuses})::text"
    passport, record, registration = (uuid_sql(what, "n") for what in _PREFIX)
    digest = "decode('01' || lpad(to_hex(n), 64, '0'), 'hex')"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO passport_passport (id, account, account_folded, password, epoch, registered_at,"
            " privacy_version, id_type, name)"
            f" SELECT {passport}, 'b' || n || '@example.com', 'b' || n || '@example.com', '!', 0, now(),"
            f" '{PRIVACY_VERSION}', '', ''"
            f" FROM {series}"
        )
        cursor.execute(
            "INSERT INTO roster_studentrecord (id, sitting_id, id_type, id_number_sealed, id_number_digest, name,"
            " name_key, gender, campus_id, written_campus_id, degree, length, entry_year, grade, department, major,"
            " class_name, student_no, remark, subjects_given, subjects_restricted, restriction_reason, row_digest)"
            f" SELECT {record}, '{SITTING}', '1', {digest}, {digest}, '颜明', '颜明', '男', c.code, c.code, '本科',"
            f" '4', '26', '01', '化学学院', '物理', '1', n::text, '', '1F', '', '', {digest} FROM {series}"
        )
        cursor.execute(
            "INSERT INTO registration_registration (id, sitting_id, passport_id, record_id, state, saved_at,"
            " empty_since, name, gender, id_type, id_number_sealed, id_number_digest, campus_id, written_campus_id,"
            " subjects, details)"
            f" SELECT {registration}, '{SITTING}', {passport}, {record}, 'live', now(), now(), '颜明', '男', '1',"
            f' {digest}, {digest}, c.code, c.code, \'1F\', \'{{"grade": "01", "degree": "本科"}}\' FROM {series}'
        )
        cursor.execute(
            "INSERT INTO registration_agreementacceptance (id, sitting_id, passport_id, version, accepted_at, address)"
            f" SELECT gen_random_uuid(), '{SITTING}', {passport}, 1, now(), '192.0.2.7' FROM {series}"
        )
        cursor.execute("ANALYZE")

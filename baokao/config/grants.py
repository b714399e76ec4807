"""What the web's and the worker's database roles may do, table by table; `baokao migrate` applies it as the owner.

Neither may define, truncate or own anything. The web role may only insert into the audit log: it can't read it, so
`INSERT … RETURNING` is refused there too, and audit rows are written with values that the program made beforehand.
A table that nobody named gets the rights of `OTHERWISE`; tests/house/test_grants.py shows that none is left to chance.
"""

from dataclasses import dataclass

from django.db import connection, transaction
from psycopg import sql

WEB, WORKER = "baokao_web", "baokao_worker"

READ = "SELECT"
ADD = "SELECT, INSERT"
CHANGE = "SELECT, INSERT, UPDATE"
ALL = "SELECT, INSERT, UPDATE, DELETE"


@dataclass(frozen=True)
class Rights:
    """Two lists of SQL privileges."""

    web: str
    worker: str


# Rows that money or law may ask about end in a state; nobody deletes them.
OTHERWISE = Rights(CHANGE, CHANGE)
REFERENCE = Rights(READ, CHANGE)
# The columns of a student record that a person edits.
_EDITED = (
    "id_type, id_number_sealed, id_number_digest, name, name_key, gender, campus_id, written_campus_id, degree, length,"
    " entry_year, grade, department, major, class_name, student_no, remark, subjects_given, subjects_by_score,"
    " subjects_by_review, subjects_restricted, restriction_reason, subjects_barred, barred_reason, row_digest,"
    " removed_at"
)

TABLES = {
    "django_migrations": Rights(READ, READ),
    # The worker's sealer reads the log and adds seals; nobody changes either.
    "core_audit": Rights("INSERT", ADD),
    "core_seal": Rights(READ, ADD),
    "core_switch": REFERENCE,
    "core_heartbeat": REFERENCE,
    "core_invariantrun": REFERENCE,
    "core_retentionrun": Rights(READ, ALL),
    "core_outbox": Rights(ADD, ALL),
    # A page draws one itself while the worker has made none.
    "core_captchapicture": Rights(ADD, ALL),
    "core_captchause": Rights(ADD, ALL),
    "core_throttle": Rights(CHANGE, ALL),
    # The web keeps a file, the worker reads it and lets it go.
    "core_upload": Rights(CHANGE, ALL),
    "core_uploadchunk": Rights("INSERT", ALL),
    "exams_province": REFERENCE,
    # A coordinator sets policies and nothing else of a school and its campuses; contacts, notices, named campuses and
    # windows are replaced, by coordinators as by imports.
    "exams_school": Rights("SELECT, UPDATE (allows_both_levels, speaking_outbound)", CHANGE),
    "exams_campus": Rights("SELECT, UPDATE (speaking_outbound, speaking_inbound)", CHANGE),
    "exams_contact": Rights(ALL, ALL),
    "exams_sitting": REFERENCE,
    "exams_subject": REFERENCE,
    "exams_sittingsubject": REFERENCE,
    "exams_subjectcampus": Rights(ALL, ALL),
    "exams_agreement": REFERENCE,
    "exams_notice": Rights(ALL, ALL),
    "exams_instructions": REFERENCE,
    "exams_page": REFERENCE,
    "exams_news": REFERENCE,
    "exams_windowpiece": Rights(ALL, ALL),
    # The counter is all that a candidate's entry moves; a coordinator opens, closes and sets the target. What an
    # offering costs, once it stands, is no page's to set.
    "exams_offering": Rights("SELECT, INSERT, UPDATE (taken, capacity, target, offered)", CHANGE),
    "exams_freeze": OTHERWISE,
    # What nobody needs any more after a sitting is deleted by the worker's clean-up (docs/retention.md).
    # A review that passes by itself makes eligible at once (rule E3). A desk adds and edits one student by form; nobody
    # deletes one there.
    "roster_studentrecord": Rights(f"{ADD}, UPDATE ({_EDITED})", ALL),
    "roster_pastscore": REFERENCE,
    "roster_photo": Rights(CHANGE, ALL),
    # A desk sends a file and decides about it; the worker reads it, and lets go of what it found.
    "roster_rosterimport": OTHERWISE,
    "roster_importfinding": Rights(READ, ALL),
    "roster_importcells": Rights(READ, ALL),
    "roster_importline": Rights(READ, ALL),
    # History only grows.
    "roster_recordchange": Rights(ADD, ALL),
    "roster_recordconflict": Rights(CHANGE, ALL),
    "passport_passport": Rights(CHANGE, ALL),
    "passport_staffaccount": OTHERWISE,
    "passport_staffscope": Rights(ALL, ALL),
    # New recovery codes take the place of the old ones; a session that is over is no row.
    "passport_staffrecoverycode": Rights(ALL, ALL),
    "passport_staffsession": Rights(ALL, ALL),
    "review_application": Rights(CHANGE, ALL),
    "review_decision": Rights(CHANGE, ALL),
    "review_evidence": Rights(ADD, ALL),
    "registration_agreementacceptance": Rights(CHANGE, ALL),
    "registration_registration": OTHERWISE,
    "registration_entry": OTHERWISE,
    # Proofs are kept as long as anybody may ask about the release.
    "registration_release": Rights(ADD, ALL),
    # The ledger only grows; nobody reads it on the web.
    "payments_ledger": Rights("INSERT", ADD),
    "payments_grouppayment": OTHERWISE,
    "payments_pick": OTHERWISE,
    "payments_order": Rights(ADD, ADD),
    "payments_line": Rights(ADD, ADD),
    "payments_settlement": Rights(ADD, ADD),
    "payments_allotment": OTHERWISE,
    "payments_attempt": OTHERWISE,
    "payments_notification": OTHERWISE,
    "payments_refund": OTHERWISE,
    # Bills come through the worker; a bill that is fetched again replaces its lines.
    "payments_bill": REFERENCE,
    "payments_bill_line": Rights(READ, ALL),
    "payments_difference": REFERENCE,
}
# procrastinate's tables: the worker's alone; the web's pages only count jobs.
JOBS = Rights(READ, ALL)


def rights(table: str) -> Rights:
    """The rights on a table of the schema."""
    return JOBS if table.startswith("procrastinate_") else TABLES.get(table, OTHERWISE)


def apply() -> None:
    """Take all rights from both roles and give those of the table, in one transaction: no request sees a gap.

    Raises `SystemExit` with a sentence if the roles do not exist (docs/operations.md makes them).
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_roles WHERE rolname IN (%s, %s)", [WEB, WORKER])
        if cursor.fetchone()[0] != 2:
            raise SystemExit(f"The database has no roles {WEB} and {WORKER}; docs/operations.md says how to make them.")
        cursor.execute("SELECT current_database()")
        for statement in _whole(cursor.fetchone()[0]):
            cursor.execute(statement)
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        for (table,) in cursor.fetchall():
            for role, listed in ((WEB, rights(table).web), (WORKER, rights(table).worker)):
                cursor.execute(
                    sql.SQL("GRANT {} ON {} TO {}").format(
                        sql.SQL(listed),
                        sql.Identifier(table),
                        sql.Identifier(role),
                    )
                )


def _whole(database: str) -> list[sql.Composed]:
    """What holds for the database, the schema and its sequences."""
    names = {"web": sql.Identifier(WEB), "worker": sql.Identifier(WORKER), "name": sql.Identifier(database)}
    lines = (
        # Temporary tables are for imports, which the worker role runs.
        "REVOKE ALL ON DATABASE {name} FROM PUBLIC, {web}, {worker}",
        "GRANT CONNECT ON DATABASE {name} TO {web}, {worker}",
        "GRANT TEMPORARY ON DATABASE {name} TO {worker}",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC, {web}, {worker}",
        "GRANT USAGE ON SCHEMA public TO {web}, {worker}",
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {web}, {worker}",
        "REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, {web}, {worker}",
        "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {web}, {worker}",
    )
    return [sql.SQL(line).format(**names) for line in lines]

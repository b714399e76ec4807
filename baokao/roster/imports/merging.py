"""The SQL of a roster import: one staging table, faults found across rows, one merge.

Rows are compared by keyed digests under the current key and, while keys are being rotated, under the older ones too, so
that a rotation makes no row look changed.
"""

from typing import Any

from baokao.core.sheets import Findings
from baokao.roster.rules import GIVEN_BY_SCORE, PASSING_SCORE

_KEPT = (
    "id_type, name, name_key, gender, campus_id, written_campus_id, degree, length, entry_year, grade, department,"
    " major, class_name, student_no, remark, restriction_reason, subjects_given, subjects_restricted"
)
_SEALED = "id_number_digest, id_number_sealed, row_digest"
COPY = f"COPY roster_staging (row, {_SEALED}, older_ids, older_rows, {_KEPT}) FROM STDIN"

_STAGING = f"""
DROP TABLE IF EXISTS roster_staging, roster_matched, roster_scored;
CREATE TEMPORARY TABLE roster_staging (
    row integer NOT NULL, id_number_digest bytea NOT NULL, id_number_sealed bytea NOT NULL, row_digest bytea NOT NULL,
    older_ids bytea[], older_rows bytea[], {", ".join(f"{name.strip()} text NOT NULL" for name in _KEPT.split(","))}
) ON COMMIT DROP
"""

_DOUBLED = """
SELECT later.row, first.row FROM roster_staging later
JOIN (SELECT id_number_digest, min(row) AS row FROM roster_staging GROUP BY 1 HAVING count(*) > 1) first
    ON first.id_number_digest = later.id_number_digest AND later.row > first.row
ORDER BY later.row
"""

# A removed record of the same ID number is taken up again: it may carry a live registration (rule G3).
_MATCH = """
CREATE TEMPORARY TABLE roster_matched ON COMMIT DROP AS
SELECT DISTINCT ON (s.row) s.row, r.id, r.campus_id, r.removed_at, r.subjects_by_score,
    r.removed_at IS NOT NULL
    OR (r.row_digest <> s.row_digest AND r.row_digest <> ALL (coalesce(s.older_rows, '{}'))) AS changed
FROM (SELECT row, row_digest, older_rows, id_number_digest AS wanted FROM roster_staging
      UNION ALL
      SELECT row, row_digest, older_rows, unnest(older_ids) FROM roster_staging WHERE older_ids IS NOT NULL) s
JOIN roster_studentrecord r ON r.sitting_id = %s AND r.id_number_digest = s.wanted
ORDER BY s.row, r.removed_at DESC NULLS FIRST
"""

_CONFLICTS = """
SELECT s.row, school.code, school.name FROM roster_matched m
JOIN roster_staging s ON s.row = m.row
JOIN exams_school school ON school.code = left(m.campus_id, 5)
WHERE m.removed_at IS NULL AND s.campus_id <> '' AND left(m.campus_id, 5) <> left(s.campus_id, 5)
ORDER BY s.row
"""

# Which past scores count (rules B11, E6): CET-4 written, 425 or more, of 2005 or later. A year has two digits, of which
# 87 to 99 are 19xx.
PASSING = f"p.subject_code = '1' AND p.score >= {PASSING_SCORE} AND substr(p.ticket_number, 7, 2) BETWEEN '05' AND '86'"
_SCORED = f"""
CREATE TEMPORARY TABLE roster_scored ON COMMIT DROP AS
SELECT DISTINCT s.row FROM (SELECT row, name_key, id_number_digest AS wanted FROM roster_staging
    UNION ALL SELECT row, name_key, unnest(older_ids) FROM roster_staging WHERE older_ids IS NOT NULL) s
JOIN roster_pastscore p ON p.id_number_digest = s.wanted AND p.name_key = s.name_key AND {PASSING}
"""  # noqa: S608

_MARK_SCORED = """
UPDATE roster_matched m SET changed = true FROM roster_scored scored
WHERE scored.row = m.row AND m.subjects_by_score = ''
"""

# Eligibility by score or review is never taken away (rule G3), so by_score only grows and by_review isn't named.
_UPDATE = f"""
UPDATE roster_studentrecord r SET
    ({_SEALED}, {_KEPT}) = ROW ({", ".join("s." + name.strip() for name in f"{_SEALED}, {_KEPT}".split(","))}),
    subjects_by_score = CASE WHEN scored.row IS NULL THEN r.subjects_by_score ELSE '{GIVEN_BY_SCORE}' END,
    removed_at = NULL
FROM roster_matched m
JOIN roster_staging s ON s.row = m.row
LEFT JOIN roster_scored scored ON scored.row = m.row
WHERE m.changed AND r.id = m.id
"""  # noqa: S608

# In the order of the digest, which makes the unique index grow in one direction instead of at random.
_INSERT = f"""
INSERT INTO roster_studentrecord (id, sitting_id, {_SEALED}, {_KEPT}, subjects_by_score)
SELECT gen_random_uuid(), %s, {", ".join("s." + name.strip() for name in f"{_SEALED}, {_KEPT}".split(","))},
    CASE WHEN scored.row IS NULL THEN '' ELSE '{GIVEN_BY_SCORE}' END
FROM roster_staging s
LEFT JOIN roster_matched m ON m.row = s.row
LEFT JOIN roster_scored scored ON scored.row = s.row
WHERE m.row IS NULL
ORDER BY s.id_number_digest
"""  # noqa: S608


def prepare(cursor: Any, sitting: str) -> None:
    """Let one import of the sitting at a time go on, without the time limits that are right for pages."""
    cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"roster-import:{sitting}"])
    cursor.execute("SET LOCAL statement_timeout = 0")
    cursor.execute("SET LOCAL lock_timeout = '30s'")
    cursor.execute(_STAGING)


def find_faults_across_rows(cursor: Any, sitting: str, findings: Findings) -> None:
    """One ID number twice in the file, or in another school's roster of the sitting (学籍冲突); makes the match."""
    cursor.execute("ANALYZE roster_staging")
    cursor.execute(_DOUBLED)
    for row, first in cursor.fetchall():
        findings.fault(row, "证件号码", f"与第 {first} 行的证件号码相同")
    cursor.execute(_MATCH, [sitting])
    cursor.execute("ANALYZE roster_matched")
    cursor.execute(_CONFLICTS)
    for row, code, name in cursor.fetchall():
        findings.fault(row, "证件号码", f"学籍冲突：该证件号码已在({code}){name}的学籍库中")


def count(cursor: Any) -> tuple[int, int, int]:
    """Rows staged, rows that would be added, rows that would change."""
    cursor.execute(_SCORED)
    cursor.execute("ANALYZE roster_scored")
    cursor.execute(_MARK_SCORED)
    cursor.execute(
        "SELECT (SELECT count(*) FROM roster_staging), count(*), count(*) FILTER (WHERE changed) FROM roster_matched"
    )
    rows, matched, changed = cursor.fetchone()
    return rows, rows - matched, changed


def merge(cursor: Any, sitting: str) -> None:
    """Write what is new and what has changed."""
    cursor.execute(_UPDATE)
    cursor.execute(_INSERT, [sitting])

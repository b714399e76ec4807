"""The SQL of a roster import: one staging table, faults found across rows, one merge.

Rows are compared by keyed digests under the current key and, while keys are being rotated, under the older ones too, so
that a rotation makes no row look changed.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from baokao.core.sheets import Findings
from baokao.roster.rules import GIVEN_BY_SCORE, PASSING_SCORE

# The record's own columns that a row fills, in the order of the reader's lines.
KEPT = (
    "id_type", "name", "name_key", "gender", "campus_id", "written_campus_id", "degree", "length", "entry_year",
    "grade", "department", "major", "class_name", "student_no", "remark", "restriction_reason", "subjects_given",
    "subjects_restricted",
)  # fmt: skip
_KEPT = ", ".join(KEPT)
_SEALED = "id_number_digest, id_number_sealed, row_digest"
STAGED = f"row, {_SEALED}, older_ids, older_rows, {_KEPT}"
COPY = f"COPY roster_staging ({STAGED}) FROM STDIN"


class RosterMoved(Exception):
    """Somebody changed a record between its being compared and its being written; nothing is to be kept."""


@dataclass(frozen=True)
class Author:
    """Who imports, as each changed record's history tells it: a name, the desk's import if it was one, and when."""

    name: str
    roster_import: UUID | None
    sitting: str
    at: datetime

    @property
    def values(self) -> list[Any]:
        return [self.sitting, self.roster_import, self.at, self.name]


# The verdict and what it rests on are a desk's (planning).
_STAGING = f"""
DROP TABLE IF EXISTS roster_staging, roster_matched, roster_scored;
CREATE TEMPORARY TABLE roster_staging (
    row integer NOT NULL, id_number_digest bytea NOT NULL, id_number_sealed bytea NOT NULL, row_digest bytea NOT NULL,
    older_ids bytea[], older_rows bytea[], {", ".join(f"{name} text NOT NULL" for name in KEPT)},
    verdict text NOT NULL DEFAULT '', record_id uuid, seen bytea
) ON COMMIT {{at_commit}}
"""
# What the statements are planned by. The other columns are only carried along, and to look at all of them takes longer
# than most of the statements.
_LOOK = "ANALYZE roster_staging (row, id_number_digest, older_ids, verdict)"

_DOUBLED = """
SELECT later.row, first.row FROM roster_staging later
JOIN (SELECT id_number_digest, min(row) AS row FROM roster_staging GROUP BY 1 HAVING count(*) > 1) first
    ON first.id_number_digest = later.id_number_digest AND later.row > first.row
ORDER BY later.row
"""

# A removed record of the same ID number is taken up again: it may carry a live registration (rule G3).
_MATCH = """
CREATE TEMPORARY TABLE roster_matched ON COMMIT DROP AS
SELECT DISTINCT ON (s.row) s.row, r.id, r.campus_id, r.department, r.removed_at, r.subjects_by_score,
    r.row_digest AS seen,
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

_CHANGE = "roster_recordchange (id, record_id, kind, before, what, sitting_id, roster_import_id, at, by_name)"
_BEFORE = f"""jsonb_build_object('row_digest', encode(r.row_digest, 'hex'), 'removed_at', r.removed_at,
    {", ".join(f"'{name}', r.{name}" for name in KEPT)})"""
# What a person calls the columns; what isn't named here changes only along with one that is.
LABELS = {
    "id_type": "证件类型", "name": "姓名", "gender": "性别", "campus_id": "校区",
    "written_campus_id": "笔试报名校区",
    "degree": "学历", "length": "学制", "entry_year": "入学年份", "grade": "年级", "department": "院系",
    "major": "专业",
    "class_name": "班级", "student_no": "学号", "remark": "备注", "restriction_reason": "限制原因",
    "subjects_given": "资格科目", "subjects_restricted": "限制科目",
}  # fmt: skip
DIFFERS = f"""concat_ws('、', CASE WHEN r.removed_at IS NOT NULL THEN '重新加入' END,
    {", ".join(f"CASE WHEN r.{name} <> s.{name} THEN '{label}' END" for name, label in LABELS.items())})"""

# What each record was before, for its history and for taking the import back.
_KEEP_BEFORE = f"""
INSERT INTO {_CHANGE}
SELECT gen_random_uuid(), r.id, 'changed', {_BEFORE}, left({DIFFERS}, 200), %s, %s::uuid, %s, %s
FROM roster_matched m
JOIN roster_staging s ON s.row = m.row
JOIN roster_studentrecord r ON r.id = m.id
WHERE m.changed
"""  # noqa: S608

# Eligibility by score or review is never taken away (rule G3), so by_score only grows and by_review isn't named; nor is
# what the national office restricts. A record that was changed since it was compared is left alone, and counted.
_UPDATE = f"""
UPDATE roster_studentrecord r SET
    ({_SEALED}, {_KEPT}) = ROW ({", ".join("s." + name.strip() for name in f"{_SEALED}, {_KEPT}".split(","))}),
    subjects_by_score = CASE WHEN scored.row IS NULL THEN r.subjects_by_score ELSE '{GIVEN_BY_SCORE}' END,
    removed_at = NULL
FROM roster_matched m
JOIN roster_staging s ON s.row = m.row
LEFT JOIN roster_scored scored ON scored.row = m.row
WHERE m.changed AND r.id = m.id AND r.row_digest = m.seen AND r.removed_at IS NOT DISTINCT FROM m.removed_at
"""  # noqa: S608

# In the order of the digest, which makes the unique index grow in one direction instead of at random; so does the order
# of the ids for the history's indexes. A record is added once, so that this change of it can bear the record's own id,
# which spares drawing another one.
_INSERT = f"""
WITH new AS (
    INSERT INTO roster_studentrecord (id, sitting_id, {_SEALED}, {_KEPT}, subjects_by_score)
    SELECT gen_random_uuid(), %s, {", ".join("s." + name.strip() for name in f"{_SEALED}, {_KEPT}".split(","))},
        CASE WHEN scored.row IS NULL THEN '' ELSE '{GIVEN_BY_SCORE}' END
    FROM roster_staging s
    LEFT JOIN roster_matched m ON m.row = s.row
    LEFT JOIN roster_scored scored ON scored.row = s.row
    WHERE m.row IS NULL
    ORDER BY s.id_number_digest
    RETURNING id
)
INSERT INTO {_CHANGE}
SELECT new.id, new.id, 'added', NULL, '', %s, %s::uuid, %s, %s FROM new ORDER BY new.id
"""  # noqa: S608


def prepare(cursor: Any, sitting: str) -> None:
    """Let one import of the sitting at a time go on, without the time limits that are right for pages."""
    take_turns(cursor, sitting)
    patiently(cursor)
    stage(cursor)


def take_turns(cursor: Any, sitting: str) -> None:
    """Wait until no other import writes in the sitting, until the transaction ends."""
    cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"roster-import:{sitting}"])


def patiently(cursor: Any) -> None:
    """Without the time limits that are right for pages, until the transaction ends."""
    cursor.execute("SET LOCAL statement_timeout = 0")
    cursor.execute("SET LOCAL lock_timeout = '30s'")


def stage(cursor: Any, *, beyond_the_transaction: bool = False) -> None:
    """An empty staging table, until the transaction ends; or beyond it, until it is cleared."""
    cursor.execute(_STAGING.format(at_commit="PRESERVE ROWS" if beyond_the_transaction else "DROP"))


def clear(cursor: Any) -> None:
    """Let go of a staging table that outlives its transaction."""
    cursor.execute("DROP TABLE IF EXISTS roster_staging")


def find_faults_across_rows(cursor: Any, sitting: str, findings: Findings) -> dict[int, int]:
    """One ID number twice in the file, or in another school's roster of the sitting (学籍冲突); makes the match.

    Gives the first and the second row of each number that is in the file twice.
    """
    cursor.execute(_LOOK)
    cursor.execute(_DOUBLED)
    doubled: dict[int, int] = {}
    for row, first in cursor.fetchall():
        doubled.setdefault(first, row)
        findings.fault(row, "证件号码", f"与第 {first} 行的证件号码相同")
    cursor.execute(_MATCH, [sitting])
    cursor.execute("ANALYZE roster_matched")
    cursor.execute(_CONFLICTS)
    for row, code, name in cursor.fetchall():
        findings.fault(row, "证件号码", f"学籍冲突：该证件号码已在({code}){name}的学籍库中")
    return doubled


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


def merge(cursor: Any, author: Author) -> None:
    """Write what is new and what has changed, and what was before. `RosterMoved` when a record has changed since."""
    cursor.execute(_KEEP_BEFORE, author.values)
    kept = cursor.rowcount
    cursor.execute(_UPDATE)
    if cursor.rowcount != kept:
        raise RosterMoved
    cursor.execute(_INSERT, [author.sitting, *author.values])

"""What a desk's import would do: every read line gets its verdict, and what it was compared with (rule G3).

Works on the staging table of `merging`. The check fills it from the file, and writes the plan down as the import's
lines; applying fills it from these, asks for the plan again under the lock, and goes on only if it is the same.
"""

import json
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from baokao.core.sheets import Findings
from baokao.roster.imports import merging
from baokao.roster.models import RosterImport

_FILL = f"""
INSERT INTO roster_staging ({merging.STAGED}, verdict, record_id, seen)
SELECT {merging.STAGED}, verdict, record_id, seen FROM roster_importline WHERE roster_import_id = %s AND row IS NOT NULL
"""  # noqa: S608

# Of the own school, yet not of what the sender's desk reaches.
_OUT_OF_REACH = """
SELECT s.row FROM roster_matched m JOIN roster_staging s ON s.row = m.row
WHERE m.removed_at IS NULL AND left(m.campus_id, 5) = %(school)s
  AND ((%(campuses)s::text[] <> '{}' AND m.campus_id <> ALL (%(campuses)s))
       OR (%(departments)s::text[] <> '{}' AND m.department <> ALL (%(departments)s)))
ORDER BY s.row
"""

# A faulty row still names its student, who therefore isn't absent from the file.
_ABSENT = """
CREATE TEMPORARY TABLE roster_absent ON COMMIT DROP AS
SELECT r.id, r.row_digest AS seen FROM roster_studentrecord r
WHERE %(replace)s AND r.sitting_id = %(sitting)s AND r.removed_at IS NULL AND left(r.campus_id, 5) = %(school)s
  AND (%(campuses)s::text[] = '{}' OR r.campus_id = ANY (%(campuses)s))
  AND (%(departments)s::text[] = '{}' OR r.department = ANY (%(departments)s))
  AND NOT EXISTS (SELECT FROM roster_matched m WHERE m.id = r.id)
"""

_VERDICT = "CASE WHEN m.row IS NULL THEN 'added' WHEN m.changed THEN 'changed' ELSE 'same' END"

# Each line is written once, with its verdict: to write it while the file is read and again with the verdict costs more
# than all the comparing.
_WRITE_FAULTY = f"""
INSERT INTO roster_importline (roster_import_id, {merging.STAGED}, verdict)
SELECT %s, {merging.STAGED}, verdict FROM roster_staging WHERE verdict = 'faulty'
"""  # noqa: S608
_WRITE = f"""
INSERT INTO roster_importline (roster_import_id, {merging.STAGED}, verdict, record_id, seen, differs, bound)
SELECT %(import)s, {", ".join(f"s.{name}" for name in merging.STAGED.split(", "))}, {_VERDICT}, m.id, m.seen,
    CASE WHEN m.changed THEN left(coalesce(nullif({merging.DIFFERS}, ''), '成绩资格'), 200) ELSE '' END,
    coalesce(m.changed, false)
        AND EXISTS (SELECT FROM ({{bound}}) b WHERE b.record_id = m.id AND b.sitting_id = %(sitting)s)
FROM roster_staging s
LEFT JOIN roster_matched m ON m.row = s.row
LEFT JOIN roster_studentrecord r ON r.id = m.id
"""  # noqa: S608

_WRITE_ABSENT = f"""
INSERT INTO roster_importline (roster_import_id, id_number_sealed, id_number_digest, {", ".join(merging.KEPT)}, verdict,
    record_id, seen, bound)
SELECT %(import)s, r.id_number_sealed, r.id_number_digest, {", ".join(f"r.{name}" for name in merging.KEPT)}, 'removed',
    r.id, r.row_digest, r.id IN (SELECT b.record_id FROM ({{bound}}) b WHERE b.sitting_id = %(sitting)s)
FROM roster_absent a JOIN roster_studentrecord r ON r.id = a.id
"""  # noqa: S608

# Rows whose verdict, or what it rests on, is another one now than when a person looked at it.
_MOVED = f"""
SELECT EXISTS (
    SELECT FROM roster_staging s LEFT JOIN roster_matched m ON m.row = s.row
    WHERE (s.verdict, s.record_id, s.seen) IS DISTINCT FROM ({_VERDICT}, m.id, m.seen)
) OR EXISTS (
    SELECT FROM (SELECT record_id AS id, seen FROM roster_importline
                 WHERE roster_import_id = %(import)s AND verdict = 'removed') l
    FULL JOIN roster_absent a USING (id) WHERE l.seen IS DISTINCT FROM a.seen
)
"""  # noqa: S608

_REMOVE = """
WITH gone AS (
    UPDATE roster_studentrecord r SET removed_at = %(at)s FROM roster_absent a
    WHERE r.id = a.id AND r.removed_at IS NULL AND r.row_digest = a.seen RETURNING r.id
), told AS (
    INSERT INTO roster_recordchange (id, record_id, kind, before, sitting_id, roster_import_id, at, by_name)
    SELECT gen_random_uuid(), id, 'removed', '{"removed_at": null}', %(sitting)s, %(import)s, %(at)s, %(name)s FROM gone
)
SELECT (SELECT count(*) FROM gone) = (SELECT count(*) FROM roster_absent)
"""

_CLAIM = f"""
INSERT INTO roster_recordconflict
    (id, sitting_id, record_id, holder_id, claimant_id, claim, state, claimed_at, claimed_by_name, settled_by_name,
     reason)
SELECT gen_random_uuid(), %(sitting)s, m.id, left(m.campus_id, 5), %(school)s,
    jsonb_build_object('row_digest', encode(s.row_digest, 'hex'),
        {", ".join(f"'{name}', s.{name}" for name in merging.KEPT)}),
    'open', %(at)s, %(name)s, '', ''
FROM roster_matched m JOIN roster_staging s ON s.row = m.row
WHERE m.removed_at IS NULL AND s.verdict <> 'faulty' AND left(m.campus_id, 5) <> left(s.campus_id, 5)
  AND NOT EXISTS (SELECT FROM roster_staging o WHERE o.id_number_digest = s.id_number_digest AND o.row <> s.row)
ON CONFLICT (record_id, claimant_id) WHERE state = 'open' DO UPDATE SET claim = EXCLUDED.claim
"""  # noqa: S608

# A claim is pointless once the claimant has the record.
_END_CLAIMS = """
UPDATE roster_recordconflict c SET state = 'moot', settled_at = %(at)s FROM roster_studentrecord r
WHERE c.state = 'open' AND c.sitting_id = %(sitting)s AND c.claimant_id = %(school)s AND r.id = c.record_id
  AND left(r.campus_id, 5) = c.claimant_id
"""


def bound() -> str:
    """The query of the records that somebody has registered with (`settings.ROSTER_BOUND`)."""
    return str(import_string(settings.ROSTER_BOUND))


def parameters(one: RosterImport) -> dict[str, Any]:
    """What the statements may name of an import."""
    return {
        "import": one.id,
        "sitting": one.sitting_id,
        "school": one.school_id,
        "campuses": one.campuses,
        "departments": one.departments,
        "replace": one.mode == RosterImport.Mode.REPLACE,
    }


def stage(cursor: Any, one: RosterImport) -> None:
    """The import's lines in the staging table."""
    merging.stage(cursor)
    cursor.execute(_FILL, [one.id])


def find_faults(cursor: Any, one: RosterImport, findings: Findings) -> None:
    """Faults that only show between rows and in what stands in the roster already; makes the match."""
    # Both rows of a pair are at fault: which of them is right only a person can tell.
    for row, second in merging.find_faults_across_rows(cursor, one.sitting_id, findings).items():
        findings.fault(row, "证件号码", f"与第 {second} 行的证件号码相同")
    cursor.execute(_OUT_OF_REACH, parameters(one))
    for (row,) in cursor.fetchall():
        findings.fault(row, "证件号码", "该考生已在本校其他校区或院系的学籍中，不在您的管理范围内")
    cursor.execute("DROP TABLE IF EXISTS roster_absent")
    cursor.execute(_ABSENT, parameters(one))


def claim(cursor: Any, one: RosterImport, at: Any) -> None:
    """Let both schools of each 学籍冲突 see it from now on. A claim that is open already gets the newer row."""
    cursor.execute(_CLAIM, {**parameters(one), "at": at, "name": one.made_by_name})


def end_claims(cursor: Any, one: RosterImport, at: Any) -> None:
    """End the school's claims to what it has by now."""
    cursor.execute(_END_CLAIMS, {**parameters(one), "at": at})


def mark_faulty(cursor: Any, rows: set[int]) -> None:
    """Mark rows of the staging table as faulty."""
    cursor.execute("UPDATE roster_staging SET verdict = 'faulty' WHERE row = ANY (%s)", [sorted(rows)])


def drop_faulty(cursor: Any) -> None:
    """Leave out of the staging table, and of the match, the rows that are marked as faulty."""
    cursor.execute("DELETE FROM roster_staging WHERE verdict = 'faulty'")
    cursor.execute("DELETE FROM roster_matched m WHERE NOT EXISTS (SELECT FROM roster_staging s WHERE s.row = m.row)")


def write(cursor: Any, one: RosterImport) -> dict[str, int]:
    """Write a line for each row with its verdict, and one for each record that would be removed; the counts that a page
    shows. Leaves the faulty rows out of the staging table."""
    cursor.execute(_WRITE_FAULTY, [one.id])
    drop_faulty(cursor)
    merging.count(cursor)
    cursor.execute(_WRITE.format(bound=bound()), parameters(one))
    cursor.execute(_WRITE_ABSENT.format(bound=bound()), parameters(one))
    cursor.execute(
        "SELECT verdict, count(*), count(*) FILTER (WHERE bound) FROM roster_importline"
        " WHERE roster_import_id = %s GROUP BY verdict",
        [one.id],
    )
    found = {verdict: (rows, held) for verdict, rows, held in cursor.fetchall()}
    counts = {verdict: found.get(verdict, (0, 0))[0] for verdict in ("added", "changed", "removed")}
    return counts | {"bound": sum(held for _, held in found.values())}


def has_moved(cursor: Any, one: RosterImport) -> bool:
    """Whether the plan that was written down is another one by now."""
    merging.count(cursor)
    cursor.execute(_MOVED, parameters(one))
    return bool(cursor.fetchone()[0])


def remove_absent(cursor: Any, one: RosterImport, name: str, at: Any) -> None:
    """Remove what isn't in the file (整体替换). `RosterMoved` when one of them has changed since."""
    cursor.execute(_REMOVE, {**parameters(one), "name": name, "at": at})
    if not cursor.fetchone()[0]:
        raise merging.RosterMoved


def cells_of(line: Any, number: str) -> str:
    """A line as the cells of its file, for the rows whose faults showed only beside others."""
    texts = [getattr(line, name) for name in merging.KEPT]
    id_type, name, _, gender, campus, written, *rest, given, restricted = texts
    return json.dumps([id_type, number, name, gender, campus, given, restricted, *rest, written], ensure_ascii=False)

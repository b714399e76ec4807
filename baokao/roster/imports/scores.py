"""Past scores: what a sound row is, and the SQL that merges a file of them (facts, Past scores and Ticket numbers)."""

import re
from collections.abc import Sequence
from typing import Any

from baokao.core.crypto.digests import digest, digests
from baokao.core.crypto.keys import keyring
from baokao.core.crypto.sealed import seal
from baokao.core.sheets import Findings
from baokao.roster.imports.copying import bytea, bytea_array, escaped
from baokao.roster.imports.identity import Identities
from baokao.roster.imports.merging import PASSING
from baokao.roster.models import PastScore
from baokao.roster.rules import GIVEN_BY_SCORE, is_written_ticket, number_key

REQUIRED = ["准考证号", "证件类型", "证件号码", "姓名", "科目", "成绩"]
HIGHEST = 710
_CONTEXT = PastScore.id_number.context(PastScore)
_SCORE = re.compile(r"\d{1,3}(\.0+)?", re.ASCII).fullmatch


class ScoreReader:
    """Reads rows; `names` gives a code for each written subject's name, which a file may bear instead of the code."""

    def __init__(self, names: dict[str, str], findings: Findings):
        self._names = names
        self._codes = set(names.values())
        self._findings = findings
        self._identities = Identities(findings)
        self._several_keys = len(keyring("digest").keys) > 1

    def line(self, row: int, cells: Sequence[str]) -> str | None:
        """The staging line of a row; None after a fault that leaves nothing to compare."""
        ticket_text, id_type_text, number_text, name_text, subject_text, score_text = cells
        ticket = number_key(ticket_text)
        sound_ticket = is_written_ticket(ticket)
        if not sound_ticket:
            self._findings.fault(row, "准考证号", "不是有效的笔试准考证号（15 位）" if ticket else "未填写")
        id_type = self._identities.id_type(row, id_type_text)
        number = self._identities.number(row, number_text, id_type)
        name, key = self._identities.name(row, name_text)
        subject = self._subject(row, subject_text.strip(), ticket if sound_ticket else "")
        score = self._score(row, score_text.strip())
        if not (sound_ticket and number):
            return None
        found = digest("id_number", number)
        older = bytea_array(digests("id_number", number)[1:]) if self._several_keys else "\\N"
        columns = escaped("\t".join((id_type, name, key, subject)))
        sealed = bytea(seal(number, _CONTEXT, found))
        return f"{row}\t{ticket}\t{bytea(found)}\t{sealed}\t{older}\t{columns}\t{score}\n"

    def _subject(self, row: int, text: str, ticket: str) -> str:
        code = self._names.get(text, text.upper())
        if code not in self._codes:
            self._findings.fault(row, "科目", f"未知的笔试科目“{text[:20]}”" if text else "未填写")
            return ""
        if ticket and ticket[9] != code:
            self._findings.fault(row, "科目", f"与准考证号不符：准考证号第 10 位是 {ticket[9]}")
        return code

    def _score(self, row: int, text: str) -> int:
        score = int(text.split(".")[0]) if _SCORE(text) else -1
        if 0 <= score <= HIGHEST:
            return score
        self._findings.fault(row, "成绩", f"应为 0–{HIGHEST} 的整数，不是“{text[:10]}”" if text else "未填写")
        return 0


_KEPT = "id_number_digest, id_number_sealed, id_type, name, name_key, subject_code, score"
COPY = (
    "COPY score_staging (row, ticket_number, id_number_digest, id_number_sealed, older_ids, id_type, name, name_key,"
    " subject_code, score) FROM STDIN"
)
_STAGING = """
DROP TABLE IF EXISTS score_staging;
CREATE TEMPORARY TABLE score_staging (
    row integer NOT NULL, ticket_number text NOT NULL, id_number_digest bytea NOT NULL, id_number_sealed bytea NOT NULL,
    older_ids bytea[], id_type text NOT NULL, name text NOT NULL, name_key text NOT NULL, subject_code text NOT NULL,
    score smallint NOT NULL
) ON COMMIT DROP
"""
_DOUBLED = """
SELECT later.row, first.row FROM score_staging later
JOIN (SELECT ticket_number, min(row) AS row FROM score_staging GROUP BY 1 HAVING count(*) > 1) first
    ON first.ticket_number = later.ticket_number AND later.row > first.row
ORDER BY later.row
"""
_DIFFERS = """
(p.id_type, p.name, p.name_key, p.subject_code, p.score) IS DISTINCT FROM
(s.id_type, s.name, s.name_key, s.subject_code, s.score)
OR (p.id_number_digest <> s.id_number_digest AND p.id_number_digest <> ALL (coalesce(s.older_ids, '{}')))
"""
_COUNT = f"""
SELECT count(*) FILTER (WHERE p.ticket_number IS NULL),
    count(*) FILTER (WHERE p.ticket_number IS NOT NULL AND ({_DIFFERS}))
FROM score_staging s LEFT JOIN roster_pastscore p ON p.ticket_number = s.ticket_number
"""  # noqa: S608
_MERGE = f"""
INSERT INTO roster_pastscore AS p (ticket_number, {_KEPT})
SELECT s.ticket_number, {", ".join("s." + name for name in _KEPT.split(", "))}
FROM score_staging s LEFT JOIN roster_pastscore p ON p.ticket_number = s.ticket_number
WHERE p.ticket_number IS NULL OR {_DIFFERS}
ORDER BY s.ticket_number
ON CONFLICT (ticket_number) DO UPDATE SET ({_KEPT}) = ROW ({", ".join("excluded." + n for n in _KEPT.split(", "))})
"""  # noqa: S608
# Rule B11, for every sitting that is not over. What a score once gave, a corrected score doesn't take back (rule G3).
_GIVE = f"""
UPDATE roster_studentrecord r SET subjects_by_score = '{GIVEN_BY_SCORE}'
FROM (SELECT *, id_number_digest AS wanted FROM score_staging
      UNION ALL SELECT *, unnest(older_ids) FROM score_staging WHERE older_ids IS NOT NULL) p
WHERE {PASSING} AND r.id_number_digest = p.wanted AND r.name_key = p.name_key AND r.subjects_by_score = ''
    AND r.removed_at IS NULL AND r.sitting_id IN (SELECT code FROM exams_sitting WHERE state <> 'closed')
"""  # noqa: S608


def prepare(cursor: Any) -> None:
    """Let one import of scores at a time go on, without the time limits that are right for pages."""
    cursor.execute("SELECT pg_advisory_xact_lock(hashtext('score-import'))")
    cursor.execute("SET LOCAL statement_timeout = 0")
    cursor.execute("SET LOCAL lock_timeout = '30s'")
    cursor.execute(_STAGING)


def find_doubled_tickets(cursor: Any, findings: Findings) -> None:
    """One ticket number twice in the file."""
    cursor.execute("ANALYZE score_staging")
    cursor.execute(_DOUBLED)
    for row, first in cursor.fetchall():
        findings.fault(row, "准考证号", f"与第 {first} 行的准考证号相同")


def count(cursor: Any) -> tuple[int, int]:
    """Rows that would be added, and changed."""
    cursor.execute(_COUNT)
    added, changed = cursor.fetchone()
    return added, changed


def merge(cursor: Any) -> int:
    """Write what is new and what has changed; the number of records that gained eligibility by it (rule B11)."""
    cursor.execute(_MERGE)
    cursor.execute(_GIVE)
    return int(cursor.rowcount)

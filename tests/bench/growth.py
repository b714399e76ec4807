"""The journey with 10,000 and with 3,000,000 student records: CPU of all its requests, and the slowest hundredth."""

from statistics import quantiles

from tests.bench import journey

SMALL, LARGE = 10_000, 3_000_000


def run() -> list[dict[str, object]]:
    """One row; both sizes in one run, the small one before and after the large."""
    before, large, after = (_measure(size) for size in (SMALL, LARGE, SMALL))
    small_cpu, small_p99 = (before[0] + after[0]) / 2, (before[1] + after[1]) / 2
    return [
        {
            "bench": f"the journey with {LARGE:,} student records",
            "ours": f"{large[0]:.1f} ms CPU, p99 {large[1]:.1f} ms",
            "against": f"{small_cpu:.1f} ms CPU, p99 {small_p99:.1f} ms with {SMALL:,}",
            "ratio": f"{large[0] / small_cpu:.2f}, p99 {large[1] / small_p99:.2f}",
            "goal": "≤ 1.2, p99 ≤ 1.3",
        }
    ]


def _measure(records: int) -> tuple[float, float]:
    """CPU milliseconds of the journey without hashing, and the 99th hundredth of its requests in milliseconds."""
    journey.stage(journey.VISITORS)
    _fill(records)
    seconds: list[float] = []
    figures = journey.spent(seconds)
    hashing = 2 * journey.hash_ms()
    return sum(web + database for web, database in figures.values()) - hashing, quantiles(seconds, n=100)[98] * 1000


def _fill(records: int) -> None:
    from django.db import connection

    digest = "decode('02' || lpad(to_hex(n), 64, '0'), 'hex')"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO roster_studentrecord (id, sitting_id, id_type, id_number_sealed, id_number_digest, name,"
            " name_key, gender, campus_id, written_campus_id, degree, length, entry_year, grade, department, major,"
            " class_name, student_no, remark, subjects_given, subjects_restricted, restriction_reason, row_digest)"
            f" SELECT gen_random_uuid(), s.code, '1', {digest}, {digest}, '张三', '张三', '男', '991010', '991010',"
            f" '本科', '4', '26', '01', '化学学院', '物理', '1', n::text, '', '1F', '', '', {digest}"
            " FROM generate_series(1, %s) AS n CROSS JOIN exams_sitting s",
            [records],
        )
        cursor.execute("ANALYZE roster_studentrecord")

"""Putting the reference data in place."""

from django.db import transaction

from baokao.exams.models import Province, Subject
from baokao.exams.reference import PROVINCES, SUBJECTS


@transaction.atomic
def ensure_reference_data() -> None:
    """Add the provinces and subjects that are absent; what is there stays as it is. A migration does the same once."""
    Province.objects.bulk_create(
        [Province(code=code, name=name) for code, name in PROVINCES.items()], ignore_conflicts=True
    )
    Subject.objects.bulk_create(
        [
            Subject(code=code, name=name, level=level, language=language, kind=kind, position=position)
            for position, (code, name, level, language, kind) in enumerate(SUBJECTS, start=1)
        ],
        ignore_conflicts=True,
    )

"""What writes the exam's own tables, one file a verb."""

from baokao.exams.services.import_offerings import import_offerings
from baokao.exams.services.import_schools import import_schools
from baokao.exams.services.import_sitting import import_sitting
from baokao.exams.services.reference import ensure_reference_data

__all__ = ["ensure_reference_data", "import_offerings", "import_schools", "import_sitting"]

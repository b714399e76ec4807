"""What writes the roster, one file a verb."""

from baokao.roster.services.import_roster import import_roster
from baokao.roster.services.import_scores import import_scores
from baokao.roster.services.review import give_by_review, lock_record

__all__ = ["give_by_review", "import_roster", "import_scores", "lock_record"]

"""What writes the roster, one file a verb."""

from baokao.roster.services.import_roster import import_roster
from baokao.roster.services.import_scores import import_scores

__all__ = ["import_roster", "import_scores"]

"""How long it is kept how the roster came to be as it is (rule H5). Records and photos themselves go with what the
candidates made of them (`registration.retention`)."""

from datetime import timedelta

from baokao.core.retention import Duty

_YEAR = timedelta(days=365)
_WEEK = timedelta(days=7)
_OVER = "t.sitting_id IN (SELECT code FROM exams_sitting WHERE state = 'closed' AND written_on < %(day)s)"
_OLD = "EXISTS (SELECT FROM roster_rosterimport i WHERE i.id = t.roster_import_id AND i.made_at < %(before)s)"

DUTIES = (
    # An import that nobody decided about in the time that its file is kept can't be applied any more.
    Duty(name="roster.import_lines", kept=_WEEK, table="roster_importline", due=_OLD),
    Duty(name="roster.import_cells", kept=_WEEK, table="roster_importcells", due=_OLD),
    Duty(name="roster.import_findings", kept=_YEAR, table="roster_importfinding", due=_OLD),
    Duty(name="roster.changes", kept=_YEAR, table="roster_recordchange", due=_OVER),
    Duty(name="roster.conflicts", kept=_YEAR, table="roster_recordconflict", due=_OVER),
)

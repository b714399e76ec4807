"""Reading tables out of files that people send: .xlsx, or .csv in UTF-8 or GB18030 (facts, File formats; proof d1).

No file is trusted: what is not a table, or would need more memory than its worth, is refused in a sentence.
"""

from baokao.core.sheets.columns import Columns
from baokao.core.sheets.findings import Fault, Findings, UnreadableFile
from baokao.core.sheets.outcome import Outcome
from baokao.core.sheets.reading import Progress, Sheet, open_sheet

__all__ = ["Columns", "Fault", "Findings", "Outcome", "Progress", "Sheet", "UnreadableFile", "open_sheet"]

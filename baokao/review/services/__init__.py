"""The only place that writes reviews; one file a verb or two."""

from baokao.review.services.behalf import apply_on_behalf
from baokao.review.services.decide import decide, undo
from baokao.review.services.evidence import evidence_shown, keep_evidence, numbers_shown
from baokao.review.services.passing import Holders, nobody
from baokao.review.services.search import search_scores
from baokao.review.services.submit import submit, withdraw
from baokao.review.services.take_effect import BATCH, take_effect

__all__ = [
    "BATCH",
    "Holders",
    "apply_on_behalf",
    "decide",
    "evidence_shown",
    "keep_evidence",
    "nobody",
    "numbers_shown",
    "search_scores",
    "submit",
    "take_effect",
    "undo",
    "withdraw",
]

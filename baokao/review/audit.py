"""What the review app writes into the audit log."""

from baokao.core.audit import AuditAction


class ReviewAction(AuditAction):
    SUBMITTED = "review.submitted"
    SUBMIT_REFUSED = "review.submit_refused"
    WITHDRAWN = "review.withdrawn"
    WITHDRAW_REFUSED = "review.withdraw_refused"
    APPLIED_FOR = "review.applied_for"
    APPLY_REFUSED = "review.apply_refused"
    DECIDED = "review.decided"
    DECIDE_REFUSED = "review.decide_refused"
    UNDONE = "review.undone"
    UNDO_REFUSED = "review.undo_refused"
    TOOK_EFFECT = "review.took_effect"
    EVIDENCE_ADDED = "review.evidence_added"
    EVIDENCE_REFUSED = "review.evidence_refused"
    EVIDENCE_SHOWN = "review.evidence_shown"
    NUMBERS_SHOWN = "review.numbers_shown"
    SCORES_SEARCHED = "review.scores_searched"
    SEARCH_THROTTLED = "review.search_throttled"

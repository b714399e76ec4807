"""What the payments app writes into the audit log."""

from baokao.core.audit import AuditAction


class PaymentAction(AuditAction):
    STARTED = "payment.started"
    START_REFUSED = "payment.start_refused"
    SETTLED = "payment.settled"
    ENDED = "payment.ended"
    REJECTED = "payment.message_rejected"
    REFUND_DUE = "refund.due"
    REFUNDED = "refund.done"
    REFUND_STUCK = "refund.stuck"
    BILL_COMPARED = "bill.compared"
    DIFFERENCE_SETTLED = "bill.difference_settled"

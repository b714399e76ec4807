"""What the payments app writes into the audit log."""

from baokao.core.audit import AuditAction


class PaymentAction(AuditAction):
    STARTED = "payment.started"
    START_REFUSED = "payment.start_refused"
    SETTLED = "payment.settled"
    ENDED = "payment.ended"
    REJECTED = "payment.message_rejected"
    GROUP_PICKED = "group.picked"
    GROUP_PICK_REFUSED = "group.pick_refused"
    GROUP_LOCKED = "group.locked"
    GROUP_LOCK_REFUSED = "group.lock_refused"
    GROUP_RELEASED = "group.released"
    GROUP_RELEASE_REFUSED = "group.release_refused"
    GROUP_STARTED = "group.payment_started"
    GROUP_START_REFUSED = "group.payment_refused"
    REFUND_DUE = "refund.due"
    REFUNDED = "refund.done"
    REFUND_STUCK = "refund.stuck"
    REFUND_SENT_AGAIN = "refund.sent_again"
    REFUND_BOOKED = "refund.booked_by_hand"
    BILL_COMPARED = "bill.compared"
    DIFFERENCE_SETTLED = "bill.difference_settled"

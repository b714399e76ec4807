"""缴费: orders, attempts at paying them, what the providers proved, the ledger and refunds (rules D)."""

"""The sandbox's payment provider: a process of its own that speaks the providers' wire protocols, one folder each.

It is written from the protocol pages alone and shares no line with our adapters, so that a fault of the one is not
hidden by the same fault of the other; the import contract forbids it both ways. Every moment is handed in, so that a
test runs a year in a second. docs/payments.md tells how it is used.
"""

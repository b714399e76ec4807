"""考务管理: the desks. Pages over the other apps' services and queries; no tables of its own (rules G)."""

"""Personal identifiers at rest: sealed texts, and keyed digests to find them by (rule H2)."""

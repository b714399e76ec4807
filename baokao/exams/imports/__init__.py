"""Files of schools and of offerings: what a sound row is (facts, File formats)."""

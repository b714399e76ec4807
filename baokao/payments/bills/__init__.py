"""A provider's bill against our books (rule D7): how lines are staged, matched and compared, by set-based SQL."""

"""Files into rows: what the columns are, what a sound row is, how rows are staged and merged (rule G3)."""

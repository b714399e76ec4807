"""开考科目与容量: what each campus offers, for how many, and when (rules C3, C13, G6)."""

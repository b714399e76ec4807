"""代报名: a coordinator enters subjects for candidates of the own school (rule C11)."""

"""One student at a time, and the students whom two schools claim (rule G3)."""

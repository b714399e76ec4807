"""信息占用: a school frees a student's record that somebody else's passport holds (rule B10)."""

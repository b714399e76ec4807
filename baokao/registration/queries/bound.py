"""Which student records somebody has registered with, for those who may not take such a record back (rule G3)."""

LIVE = "SELECT sitting_id, record_id, saved_at FROM registration_registration WHERE state = 'live'"

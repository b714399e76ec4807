"""How long a file is kept that was sent for a job (rule H5)."""

from datetime import timedelta

from baokao.core.retention import Duty

# `keep_until` says it; both go in the same night, the pieces first.
DUTIES = (
    Duty(
        name="upload.chunks",
        kept=timedelta(),
        table="core_uploadchunk",
        due="EXISTS (SELECT FROM core_upload u WHERE u.id = t.upload_id AND u.keep_until < %(before)s)",
    ),
    Duty(
        name="upload.files",
        kept=timedelta(),
        table="core_upload",
        due="t.keep_until < %(before)s AND NOT EXISTS (SELECT FROM core_uploadchunk c WHERE c.upload_id = t.id)",
    ),
)

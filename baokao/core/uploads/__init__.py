"""Files on their way from a form to a job: the web keeps them in the database, the worker takes them out again.

No machine's disk is shared between web and worker, and a file is worked on long after its request has ended.
"""

from baokao.core.uploads.chunks import Kept, UploadGone, keep, open_file, remove

__all__ = ["Kept", "UploadGone", "keep", "open_file", "remove"]

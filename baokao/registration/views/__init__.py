"""The candidate's journey under `/my/`, one file a page or two."""

from baokao.registration.views.before import agreement, choose, confirm, eligibility, home, photo
from baokao.registration.views.cancel import cancel
from baokao.registration.views.registration import registration
from baokao.registration.views.retrieve import retrieve
from baokao.registration.views.review import review
from baokao.registration.views.speaking import campuses, speaking
from baokao.registration.views.written import written

__all__ = [
    "agreement",
    "campuses",
    "cancel",
    "choose",
    "confirm",
    "eligibility",
    "home",
    "photo",
    "registration",
    "retrieve",
    "review",
    "speaking",
    "written",
]

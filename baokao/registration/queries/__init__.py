"""What the journey's pages show, each with a constant number of statements."""

from baokao.registration.queries.account import held
from baokao.registration.queries.before import confirmation, home_window, tickets
from baokao.registration.queries.overview import registration_page
from baokao.registration.queries.review import Applicant, applicant, holders, review_page
from baokao.registration.queries.speaking import Chosen, campuses_page, speaking_page
from baokao.registration.queries.written import written_page

__all__ = [
    "Applicant",
    "Chosen",
    "applicant",
    "campuses_page",
    "confirmation",
    "held",
    "holders",
    "home_window",
    "registration_page",
    "review_page",
    "speaking_page",
    "tickets",
    "written_page",
]

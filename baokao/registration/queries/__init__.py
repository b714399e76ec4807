"""What the journey's pages show, each with a constant number of statements."""

from baokao.registration.queries.account import held
from baokao.registration.queries.before import confirmation, home_window, tickets
from baokao.registration.queries.overview import registration_page
from baokao.registration.queries.speaking import Chosen, campuses_page, speaking_page
from baokao.registration.queries.written import written_page

__all__ = [
    "Chosen",
    "campuses_page",
    "confirmation",
    "held",
    "home_window",
    "registration_page",
    "speaking_page",
    "tickets",
    "written_page",
]

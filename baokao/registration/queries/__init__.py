"""What the journey's pages show, each with a constant number of statements."""

from baokao.registration.queries.before import confirmation, home_window, tickets
from baokao.registration.queries.overview import registration_page
from baokao.registration.queries.written import written_page

__all__ = ["confirmation", "home_window", "registration_page", "tickets", "written_page"]

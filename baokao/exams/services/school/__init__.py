"""What a school sets for itself within what stands above it (rules G6, G8), one file a thing. The desk says who may."""

from baokao.exams.services.school.offerings import Wish, offerings_version, set_offerings
from baokao.exams.services.school.settings import CampusPolicy, SchoolSettings, set_settings, settings_of
from baokao.exams.services.school.windows import set_window, window_version
from baokao.exams.services.school.words import (
    ContactLine,
    contacts_version,
    notice_version,
    set_contacts,
    set_notice,
)

__all__ = [
    "CampusPolicy", "ContactLine", "SchoolSettings", "Wish", "contacts_version", "notice_version", "offerings_version",
    "set_contacts", "set_notice", "set_offerings", "set_settings", "set_window", "settings_of", "window_version",
]  # fmt: skip

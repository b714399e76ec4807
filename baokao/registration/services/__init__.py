"""The only place that writes registrations and entries; one file a verb."""

from baokao.registration.services.agree import accept_agreement
from baokao.registration.services.behalf import enter_on_behalf
from baokao.registration.services.end import end_registration
from baokao.registration.services.enter import save_entries
from baokao.registration.services.expire import expire_entries, expire_registrations
from baokao.registration.services.leave import Left, close_account, disown
from baokao.registration.services.look_up import look_up, number_shown
from baokao.registration.services.plan import Saved
from baokao.registration.services.release import proof_shown, release_registration
from baokao.registration.services.remind import Reminded, remind
from baokao.registration.services.retrieve import retrieve_account
from baokao.registration.services.save import save_registration
from baokao.registration.services.speak import save_speaking
from baokao.registration.services.telling import (
    check_list_printed,
    exported,
    looked_at,
    searched,
    tell_account,
    tell_number,
)
from baokao.registration.services.warn import warn_of_empty, warn_of_entries

__all__ = [
    "Left",
    "Reminded",
    "Saved",
    "accept_agreement",
    "check_list_printed",
    "close_account",
    "disown",
    "end_registration",
    "enter_on_behalf",
    "expire_entries",
    "expire_registrations",
    "exported",
    "look_up",
    "looked_at",
    "number_shown",
    "proof_shown",
    "release_registration",
    "remind",
    "retrieve_account",
    "save_entries",
    "save_registration",
    "save_speaking",
    "searched",
    "tell_account",
    "tell_number",
    "warn_of_empty",
    "warn_of_entries",
]

"""Where a held registration is, and how its form is filled in."""

from baokao.passport.models import Passport
from baokao.registration.models import Registration
from tests.review.scans import a_scan


def held_by(passport) -> str:
    """The page of the registration by which this passport holds a record."""
    return f"/office/release/{Registration.objects.get(passport=passport).id}/"


def typed(**changed):
    """The form, filled in; None leaves a field out."""
    whole = {
        "account": "Owner@example.com", "checked": ["document", "photo"], "reason": "本人到场，不认识占用的账号",
        "proof": a_scan(), "sure": "on",
    }  # fmt: skip
    return {name: value for name, value in (whole | changed).items() if value is not None}


def calling(passport, **identity):
    """What the passport's owner states: name, ID number, mobile."""
    found = Passport.objects.get(id=passport.id)
    for name, value in identity.items():
        setattr(found, name, value)
    found.save()

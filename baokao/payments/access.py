"""The only way to payments that a visitor names: those of the own registration, and 404 for all else."""

from django.http import Http404

from baokao.payments.gateways.contract import NUMBER
from baokao.payments.models import Attempt
from baokao.registration.access import Visit


def attempt(visit: Visit, number: str) -> Attempt:
    """The attempt of this number, which anybody may have typed, if it is one of the visitor's registration. Raises
    Http404."""
    if visit.bound is None or not NUMBER.fullmatch(number):
        raise Http404("no payment of this candidate")
    found = Attempt.objects.filter(order__registration_id=visit.bound.id, number=number).first()
    if not found:
        raise Http404("no payment of this candidate")
    return found

"""Short ways of saying what the tests of group payments do."""

from baokao.payments import services
from baokao.payments.models import GroupPayment, Pick
from baokao.registration.models import Entry
from tests.cast import NOW, SITTING
from tests.payments.doing import the_provider

TEACHER = "staff:00000000000000000000000000000007"


def entries_of(*passports, codes=""):
    """Ids of their unpaid entries, in these subjects or in all."""
    found = Entry.objects.filter(registration__passport__in=passports, state="unpaid")
    return list((found.filter(subject_id__in=list(codes)) if codes else found).values_list("id", flat=True))


def a_group(*passports, codes="", school="99301", now=NOW):
    """A group payment with their unpaid entries on its list."""
    return services.make_group(
        school, SITTING, "化学学院 1班", entries_of(*passports, codes=codes), TEACHER, "王老师", now
    )


def a_locked_group(*passports, codes="", now=NOW):
    group = a_group(*passports, codes=codes, now=now)
    services.lock_group(group.id, TEACHER, now)
    return group


def start_group(group, now=NOW, provider=""):
    """The school goes to pay: the attempt."""
    return services.start_group(group.id, provider or the_provider(), "", TEACHER, now)


def release(group, *picks, now=NOW):
    return services.release_group(group.id, picks or None, TEACHER, now)


def state(group):
    return GroupPayment.objects.get(id=group.id).state


def picked(group):
    """Codes on the list, of all registrations, in the subjects' order."""
    found = Pick.objects.filter(group=group, released_at=None)
    return "".join(found.order_by("subject__position").values_list("subject_id", flat=True))


def held(group):
    """Codes of the entries that the group holds."""
    found = Entry.objects.filter(locked_by=group.id, lock="group", state="unpaid")
    return "".join(found.order_by("subject__position").values_list("subject_id", flat=True))

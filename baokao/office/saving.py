"""A desk's forms whose version travels along, and the refusals of what they save (decision 66)."""

from typing import cast

from django import forms
from django.http import QueryDict

from baokao.core.verdict import RefusedError
from baokao.exams.services.school.turn import Setter
from baokao.office.desk import Desk

# Said of a form whose page showed another sitting than the desk works in by now.
OTHER_SITTING = "考次已切换，请确认当前考次后重新提交。"


class VersionedForm(forms.Form):
    """`seen` says what stood there when the page was made."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=4000)


def setter(desk: Desk) -> Setter:
    """The desk as the services of its school name who sets something."""
    return Setter(desk.sitting.code, desk.scope.school, desk.actor, desk.now)


def refuse(form: forms.Form, refused: RefusedError) -> None:
    """Put each refusal beside the field that it is about, else above the form."""
    for refusal in refused.refusals:
        form.add_error(refusal.about if refusal.about in form.fields else None, refusal.message + refusal.remedy)


def kept(form: forms.Form, version: str) -> forms.Form:
    """The refused form with what was typed and the version that stands now: who saves it again knows what changed."""
    form.data = cast(QueryDict, form.data).copy()
    form.data["seen"] = version
    return form

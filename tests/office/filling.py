"""Filling in a desk's form as a browser does: what the page gives, with some of it changed."""

from django.test import Client

from tests.attacks.forms import Form, forms_on


def shown(client: Client, path: str) -> str:
    """The page, which is there."""
    response = client.get(path)
    assert response.status_code == 200, f"{path}: {response.status_code}"
    return response.content.decode()


def form_of(client: Client, path: str, html: str = "") -> dict[str, str]:
    """The fields of the page's versioned form with what a browser would send if nobody touched it."""
    found: list[Form] = list(forms_on(path, html or shown(client, path), "", client))
    fields = next(form.fields for form in found if "seen" in form.fields)
    sent = {
        name: field.values or (field.choices[:1] if field.kind == "select" else []) for name, field in fields.items()
    }
    return {name: values[0] for name, values in sent.items() if values}


def save(client: Client, path: str, **changed: str | None):
    """Submit the page's form with these fields changed; None unticks a box."""
    typed = {name: value for name, value in (form_of(client, path) | changed).items() if value is not None}
    return client.post(path, typed)

"""A sealed text as an attribute of a model.

    class Record(models.Model):
        id_number_sealed = models.BinaryField()
        id_number_digest = models.BinaryField(unique=True)
        id_number = SealedText("id_number")

Writing the attribute fills both columns; reading it opens the sealed one. `Record.id_number.search("…")` gives the
digests to look for. Rotation finds every such attribute through `registered()`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, overload

from django.apps import apps
from django.db import models

from baokao.core.crypto.digests import digest, digests
from baokao.core.crypto.sealed import seal, unseal


class SealedText(property):
    """The descriptor. `purpose` names whose look-ups it shares; it is the attribute's own name unless given.

    It is a property, because Django lets a model be made with its properties: `Record(id_number="…")`.
    """

    def __init__(self, purpose: str = "", at_home_in: str = "") -> None:
        super().__init__()
        self.purpose = purpose
        self.name = ""
        self._home = at_home_in

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        self.purpose = self.purpose or name

    @overload
    def __get__(self, row: None, owner: type | None = None) -> "SealedText": ...

    @overload
    def __get__(self, row: models.Model, owner: type | None = None) -> str: ...

    def __get__(self, row: models.Model | None, owner: type | None = None) -> "SealedText | str":
        if row is None:
            return self
        blob = getattr(row, self.sealed_column)
        return unseal(blob, self.context(type(row)), getattr(row, self.digest_column)) if blob else ""

    def __set__(self, row: models.Model, text: str) -> None:
        """An empty text empties both columns; whether that may be is the column's own affair."""
        found = digest(self.purpose, text) if text else None
        setattr(row, self.digest_column, found)
        setattr(row, self.sealed_column, seal(text, self.context(type(row)), found) if found else None)

    @property
    def sealed_column(self) -> str:
        return f"{self.name}_sealed"

    @property
    def digest_column(self) -> str:
        return f"{self.name}_digest"

    def context(self, model: type[models.Model]) -> str:
        """What the ciphertext is bound to beside its digest: `table.attribute`; of another table where the sealed text
        is on its way there and copied as it is."""
        return f"{self._home or model._meta.db_table}.{self.name}"

    def search(self, text: str) -> list[bytes]:
        """The digests under every key, for `filter(<name>_digest__in=…)`."""
        return digests(self.purpose, text)


class SealedById(property):
    """A sealed text that nobody looks up: it is bound to the row's own id instead of a digest.

    class Message(models.Model):
        id = models.UUIDField(primary_key=True, default=uuid.uuid4)
        text_sealed = models.BinaryField()
        text = SealedById()
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, row: Any, owner: type | None = None) -> Any:
        if row is None:
            return self
        return unseal(getattr(row, f"{self.name}_sealed"), self.context(type(row)), row.pk.bytes)

    def __set__(self, row: Any, text: str) -> None:
        setattr(row, f"{self.name}_sealed", seal(text, self.context(type(row)), row.pk.bytes))

    def context(self, model: type[models.Model]) -> str:
        """What the ciphertext is bound to beside the row's id: `table.attribute`."""
        return f"{model._meta.db_table}.{self.name}"


@dataclass(frozen=True)
class Sealed:
    """One sealed attribute of one model."""

    model: type[models.Model]
    text: SealedText


def sealed_by_id() -> Iterator[tuple[type[models.Model], SealedById]]:
    """Every text of every installed model that is sealed by its row's id, in a stable order."""
    found: list[Any] = sorted(apps.get_models(), key=lambda model: model._meta.label)
    for model in found:
        for _, attribute in sorted(vars(model).items(), key=lambda item: item[0]):
            if isinstance(attribute, SealedById):
                yield model, attribute


def registered() -> Iterator[Sealed]:
    """Every sealed attribute of every installed model, in a stable order."""
    found: list[Any] = sorted(apps.get_models(), key=lambda model: model._meta.label)
    for model in found:
        # Inherited ones too: a column that rotation overlooked would be lost with its key.
        inherited = {name: value for base in reversed(model.__mro__) for name, value in vars(base).items()}
        for _, attribute in sorted(inherited.items(), key=lambda item: item[0]):
            if isinstance(attribute, SealedText):
                yield Sealed(model, attribute)

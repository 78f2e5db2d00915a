"""Base classes of the objects that Python and the browser exchange, and page states in links."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Any, Self, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel
from pydantic.fields import FieldInfo


class Wire(BaseModel):
    """A JSON object: names are in camelCase, and fields that have their default value are left out."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        frozen=True,
        from_attributes=True,
    )

    @classmethod
    def read(cls, value: Any) -> Self | None:
        """The object in `value`; None if it is not valid."""
        try:
            return cls.model_validate(value)
        except ValidationError:
            return None

    def dump(self) -> dict[str, Any]:
        """The object as JSON values."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)


@dataclass(frozen=True)
class InLink:
    """The name of a field's query parameter, if it differs from the field's; None keeps the field out of links."""

    name: str | None


class State(Wire):
    """The state of a page. Every field has a default, so any may be missing."""

    model_config = ConfigDict(allow_inf_nan=False)

    @classmethod
    def of(cls, values: Mapping[str, Any] | None) -> Self:
        """The state with these field values, by their JSON names. Invalid values are ignored."""
        return cls.model_validate({name: v for name, v in (values or {}).items() if cls.read({name: v})})

    @classmethod
    def reported(cls, result: Mapping[str, Any]) -> Self | None:
        """The settled state in a component's result; None if there is none yet."""
        return cls.of(result["state"]) if result.get("state") else None

    @classmethod
    def from_link(cls, query: Mapping[str, str]) -> Self:
        """The state that `to_link` wrote. Invalid values are ignored, since people edit links."""
        texts = {name: query.get(parameter) for name, parameter in cls.parameters().items()}
        return cls.of({name: _split(text, cls.model_fields[name]) for name, text in texts.items() if text})

    def to_link(self) -> dict[str, str]:
        """Query parameters of the fields that differ from their defaults."""
        values = self.model_dump(mode="json", exclude_defaults=True)
        return {
            parameter: _text(values[name]) for name, parameter in self.parameters().items() if name in values
        }

    @classmethod
    def parameters(cls) -> dict[str, str]:
        """The query parameter of each field that is kept in links, by the field's name."""
        names = {
            name: next((m.name for m in field.metadata if isinstance(m, InLink)), name)
            for name, field in cls.model_fields.items()
        }
        return {name: parameter for name, parameter in names.items() if parameter}


def _split(text: str, field: FieldInfo) -> Any:
    """A query parameter as a value for its field: lists and objects are split at commas, lists of objects are JSON."""
    kind: Any = field.annotation
    if get_origin(kind) in (Union, UnionType):
        kind = get_args(kind)[0]
    if get_origin(kind) in (list, tuple):
        return _parsed(text) if _is_wire(get_args(kind)[0]) else text.split(",")
    if _is_wire(kind):
        parts = text.split(",")
        return (
            dict(zip(kind.model_fields, parts, strict=True)) if len(parts) == len(kind.model_fields) else None
        )
    return text


def _is_wire(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Wire)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _text(value: Any) -> str:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list) and any(isinstance(part, dict) for part in value):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if isinstance(value, list):
        return ",".join(map(_text, value))
    if isinstance(value, bool):
        return str(int(value))
    return f"{value:.6g}" if isinstance(value, float) else str(value)

"""Writes what Python and the browser exchange as a JSON schema, or prints it; the front end's types are made from it.

python -m scripts.schema explorer/live/frontend/src/schema.json
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from explorer.live import model_schema, page_schema, schema
from explorer.live.wire import State, Wire

MODULES = (model_schema, schema, page_schema)
LIMITS = {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "maxLength", "default", "title"}
"""What says nothing to a type, beside the limits of lists."""


class _Generate(GenerateJsonSchema):
    """A field whose default is None is missing where it has none, and so never null."""

    def default_schema(self, schema: Any) -> dict[str, Any]:
        inner = schema["schema"]
        if schema.get("default", ...) is None and inner["type"] == "nullable":
            inner = inner["schema"]
        return self.generate_inner(inner)


def schema_text() -> str:
    """The schema of everything, a definition a line."""
    members = [(name, value) for module in MODULES for name, value in vars(module).items()]
    models = {v for _, v in members if isinstance(v, type) and issubclass(v, Wire) and v not in (Wire, State)}
    words = {get_args(value): name for name, value in members if get_origin(value) is Literal}
    ordered = [(model, "validation") for model in sorted(models, key=lambda model: model.__name__)]
    _, whole = models_json_schema(ordered, schema_generator=_Generate)
    found = {name: {"type": "string", "enum": list(choices)} for choices, name in words.items()}
    found |= {name: _plain(definition, words) for name, definition in whole["$defs"].items()}
    lines = (f"{json.dumps(name)}: {json.dumps(d, ensure_ascii=False)}" for name, d in found.items())
    return '{"$defs": {\n' + ",\n".join(lines) + "\n}}\n"


def _plain(value: Any, words: Mapping[tuple[str, ...], str]) -> Any:
    """A definition without `LIMITS`, its choices by name, and tuples in the words of the older drafts, which the
    generator of types reads."""
    if isinstance(value, list):
        return [_plain(part, words) for part in value]
    if not isinstance(value, dict):
        return value
    if name := words.get(tuple(value.get("enum", ()))):
        return {"$ref": f"#/$defs/{name}"}
    limits = LIMITS if "prefixItems" in value else LIMITS | {"minItems", "maxItems"}
    return {
        "items" if key == "prefixItems" else key: _plain(part, words)
        for key, part in value.items()
        if key not in limits or isinstance(part, dict)
    }


if __name__ == "__main__":
    text = schema_text()
    if sys.argv[1:]:
        Path(sys.argv[1]).write_text(text, encoding="utf-8")
    else:
        print(text, end="")

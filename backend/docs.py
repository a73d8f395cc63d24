"""The OpenAPI file as chapters that a person can read, without a script or a font from elsewhere."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

Schema = dict[str, Any]
METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Property:
    name: str
    type: str
    required: bool
    words: str = ""


@dataclass(frozen=True)
class Endpoint:
    method: str
    path: str
    words: str
    parameters: list[Property]
    request: str
    answers: list[tuple[str, str]]


@dataclass(frozen=True)
class Chapter:
    title: str
    endpoints: list[Endpoint] = field(default_factory=list)


@dataclass(frozen=True)
class Shape:
    name: str
    words: str
    properties: list[Property]
    options: str


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The readable API documentation."""
    schema: Schema = SchemaGenerator().get_schema(request=None, public=True)
    return render(request, "api_docs.html", {"chapters": chapters(schema), "shapes": shapes(schema)})


def chapters(schema: Schema) -> list[Chapter]:
    """The endpoints by collection, in the order of their addresses."""
    found: dict[str, Chapter] = {}
    for path, operations in sorted(schema["paths"].items()):
        title = path.removeprefix("/api/").split("/")[0]
        chapter = found.setdefault(title, Chapter(title))
        chapter.endpoints.extend(_endpoint(m, path, operations[m]) for m in METHODS if m in operations)
    return list(found.values())


def shapes(schema: Schema) -> list[Shape]:
    """The named components, each with its properties."""
    return [_shape(name, body) for name, body in sorted(schema.get("components", {}).get("schemas", {}).items())]


def _endpoint(method: str, path: str, operation: Schema) -> Endpoint:
    parameters = [
        Property(p["name"], type_words(p.get("schema", {})), bool(p.get("required")), p.get("description", ""))
        for p in operation.get("parameters", [])
    ]
    answers = [(code, _content(answer)) for code, answer in sorted(operation.get("responses", {}).items())]
    words = operation.get("summary") or operation.get("description", "")
    return Endpoint(method.upper(), path, words, parameters, _content(operation.get("requestBody", {})), answers)


def _content(body: Schema) -> str:
    """The type of a request or response body; empty when it has none."""
    for media in body.get("content", {}).values():
        return type_words(media.get("schema", {}))
    return ""


def _shape(name: str, body: Schema) -> Shape:
    required = set(body.get("required", []))
    properties = [
        Property(key, type_words(value), key in required, value.get("description", ""))
        for key, value in body.get("properties", {}).items()
    ]
    return Shape(name, body.get("description", ""), properties, type_words(body) if not properties else "")


def type_words(schema: Schema) -> str:
    """A schema in a few words: `Booking`, `list of Person`, `string (uuid) or null`, `"a" | "b"`."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    for joiner, word in (("oneOf", " or "), ("anyOf", " or "), ("allOf", " and ")):
        if joiner in schema:
            return word.join(type_words(part) for part in schema[joiner])
    if "enum" in schema:
        return " | ".join("null" if value is None else f'"{value}"' for value in schema["enum"])
    if "const" in schema:
        return f'"{schema["const"]}"'
    kinds = schema.get("type", "anything")
    words = [_kind_words(kind, schema) for kind in (kinds if isinstance(kinds, list) else [kinds])]
    return " or ".join(words)


def _kind_words(kind: str, schema: Schema) -> str:
    if kind == "array":
        return f"list of {type_words(schema.get('items', {}))}"
    if kind == "string" and "format" in schema:
        return f"string ({schema['format']})"
    return kind

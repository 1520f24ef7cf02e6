"""Here is the application; give me its description in OpenAPI, true and with examples."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI

from api.openai.examples import OBJECTS as OPENAI_OBJECTS
from api.openapi_examples import OBJECTS, PARAMETERS, TEXTS

NEVER = "HTTPValidationError"
"""FastAPI's own form of a 422, which `api.errors` replaces everywhere."""
PAGES = ("pages", "signing in")
"""Tags of the operations that answer with a page where they name no other form."""


def describe(app: FastAPI) -> None:
    """Make the app describe itself with examples, and without responses it never gives."""
    generated = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = generated()
            _drop_never(schema)
            _add_examples(schema)
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _drop_never(schema: dict[str, Any]) -> None:
    """Take FastAPI's own 422 out of the description."""
    for operation in _operations(schema):
        refused = operation["responses"].get("422", {})
        if NEVER in str(refused):
            del operation["responses"]["422"]
    for name in (NEVER, "ValidationError"):
        schema["components"]["schemas"].pop(name, None)


def _add_examples(schema: dict[str, Any]) -> None:
    """Give every object, parameter and text its example; what has none stays without."""
    objects = {**OBJECTS, **OPENAI_OBJECTS}
    for name, described in schema["components"]["schemas"].items():
        # subtle: FastAPI would drop the nulls of an example that a model carries
        if name in objects:
            described["examples"] = objects[name]
    for operation in _operations(schema):
        for parameter in operation.get("parameters", ()):
            if parameter["name"] in PARAMETERS:
                parameter["example"] = _typed(PARAMETERS[parameter["name"]], parameter["schema"])
        for status, response in operation["responses"].items():
            if status == "200" and "content" not in response and _is_page(operation):
                response["content"] = {"text/html": {"schema": {"type": "string"}}}
            for media_type, content in response.get("content", {}).items():
                if media_type in TEXTS:
                    content["example"] = TEXTS[media_type]


def _is_page(operation: dict[str, Any]) -> bool:
    return not {*PAGES}.isdisjoint(operation.get("tags", ()))


def _typed(example: Any, schema: dict[str, Any]) -> Any:  # noqa: ANN401 - any JSON value
    """The example as a number where the schema takes numbers and no text."""
    types = {one.get("type") for one in schema.get("anyOf", [schema])}
    return int(example) if "integer" in types and "string" not in types else example


def _operations(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every operation of every path."""
    for path in schema["paths"].values():
        yield from path.values()

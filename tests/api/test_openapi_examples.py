"""Every part of the OpenAPI document has an example, and every example is what its schema says."""

from collections.abc import Iterator

import httpx
import jsonschema
import pytest

from api.openai.examples import OBJECTS as OPENAI_OBJECTS
from api.openapi_examples import OBJECTS
from tests.api.running import Json


@pytest.fixture(scope="module")
def openapi(client: httpx.Client) -> Json:
    return client.get("/openapi.json").json()


def operations(openapi: Json) -> Iterator[tuple[str, Json]]:
    for path, methods in openapi["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


def parts(openapi: Json) -> Iterator[tuple[str, Json]]:
    """(where it stands, the part) for each parameter, request body and 2xx response."""
    for name, operation in operations(openapi):
        for parameter in operation.get("parameters", []):
            yield f"{name}: {parameter['name']}", parameter
        for kind, content in operation.get("requestBody", {}).get("content", {}).items():
            yield f"{name}: body {kind}", content
        for status, response in operation["responses"].items():
            if status.startswith("2"):
                assert status == "204" or response.get("content"), f"{name}: {status} has no form"
                for kind, content in response.get("content", {}).items():
                    yield f"{name}: {status} {kind}", content


def examples(openapi: Json, part: Json) -> list[Json]:
    """The part's own examples, or those of the object it refers to."""
    if "example" in part:
        return [part["example"]]
    name = part["schema"].get("$ref", "").rpartition("/")[2]
    found: list[Json] = openapi["components"]["schemas"].get(name, {}).get("examples", [])
    return found


def valid(openapi: Json, schema: Json, example: Json) -> bool:
    whole = {**schema, "components": openapi["components"]}
    return bool(jsonschema.Draft202012Validator(whole).is_valid(example))


def test_every_parameter_body_and_response_has_a_true_example(openapi: Json) -> None:
    looked_at = 0
    for where, part in parts(openapi):
        found = examples(openapi, part)
        assert found, f"{where} has no example"
        for example in found:
            assert valid(openapi, part["schema"], example), f"{where}: {example}"
        looked_at += 1
    assert looked_at > 50


def test_every_object_has_a_true_example_with_every_field(openapi: Json) -> None:
    for name, schema in openapi["components"]["schemas"].items():
        found = schema.get("examples", [])
        assert found, f"{name} has no example"
        for example in found:
            assert valid(openapi, schema, example), f"{name}: {example}"
            assert set(example) <= set(schema["properties"]), f"{name}: {example}"


def test_no_example_is_of_an_object_that_went(openapi: Json) -> None:
    assert {*OBJECTS, *OPENAI_OBJECTS} <= set(openapi["components"]["schemas"])


def test_an_example_that_is_wrong_would_be_seen(openapi: Json) -> None:
    schema = {"$ref": "#/components/schemas/Answer"}
    example = openapi["components"]["schemas"]["Answer"]["examples"][0]
    assert valid(openapi, schema, example)
    assert not valid(openapi, schema, {**example, "status": "perhaps"})

"""What a tool is given and gives: its schemas hold for what it says, and nothing else is taken."""

from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from api.mcp.tools import TOOLS, ArticlePart, ReadArguments
from api.wire import Answer, SearchResponse


def _schema(model: Any) -> dict[str, Any]:  # noqa: ANN401 - a model's class
    schema: dict[str, Any] = model.model_json_schema(mode="serialization")
    return schema


def test_results_are_the_contracts_objects() -> None:
    results = {name: tool.result for name, tool in TOOLS.items()}
    assert results == {"ask": Answer, "search": SearchResponse, "read_article": ArticlePart}


@pytest.mark.parametrize("name", TOOLS)
def test_schemas_are_schemas_and_refuse_what_is_unknown(name: str) -> None:
    given = TOOLS[name].arguments.model_json_schema()
    Draft202012Validator.check_schema(given)
    Draft202012Validator.check_schema(_schema(TOOLS[name].result))
    assert given["additionalProperties"] is False


def test_an_answer_over_http_holds_to_the_schema_of_the_tool(client: httpx.Client) -> None:
    for question in ("双鸭山金秋助学筹了多少钱", "株洲金秋助学筹了多少钱"):
        answer = client.post("/v1/ask", json={"question": question}).json()
        Draft202012Validator(_schema(TOOLS["ask"].result)).validate(answer)


def test_parts_are_bounded() -> None:
    assert ReadArguments.model_validate({"document_id": "a"}).length <= 10_000
    for wrong in ({"length": 0}, {"length": 50_001}, {"start": -1}, {"start": 1.5}):
        with pytest.raises(ValueError, match="Input should be"):
            ReadArguments.model_validate({"document_id": "a", **wrong})

"""What /openapi.json says holds for whatever it lets a client send, and for what it forbids.

`FUZZ_EXAMPLES` sets how many requests each operation gets (`make fuzz`: 500).
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode, Response
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Err, Ok
from schemathesis.openapi.checks import RejectedPositiveData

from tests.api.running import serving

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "30"))
BEYOND = {
    "cursor", "date", "date_from", "date_to", "file", "filters", "messages", "region", "source",
    "title", "url",
}  # fmt: skip
"""What no schema can say: that a day exists, an order of two, one line, a file that can be read."""
SHOWN = 3
OPERATIONS = 25
"""How many there are at the least; fewer, and something is not described any more."""


@pytest.fixture(scope="module")
def operations(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Any]]:
    """Each operation of a server of its own: what is sent changes and deletes articles."""
    with serving(tmp_path_factory.mktemp("fuzzed") / "data") as running:
        described = schemathesis.openapi.from_url(f"{running.url}/openapi.json")
        found = list(described.get_all_operations())
        assert not [one.err() for one in found if isinstance(one, Err)]
        yield [one.ok() for one in found if isinstance(one, Ok)]


@pytest.mark.parametrize("mode", GenerationMode)
def test_every_operation_is_as_described(operations: list[Any], mode: GenerationMode) -> None:
    faults = {one.label: fault for one in operations if (fault := _fault(one, mode))}
    assert not faults, "\n\n".join(f"{label}\n{fault}" for label, fault in faults.items())
    assert len(operations) >= OPERATIONS


def _field(response: Response) -> str:
    """The field that a refusal names, without what it stands in."""
    try:
        error = response.json()["error"]
    except (ValueError, KeyError, TypeError):
        return ""
    return str(error.get("field") or error.get("param")).rpartition(".")[2]


def _fault(operation: Any, mode: GenerationMode) -> str:  # noqa: ANN401 - schemathesis has no stubs
    """What is wrong with an operation's responses; "" where nothing is."""
    faults: list[str] = []

    @settings(
        max_examples=max(1, EXAMPLES // 2),
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def send(case: Case[Any]) -> None:
        response = case.call()
        try:
            case.validate_response(response)
        except FailureGroup as exc:
            told = _field(response)
            for one in exc.exceptions:
                if isinstance(one, RejectedPositiveData) and told in BEYOND:
                    continue
                sent = case.as_curl_command()
                faults.append(f"{type(one).__name__}: {one}\n  {sent}\n  {response.text}"[:1500])

    try:
        send()
    except Unsatisfiable:
        # nothing that a client can send to it is wrong
        assert mode is GenerationMode.NEGATIVE
    return "\n".join(faults[:SHOWN])

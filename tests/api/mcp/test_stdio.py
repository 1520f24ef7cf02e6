"""Started by an assistant: nothing but the protocol on standard output, and an end with it."""

import json
import subprocess
import sys
from pathlib import Path

from tests.api.mcp.talking import Json
from tests.api.running import ROOT, Done, Running, environment, unionqa

HELLO = {
    "jsonrpc": "2.0", "id": 1, "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18", "capabilities": {},
        "clientInfo": {"name": "a test", "version": "1"},
    },
}  # fmt: skip
READY = {"jsonrpc": "2.0", "method": "notifications/initialized"}


def _said(data: Path, *messages: Json | str, until: int | None = None) -> Done:
    """What `unionqa mcp` says to these; standard input is closed once `until` is answered."""
    with subprocess.Popen(
        [sys.executable, "-m", "api", "mcp"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        cwd=ROOT, env=environment(DATA=data), text=True,
    ) as process:  # fmt: skip
        assert process.stdin
        assert process.stdout
        for message in messages:
            line = message if isinstance(message, str) else json.dumps(message)
            process.stdin.write(f"{line}\n")
        process.stdin.flush()
        said = ""
        while until is not None and f'"id":{until},' not in said:
            line = process.stdout.readline()
            assert line, "it ended without an answer"
            said += line
        rest, errors = process.communicate(timeout=30)
    return Done(process.returncode, said + rest, errors)


def _call(number: int, name: str, **given: object) -> Json:
    asked = {"name": name, "arguments": given}
    return {"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": asked}


def test_only_the_protocol_is_on_standard_output(server: Running) -> None:
    asked = _call(2, "ask", question="双鸭山金秋助学筹了多少钱")
    done = _said(server.data, HELLO, READY, asked, until=2)
    assert done.returncode == 0
    replies = {reply["id"]: reply for reply in map(json.loads, done.stdout.splitlines())}
    assert replies[1]["result"]["serverInfo"]["name"] == "unionqa"
    assert "Traceback" not in done.stderr
    assert "163万元" in replies[2]["result"]["content"][0]["text"]


def test_lines_that_are_no_message_do_not_end_it(server: Running) -> None:
    broken = ('{"jsonrpc": "2.0"', "你好", "[]", '{"jsonrpc": "2.0", "id": 9, "method": "nothing"}')
    last = _call(3, "search", query="服务站", top_k=1)
    done = _said(server.data, HELLO, READY, *broken, last, until=3)
    replies = {reply.get("id"): reply for reply in map(json.loads, done.stdout.splitlines())}
    assert done.returncode == 0
    assert replies[9]["error"]["code"] == -32601
    assert len(replies[3]["result"]["structuredContent"]["hits"]) == 1


def test_it_ends_when_nobody_says_anything(server: Running) -> None:
    done = _said(server.data)
    assert (done.returncode, done.stdout) == (0, "")


def test_what_is_wrong_with_the_settings_is_one_line(tmp_path: Path) -> None:
    done = unionqa("mcp", DATA=tmp_path / "data", PORT="many")
    assert (done.returncode, done.stdout) == (2, "")
    assert "UNIONQA_PORT" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_folder_without_an_index_is_one_line(tmp_path: Path) -> None:
    done = unionqa("mcp", DATA=tmp_path / "data")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("unionqa: there is no index in")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "data").exists()

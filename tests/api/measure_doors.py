"""Here is a server on the five seeds; tell me how fast its doors are, in peace and in a crowd.

    python -m tests.api.measure_doors measure [--callers 60] [--seconds 10]

First streamed words at both streaming doors; then `--callers` people, from a process of their own,
ask without pause, and one more measures how soon it is sent away with 503; then SIGTERM
while their streams are open. Figures are printed beside what is promised; nothing is asserted,
since machines differ.
"""

import asyncio
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from statistics import median, quantiles

import httpx
import typer

from tests.api.running import ROOT, Json, Running, serving

QUESTION = "双鸭山金秋助学筹了多少钱"
LONG = ("双鸭山市金秋助学筹措了多少资金,白城市建成多少家户外劳动者服务站," * 100)[:2000]
"""As long as a question may be, so that a crowd of it is one on any machine."""
TIMES = 100
BODIES: dict[str, Json] = {
    "/v1/ask": {"question": QUESTION, "stream": True},
    "/v1/chat/completions": {
        "model": "unionqa", "stream": True, "messages": [{"role": "user", "content": QUESTION}],
    },
}  # fmt: skip
FIRST = {"/v1/ask": b"event: delta", "/v1/chat/completions": b'"content": "\\u'}
"""What the first streamed words look like."""
PAUSE_S = 0.05
"""How long one of the crowd waits after it was sent away; a second is what it is told."""

app = typer.Typer(add_completion=False)


def first_words(client: httpx.Client, path: str) -> float:
    """Milliseconds from a request until the first words of its answer are there."""
    started = time.perf_counter()
    with client.stream("POST", path, json=BODIES[path]) as response:
        held = b""
        for piece in response.iter_raw():
            held += piece
            if FIRST[path] in held:
                return 1000 * (time.perf_counter() - started)
    raise RuntimeError(f"{path} streamed no words: {held[:200]!r}")


def sent_away(client: httpx.Client, until: float) -> Iterator[float]:
    """Milliseconds that each 503 took, for questions asked one after another."""
    while time.perf_counter() < until:
        started = time.perf_counter()
        response = client.post("/v1/ask", json={"question": QUESTION})
        if response.status_code == 503:
            yield 1000 * (time.perf_counter() - started)
        time.sleep(0.01)


def row(what: str, taken: Sequence[float], promised: str) -> str:
    """A line of the table: the middle, the 99th percentile and the longest."""
    if len(taken) < 2:
        return f"| {what} | {len(taken)} times | | | {promised} |"
    high = quantiles(taken, n=100)[98]
    return (
        f"| {what} | {len(taken):,} | {median(taken):,.1f} ms | {high:,.1f} ms "
        f"| {max(taken):,.1f} ms | {promised} |"
    )


def stop(server: Running) -> float:
    """Seconds until the process has ended after SIGTERM."""
    started = time.perf_counter()
    server.process.send_signal(signal.SIGTERM)
    server.process.wait(timeout=60)
    return time.perf_counter() - started


@app.command()
def crowd(port: int, callers: int) -> None:
    """Ask without pause until the server goes away; prints how often it answered what."""
    typer.echo(json.dumps(asyncio.run(_crowd(port, callers))))


async def _crowd(port: int, callers: int) -> dict[str, int]:
    body = json.dumps({"question": LONG, "stream": True}).encode()
    head = (
        "POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Connection: close\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode()
    answered: dict[str, int] = {}

    async def ask() -> None:
        for _ in count():
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(head + body)
                status = (await reader.readline()).decode().split(" ")[1:2]
                while await reader.read(65_536):
                    pass
                writer.close()
            except OSError:
                return
            name = status[0] if status else "none"
            answered[name] = answered.get(name, 0) + 1
            if name == "503":
                await asyncio.sleep(PAUSE_S)

    await asyncio.gather(*(ask() for _ in range(callers)))
    return answered


@app.command()
def measure(callers: int = 60, seconds: float = 10.0) -> None:
    """Print a table in Markdown."""
    typer.echo("| | n | p50 | p99 | longest | promised |\n|---|---:|---:|---:|---:|---|")
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder) / "data", Path(folder) / "log") as server,
    ):
        with server.client() as client:
            for path in BODIES:
                first_words(client, path)
                taken = [first_words(client, path) for _ in range(TIMES)]
                typer.echo(row(f"first streamed words, `{path}`", taken, "150 ms"))
            asking = [sys.executable, "-m", "tests.api.measure_doors", "crowd"]
            words = [*asking, str(server.port), str(callers)]
            with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
                time.sleep(2)
                until = time.perf_counter() + seconds
                away = list(sent_away(client, until))
                taken_s = stop(server)
                said = process.communicate(timeout=60)[0]
        typer.echo(row(f"503 while {callers} ask without pause", away, "100 ms"))
        typer.echo(f"| SIGTERM with their streams open | 1 | {taken_s:.1f} s | | | 10 s |")
    typer.echo(f"\nThe crowd was answered {said.strip()}.")


if __name__ == "__main__":
    app()

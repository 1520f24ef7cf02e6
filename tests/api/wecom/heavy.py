"""Here is a must-hold that takes too long for the suite; run it and print its figure.

`python -m tests.api.wecom.heavy acknowledge | memory | flood | soak | bookkeeping`
"""

import math
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import Annotated

import httpx
import typer

from tests.api.running import ROOT
from tests.api.wecom.fake import FakeWecom, Reply, fake_wecom
from tests.api.wecom.rig import (
    APP_KEYS,
    BOT_KEYS,
    app_xml,
    event_xml,
    eventually,
    inbox_of,
    sealed,
    stamped,
)

app = typer.Typer(help=__doc__)
SENDERS = 16
PER_SECOND = 50
MEBIBYTE = 1024


@dataclass(frozen=True, slots=True)
class Worker:
    """A service in a process of its own."""

    process: "subprocess.Popen[str]"
    http: httpx.Client

    def rss(self) -> float:
        """Its memory, in MiB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        (line,) = (line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) / MEBIBYTE

    def sockets(self) -> int:
        """How many descriptors it has open."""
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))

    def post(self, plain: str) -> float:
        """Seconds until a message was acknowledged."""
        query, body = sealed("/wecom/app", APP_KEYS, plain)
        begun = time.perf_counter()
        response = self.http.post("/wecom/app", params=query, content=body)
        took = time.perf_counter() - begun
        assert (response.status_code, response.content) == (200, b"")
        return took


@contextmanager
def worker(folder: Path, fake: FakeWecom, answer_s: float) -> Iterator[Worker]:
    """A service whose answers take so many seconds; killed in the end."""
    command = [sys.executable, "-m", "tests.api.wecom.worker", str(folder), fake.url, str(answer_s)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        limits = httpx.Limits(max_connections=SENDERS)
        address = process.stdout.readline().strip()
        with httpx.Client(base_url=address, trust_env=False, timeout=30, limits=limits) as http:
            try:
                yield Worker(process, http)
            finally:
                process.kill()


@contextmanager
def alone(answer_s: float) -> Iterator[tuple[Worker, FakeWecom, Path]]:
    """One service, in a folder that is removed afterwards."""
    with (
        tempfile.TemporaryDirectory() as name,
        fake_wecom() as fake,
        worker(Path(name), fake, answer_s) as one,
    ):
        yield one, fake, Path(name)


def at_rate(one: Worker, seconds: float, per_second: float) -> list[float]:
    """The times of acknowledgements of messages that begin evenly, whatever the others do."""
    begun = time.monotonic()

    def send(number: int) -> float:
        time.sleep(max(0.0, begun + number / per_second - time.monotonic()))
        return one.post(app_xml(f"问题{number}", f"user{number % 500}"))

    with ThreadPoolExecutor(SENDERS) as pool:
        return list(pool.map(send, range(int(seconds * per_second))))


def said(text: str) -> None:
    """Print one line."""
    typer.echo(text)


def spread(times: list[float]) -> str:
    """Median, 99th percentile and greatest, in ms."""
    ordered = sorted(times)
    p99 = ordered[math.ceil(0.99 * len(ordered)) - 1]
    return (
        f"median {1000 * statistics.median(times):.0f} ms, p99 {1000 * p99:.0f} ms, "
        f"greatest {1000 * ordered[-1]:.0f} ms"
    )


@app.command()
def acknowledge(seconds: Annotated[float, typer.Option()] = 30) -> None:
    """Acknowledgements at 50 messages a second while each answer takes 60 s."""
    with alone(60) as (one, fake, _):
        times = at_rate(one, seconds, PER_SECOND)
        said(f"{len(times)} messages at {PER_SECOND}/s, answers hung for 60 s: {spread(times)}")
        eventually(lambda: any(sent.text.startswith("答") for sent in fake.sends), 90)
        said("the first answers arrived afterwards")


@app.command()
def memory(count: Annotated[int, typer.Option()] = 200_000) -> None:
    """Memory after so many distinct signed requests."""
    with alone(0) as (one, _, folder):
        for number in range(1000):
            one.post(event_xml("click", "zhangsan", number))
        before = one.rss()

        def send(number: int) -> None:
            one.post(event_xml("click", "zhangsan", number))

        with ThreadPoolExecutor(SENDERS) as pool:
            list(pool.map(send, range(1000, count)))
        with closing(inbox_of(folder)) as inbox:
            (kept,) = inbox.execute("SELECT COUNT(*) FROM seen").fetchone()
        said(f"{kept} distinct signed requests: memory grew by {one.rss() - before:.1f} MiB")


@app.command()
def flood(seconds: Annotated[float, typer.Option()] = 10) -> None:
    """Acknowledgements of signed messages amid 500 unsigned ones a second."""
    with alone(0) as (one, _, folder):
        begun = time.monotonic()
        query = stamped(BOT_KEYS, "a") | {"msg_signature": "0" * 40}

        def stranger(number: int) -> int:
            time.sleep(max(0.0, begun + number / 500 - time.monotonic()))
            body = b"<xml><Encrypt>a</Encrypt></xml>"
            return one.http.post("/wecom/app", params=query, content=body).status_code

        with ThreadPoolExecutor(SENDERS) as pool:
            refused = pool.map(stranger, range(int(500 * seconds)))
            times: list[float] = []
            while time.monotonic() - begun < seconds:
                times.append(one.post(app_xml("问", f"user{len(times)}")))
                time.sleep(0.1)
            codes = list(refused)
        took = time.monotonic() - begun
        with closing(inbox_of(folder)) as inbox:
            (kept,) = inbox.execute("SELECT COUNT(*) FROM seen").fetchone()
        said(
            f"{len(codes)} unsigned in {took:.0f} s, all {set(codes)}; {len(times)} signed: "
            f"{spread(times)}; {kept} remembered"
        )


@app.command()
def soak(seconds: Annotated[float, typer.Option()] = 600) -> None:
    """Memory and open files over ten minutes at five messages a second."""
    with alone(0) as (one, fake, _):
        at_rate(one, 30, 5)
        before = (one.rss(), one.sockets())
        times = at_rate(one, seconds, 5)
        eventually(lambda: len(fake.sends) >= 150 + len(times), 60)
        said(
            f"{len(times)} messages in {seconds:.0f} s: memory {before[0]:.1f} to {one.rss():.1f} "
            f"MiB, open files {before[1]} to {one.sockets()}; {spread(times)}"
        )


@app.command()
def bookkeeping(
    count: Annotated[int, typer.Option()] = 500, deaths: Annotated[int, typer.Option()] = 5
) -> None:
    """A random run over two workers, each killed and begun again so many times."""
    random = Random(99)
    valid: set[str] = set()
    with tempfile.TemporaryDirectory() as name, fake_wecom() as fake:
        few: list[Reply] = [{}] * 8 + [{"errcode": -1}]
        # not two in a row for one answer: that one is given up, as it should be
        fake.next["/cgi-bin/message/send"] = [*few * 6, {"errcode": 42001}] * 20
        for life in range(deaths + 1):
            with worker(Path(name), fake, 0) as one, worker(Path(name), fake, 0) as other:
                for _ in range(count * life // (deaths + 1), count * (life + 1) // (deaths + 1)):
                    valid |= _one_delivery(random, (one, other))
                if life == deaths:
                    with closing(inbox_of(Path(name))) as inbox:
                        eventually(partial(_is_done, inbox), 120)
        answers = [sent.text.removeprefix("答：") for sent in fake.delivered]
        said(
            f"{count} messages, {2 * deaths} workers killed, {len(valid)} distinct questions: "
            f"{len(answers)} answers delivered, {len(valid - set(answers))} lost, "
            f"{len(set(answers) - valid)} that nobody asked, {len(answers) - len(set(answers))} "
            f"twice; {len(fake.taken) - len(answers)} sends dropped by WeCom's check of duplicates"
        )


def _is_done(inbox: sqlite3.Connection) -> bool:
    """Whether nothing waits for an answer or for its delivery."""
    unfinished = "SELECT COUNT(*) FROM messages WHERE state != 'done'"
    return bool(inbox.execute(unfinished).fetchone() == (0,))


def _one_delivery(random: Random, workers: tuple[Worker, Worker]) -> set[str]:
    """The question of a message, if it was a valid one: 10 % events, 10 % forged, 20 % repeated."""
    number = random.randrange(10**12)
    question, user = f"问题{number}", f"user{number % 50}"
    draw = random.random()
    if draw < 0.1:
        workers[0].post(event_xml("click", user, number))
        return set()
    query, body = sealed("/wecom/app", APP_KEYS, app_xml(question, user))
    if draw < 0.2:
        query |= {"nonce": "another"}
        refused = workers[0].http.post("/wecom/app", params=query, content=body)
        assert refused.status_code == httpx.codes.FORBIDDEN
        return set()
    for _ in range(random.randint(2, 4) if random.random() < 0.2 else 1):
        to = random.choice(workers)
        assert to.http.post("/wecom/app", params=query, content=body).status_code == httpx.codes.OK
    return {question}


if __name__ == "__main__":
    app()

"""Here are a folder, WeCom's address, and how many workers are to die; let them, then one live.

Each worker is killed (SIGKILL) before a random statement of the desk or the inbox. What it did not
acknowledge is delivered to the next one again, as WeCom does.
"""

import itertools
import os
import signal
import sys
import threading
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

from api.examples import Examples
from api.resources import Resources
from api.state import State
from api.wecom.desk import Desk
from api.wecom.message import Message
from index.index import Index
from tests.api.wecom.fake import FakeWecom
from tests.api.wecom.rig import Told, eventually, settings
from tests.fakes import BigramAnalyzer, FewPlaces, HashEncoder

MOST_STATEMENTS = 1500
WATCHED = ("wecom/desk.py", "wecom/inbox.py")


def die_before(statement: int) -> None:
    """Kill this process before so many statements of what is watched, whichever thread it is."""
    left = itertools.count(statement, -1)

    def in_frame(_: FrameType, event: str, __: Any) -> Any:  # noqa: ANN401 - as sys.settrace has it
        if event == "line" and next(left) <= 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return in_frame

    def trace(frame: FrameType, _: str, __: Any) -> Any:  # noqa: ANN401 - as sys.settrace has it
        return in_frame if frame.f_code.co_filename.endswith(WATCHED) else None

    threading.settrace(trace)
    sys.settrace(trace)


def live(folder: Path, url: str, numbers: list[int], acknowledged: int, statement: int) -> None:
    """Take messages, write the number of each that is on disk, and work until all is done."""
    fake = FakeWecom()
    fake.url = url
    index = Index.open(
        folder, analyzer=BigramAnalyzer(), encoder=HashEncoder(), gazetteer=FewPlaces()
    )
    if statement:
        die_before(statement)
    resources = Resources(index, State.open(folder), settings(folder, fake), Examples())
    desk = Desk(resources, Told())
    desk.start()
    for number in numbers:
        text, user = f"问题{number}", f"user{number}"
        desk.take("app", Message(f"id:{number}", "question", user=user, text=text))
        os.write(acknowledged, f"{number}\n".encode())
    eventually(lambda: desk.inbox.length() == 0, 60)
    os._exit(0)


def worker(folder: Path, url: str, numbers: list[int], statement: int) -> set[int]:
    """The numbers that a worker acknowledged before it ended."""
    reading, writing = os.pipe()
    # nothing in this process has threads, so a fork is safe, and ten times faster than a start
    child = os.fork()
    if not child:
        os.close(reading)
        live(folder, url, numbers, writing, statement)
    os.close(writing)
    with os.fdopen(reading) as lines:
        found = {int(line) for line in lines}
    os.waitpid(child, 0)
    return found


def main() -> None:
    """Let the workers live and die; print how often a message had to be delivered again."""
    folder, url, deaths, messages = Path(sys.argv[1]), sys.argv[2], *map(int, sys.argv[3:5])
    random = Random(30)
    open_numbers = list(range(messages))
    again = 0
    for round_ in range(deaths + 1):
        last = round_ == deaths
        given = open_numbers if last else open_numbers[: max(2, messages // deaths * 2)]
        statement = 0 if last else random.randint(1, MOST_STATEMENTS)
        done = worker(folder, url, given, statement)
        again += len(given) - len(done)
        open_numbers = [number for number in open_numbers if number not in done]
    sys.stdout.write(f"{again}\n")


if __name__ == "__main__":
    main()

"""Show that one process writes at a time, and that nobody is locked out for ever."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from index.errors import FolderBusy
from index.lock import FolderLock, ReadWriteLock

HOLD = """
import sys, time
from pathlib import Path
from index.lock import FolderLock
FolderLock(Path(sys.argv[1])).acquire()
print("held", flush=True)
time.sleep(60)
"""


def test_a_second_writer_is_refused_by_name(tmp_path: Path) -> None:
    first, second = FolderLock(tmp_path / "lock"), FolderLock(tmp_path / "lock")
    first.acquire()
    with pytest.raises(FolderBusy, match=f"process {os.getpid()}") as refused:
        second.acquire(timeout_s=0.05)
    assert refused.value.pid == os.getpid()
    first.release()
    second.acquire(timeout_s=0.05)
    second.release()


def test_another_process_is_named_and_its_death_frees_the_lock(tmp_path: Path) -> None:
    lock = FolderLock(tmp_path / "lock")
    command = [sys.executable, "-c", HOLD, str(lock.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(FolderBusy, match=f"process {holder.pid}"):
            lock.acquire(timeout_s=0.05)
        holder.send_signal(signal.SIGKILL)
    lock.acquire(timeout_s=5.0)
    assert lock.holder() == os.getpid()
    lock.release()


def test_a_waiting_writer_gets_the_lock_when_it_is_let_go(tmp_path: Path) -> None:
    first, second = FolderLock(tmp_path / "lock"), FolderLock(tmp_path / "lock")
    first.acquire()
    release = threading.Timer(0.1, first.release)
    release.start()
    second.acquire(timeout_s=5.0)
    assert not first.try_acquire()
    second.release()
    release.join()


def test_readers_share_and_a_writer_is_alone() -> None:
    lock = ReadWriteLock()
    inside = threading.Barrier(2, timeout=5.0)
    seen: list[str] = []

    def read() -> None:
        with lock.reading():
            inside.wait()  # passes only if both readers are inside at once
            seen.append("read")

    readers = [threading.Thread(target=read) for _ in range(2)]
    with lock.writing():
        for reader in readers:
            reader.start()
        seen.append("written")
    for reader in readers:
        reader.join()
    assert seen == ["written", "read", "read"]


def test_a_waiting_writer_goes_before_later_readers() -> None:
    lock = ReadWriteLock()
    order: list[str] = []

    def write() -> None:
        with lock.writing():
            order.append("writer")

    def read() -> None:
        with lock.reading():
            order.append("reader")

    writer, reader = threading.Thread(target=write), threading.Thread(target=read)
    with lock.reading():
        writer.start()
        while not lock.waiting:
            pass
        reader.start()
    writer.join()
    reader.join()
    assert order == ["writer", "reader"]

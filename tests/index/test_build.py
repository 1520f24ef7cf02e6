"""Show that every article of any files ends up in the index or in the list of failures."""

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.build import INLINE, Progress, Summary, fingerprint, index_paths
from index.entry import Tools
from index.index import Index
from tests.fakes import BigramAnalyzer, FewPlaces, HashEncoder

SENTENCE = "工会组织职工开展劳动竞赛，慰问困难职工家庭。"


def open_fakes() -> Tools:
    """What a worker process opens in these tests."""
    return Tools(BigramAnalyzer(), HashEncoder(), FewPlaces())


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    opened = open_index(tmp_path / "data")
    yield opened
    opened.close()


def open_index(folder: Path) -> Index:
    tools = open_fakes()
    return Index.open(
        folder, analyzer=tools.analyzer, encoder=tools.encoder, gazetteer=tools.gazetteer
    )


def text(number: int, version: int = 0) -> str:
    return f"第{number}篇通讯mark{number}v{version}。" + SENTENCE * 4


def write_corpus(path: Path, texts: dict[str, str]) -> Path:
    """A corpus.jsonl (packed where the name ends in .gz) of these articles."""
    lines = "".join(
        json.dumps({"_id": name, "text": one}, ensure_ascii=False) + "\n"
        for name, one in texts.items()
    )
    data = lines.encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def run(index: Index, *paths: Path, workers: int = 1) -> tuple[Summary, list[Progress]]:
    told: list[Progress] = []
    return index_paths(paths, index, told.append, open_fakes, workers), told


def holders(index: Index, word: str) -> set[str]:
    """The documents in which BM25 finds `word`."""
    snapshot = index.snapshot()
    chunks = snapshot.get_chunks([hit.chunk_id for hit in snapshot.bm25([word], 50)])
    return {one.document_id for one in chunks.values()}


def test_every_article_is_done_failed_or_unchanged(index: Index, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text(text(1), encoding="utf-8")
    (folder / "b.txt").write_bytes(b"")
    (folder / "c.xyz").write_text("x", encoding="utf-8")
    write_corpus(folder / "corpus.jsonl", {"n1": text(2), "n2": " "})
    with (folder / "corpus.jsonl").open("a", encoding="utf-8") as file:
        file.write("no json\n")
    absent = tmp_path / "absent.txt"
    summary, told = run(index, folder, absent)
    assert (summary.done, summary.unchanged, summary.interrupted) == (2, 0, False)
    assert summary.failed == len(summary.failures) == 5
    reasons = "\n".join(one.message for one in summary.failures)
    for named in ("b.txt", "c.xyz", "_id n2", "line 3", "absent.txt"):
        assert named in reasons
    assert told[-1].done == 2
    assert told[-1].failed == 5
    assert holders(index, "mark2v0") == {"n1"}
    assert len(holders(index, "mark1v0")) == 1


def test_files_of_one_name_in_different_folders_are_all_kept(index: Index, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    paths = [folder / below / "简报.txt" for below in ("2020", "2021/春", "2021/夏")]
    for number, path in enumerate(paths):
        path.parent.mkdir(parents=True)
        path.write_text(text(number))
    summary, _ = run(index, folder)
    assert (summary.done, index.snapshot().documents) == (3, 3)
    assert all(holders(index, f"mark{number}v0") for number in range(3))
    again, _ = run(index, folder, paths[1])
    assert (again.done, index.snapshot().documents) == (0, 3)
    first = folder / "1999" / "简报.txt"  # what comes before the others takes the short name
    first.parent.mkdir()
    first.write_text(text(9))
    run(index, folder)
    assert index.snapshot().documents == 4
    assert all(holders(index, f"mark{number}v0") for number in (0, 1, 2, 9))


def test_what_is_no_regular_file_is_named_and_nobody_waits_for_it(
    index: Index, tmp_path: Path
) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text(text(1), encoding="utf-8")
    os.mkfifo(folder / "x.txt")
    os.mkfifo(folder / "y.jsonl")
    summary, _ = run(index, folder)
    assert summary.done == 1
    assert sorted(failure.name for failure in summary.failures) == ["x.txt", "y.jsonl"]
    assert all("no regular file" in failure.message for failure in summary.failures)


def test_a_second_run_changes_nothing_and_a_changed_article_is_replaced(
    index: Index, tmp_path: Path
) -> None:
    corpus = write_corpus(tmp_path / "corpus.jsonl.gz", {f"n{n}": text(n) for n in range(9)})
    single = tmp_path / "a.txt"
    single.write_text(text(50), encoding="utf-8")
    first, _ = run(index, corpus, single)
    generation = index.snapshot().generation
    second, _ = run(index, corpus, single)
    assert (first.done, second.done, second.unchanged) == (10, 0, 10)
    assert index.snapshot().generation == generation
    write_corpus(corpus, {f"n{n}": text(n, version=int(n == 3)) for n in range(9)})
    single.write_text(text(50, version=1), encoding="utf-8")
    third, _ = run(index, corpus, single)
    assert (third.done, third.unchanged) == (2, 8)
    assert holders(index, "mark3v1") == {"n3"}
    assert holders(index, "mark3v0") == set()
    assert index.snapshot().documents == 10


def test_a_fingerprint_is_of_everything_that_decides_the_document() -> None:
    states = [("a.txt", "d", ""), ("b.txt", "d", ""), ("a.txt", "e", ""), ("a.txt", "d", "n1")]
    assert len({fingerprint(*state) for state in states}) == len(states)


def test_workers_give_the_same_as_one_process_in_the_same_order(tmp_path: Path) -> None:
    count = INLINE + 150
    texts = {f"n{number}": text(number) for number in range(count)}
    corpus = write_corpus(tmp_path / "corpus.jsonl", texts)
    again = write_corpus(tmp_path / "later.jsonl", {"n100": text(100, version=1)})
    index = open_index(tmp_path / "many")
    summary, told = run(index, corpus, again, workers=2)
    assert (summary.done, summary.failed) == (count + 1, 0)
    assert index.snapshot().documents == count
    assert holders(index, "mark100v1") == {"n100"}
    assert holders(index, "mark100v0") == set()
    few = write_corpus(tmp_path / "few.jsonl", {"n90": text(90)})
    alone = open_index(tmp_path / "few")
    run(alone, few)
    one, other = (opened.snapshot().get_documents(["n90"])["n90"] for opened in (index, alone))
    assert one.text == other.text
    assert one.title == other.title
    assert [tell.done for tell in told] == sorted(tell.done for tell in told)
    index.close()
    alone.close()


class DiesOfAWord(BigramAnalyzer):
    """An analyzer that kills its process at one word, as a crash in native code does."""

    def terms(self, text: str) -> list[str]:
        """The terms, unless the text holds the word."""
        if "mark120v0" in text:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().terms(text)


def open_deadly() -> Tools:
    return Tools(DiesOfAWord(), HashEncoder(), FewPlaces())


def test_an_article_that_kills_its_worker_is_named_and_the_others_go_on(
    index: Index, tmp_path: Path
) -> None:
    texts = {f"n{number}": text(number) for number in range(INLINE + 80)}
    corpus = write_corpus(tmp_path / "corpus.jsonl", texts)
    summary = index_paths([corpus], index, lambda told: None, open_deadly, 1)
    assert (summary.done, summary.failed) == (len(texts) - 1, 1)
    assert "n120" in summary.failures[0].message
    assert "SIGKILL" in summary.failures[0].message
    assert index.snapshot().documents == len(texts) - 1


def interrupt_at(count: int) -> Callable[[Progress], None]:
    """A report that presses Ctrl-C, once, when so many articles are done."""
    pressed: list[int] = []

    def report(told: Progress) -> None:
        if told.done >= count and not pressed:
            pressed.append(told.done)
            raise KeyboardInterrupt

    return report


def test_long_articles_fit_through_the_pipes(index: Index, tmp_path: Path) -> None:
    """Parent and worker send each other more than a pipe holds, and neither waits for ever."""
    texts = {f"n{number}": text(number) for number in range(INLINE)}
    texts |= {f"long{number}": text(number) * 800 for number in range(8)}
    summary, _ = run(index, write_corpus(tmp_path / "corpus.jsonl", texts))
    assert (summary.done, summary.failed) == (INLINE + 8, 0)


def test_ctrl_c_keeps_what_is_done_and_the_next_run_goes_on(index: Index, tmp_path: Path) -> None:
    texts = {f"n{number}": text(number) for number in range(700)}
    corpus = write_corpus(tmp_path / "corpus.jsonl", texts)
    first = index_paths([corpus], index, interrupt_at(64), open_fakes, 1)
    assert first.interrupted
    held = index.snapshot().documents
    assert first.done == held
    assert 0 < held < 700
    second, _ = run(index, corpus)
    assert (second.unchanged, second.done) == (held, 700 - held)
    assert index.snapshot().documents == 700


INDEX = """
import sys
from pathlib import Path
from index.build import index_paths
from tests.index.test_build import open_fakes, open_index
if __name__ == "__main__":
    index = open_index(Path(sys.argv[1]))
    index_paths([Path(sys.argv[2])], index, lambda told: None, open_fakes, 1)
"""


def test_kill_9_keeps_what_was_committed_while_a_reader_follows(tmp_path: Path) -> None:
    texts = {f"n{number}": text(number) for number in range(4000)}
    corpus = write_corpus(tmp_path / "corpus.jsonl", texts)
    script = tmp_path / "run.py"
    script.write_text(INDEX, encoding="utf-8")
    index = open_index(tmp_path / "data")
    command = [sys.executable, str(script), str(tmp_path / "data"), str(corpus)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen(command, env=environment) as child:
        while child.poll() is None and index.snapshot().documents < 200:
            time.sleep(0.01)
        child.kill()
    index.close()
    index = open_index(tmp_path / "data")
    held = index.snapshot().documents
    assert held >= 200
    second, _ = run(index, corpus, workers=2)
    assert (second.unchanged, second.done, second.failed) == (held, 4000 - held, 0)
    assert index.snapshot().documents == 4000
    assert holders(index, "mark3999v0") == {"n3999"}
    index.close()

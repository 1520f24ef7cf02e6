"""How much of what a model copies is shown: `python -m tests.rag.measure_written` prints it for
the tuning questions over the seeds.

Each sentence cited by an extractive answer is said whole, as printed; and each figure's clause
behind the name of its place.
"""

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from index.analyzer import Analyzer
from index.clean import clean
from index.encoder import open_encoder
from index.gazetteer import Gazetteer
from index.index import Index
from index.read import read_bytes
from rag.ask import look
from rag.generate import Task, task_of
from rag.verify import check
from tests.rag.conftest import SEEDS

QUESTIONS = SEEDS.parent / "eval" / "data" / "union.jsonl"


def questions() -> Iterator[str]:
    """The answered Chinese tuning questions over the seeds that stand alone."""
    for line in QUESTIONS.read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        alone = not one["history"] and (one["language"], one["needs"]) == ("zh", "seeds")
        if one["split"] == "tune" and alone and one["status"] == "answered":
            yield one["question"]


def said_of(task: Task) -> tuple[bool, bool | None]:
    """Whether the sentence the answer cites is shown for when said whole, and its part behind the
    place's name (None where it has no figure).
    """
    answer = task.findings.answer
    cited = answer.citations[0].quote
    for passage in task.passages:
        for ground in passage.grounds:
            if ground.sentence.text.strip() != cited:
                continue
            mark = f"。[{passage.number}]"
            whole = check(cited.rstrip("。；;") + mark, task.passages, answer.text)
            if not answer.short_answers or answer.short_answers[0].value is None:
                return not whole.fault, None
            part = ground.parts[0]
            clause = ground.sentence.text[part.start : part.end]
            led = check(f"{part.region or ''}{clause}{mark}", task.passages, answer.text)
            return not whole.fault, not led.fault
    return False, None


def main() -> None:
    """Print the two shares."""
    gazetteer = Gazetteer.open()
    index = Index.open(
        Path(tempfile.mkdtemp()),
        analyzer=Analyzer.open(),
        encoder=open_encoder(),
        gazetteer=gazetteer,
    )
    for path in sorted(SEEDS.glob("*.txt")):
        index.add(clean(read_bytes(path.name, path.read_bytes()), gazetteer))
    snapshot = index.snapshot()
    tasks = [task_of(look(question, snapshot)) for question in questions()]
    found = [said_of(task) for task in tasks if isinstance(task, Task)]
    led = [part for _, part in found if part is not None]
    sys.stdout.write(
        f"said whole as printed: {sum(whole for whole, _ in found)} of {len(found)}\n"
        f"the figure's clause behind its place: {sum(led)} of {len(led)}\n"
    )
    index.close()


if __name__ == "__main__":
    main()

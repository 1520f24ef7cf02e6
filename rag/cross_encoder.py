"""Here is the name of a cross-encoder; give me a reranker that scores in time or says it cannot."""

from collections.abc import Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from threading import Event
from typing import Any

import numpy as np

from index.hub import is_local
from rag.breaker import OK, UNTRIED, Breaker
from rag.errors import RerankerError

# Pairs scored at once; between two batches a late call is given up.
BATCH = 8


class CrossEncoderReranker:
    """Any sentence-transformers CrossEncoder, loaded and run in a thread of its own.

    It is ready when constructed: questions that come while it still loads get RerankerError once
    `timeout_s` is over. One question is scored after another.
    """

    def __init__(self, name: str, timeout_s: float) -> None:
        self._name = name
        self._timeout_s = timeout_s
        self._breaker = Breaker()
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="reranker")
        self._loaded = self._worker.submit(_load, name)
        # who came too early failed; that says nothing of the model
        self._loaded.add_done_callback(lambda _: self._breaker.record())

    @property
    def state(self) -> str:
        """What it is like: `OK` once it is loaded, or that it loads, or how it failed."""
        if not self._loaded.done():
            return "is loading"
        if self._loaded.cancelled():
            return "is closed"
        if failure := self._loaded.exception():
            return f"is missing: {_line(failure)}"
        state = self._breaker.state
        return OK if state == UNTRIED else state

    def score(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        """A score for each text; RerankerError where the model is missing, broken or late.

        One that was so repeatedly is left alone for a while: nobody waits for it.
        """
        if not self._breaker.lets_through():
            raise RerankerError(f"{self._name}: {self._breaker.state}")
        try:
            scores = self._score(question, texts)
        except RerankerError as exc:
            self._breaker.record(str(exc))
            raise
        self._breaker.record()
        return scores

    def _score(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        """The same, whatever was before."""
        late = Event()
        pairs = [(question, text) for text in texts]
        try:
            running = self._worker.submit(self._run, pairs, late)
            failure = running.exception(self._timeout_s)
        except TooLate:
            running.cancel()
            raise RerankerError(f"{self._name}: took more than {self._timeout_s:g} s") from None
        except (CancelledError, RuntimeError) as exc:
            raise RerankerError(f"{self._name}: is closed") from exc
        finally:
            late.set()
        if failure is not None:
            raise RerankerError(f"{self._name}: failed ({_line(failure)})") from failure
        return running.result()

    def wait(self) -> None:
        """Return once the model is loaded, or could not be."""
        self._loaded.exception()

    def close(self) -> None:
        """Score nothing any more."""
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _run(self, pairs: Sequence[tuple[str, str]], late: Event) -> list[float]:
        """The scores, batch by batch, as long as somebody waits for them."""
        model = self._loaded.result()
        scores: list[float] = []
        for start in range(0, len(pairs), BATCH):
            if not late.is_set():
                scores += _scores(model, pairs[start : start + BATCH])
        return scores


def _line(failure: BaseException) -> str:
    """A failure in one line."""
    return str(failure).partition("\n")[0] or type(failure).__name__


def _load(name: str) -> Any:  # noqa: ANN401 - sentence-transformers has no types
    """The model of that name or in that folder; never runs code that comes with it."""
    from sentence_transformers import CrossEncoder  # noqa: PLC0415 - imports torch: seconds, 500 MB

    return CrossEncoder(name, trust_remote_code=False, local_files_only=is_local(name))


def _scores(model: Any, pairs: Sequence[tuple[str, str]]) -> list[float]:  # noqa: ANN401 - see `_load`
    """The scores of a few pairs, one each and finite."""
    found = np.asarray(model.predict(list(pairs), show_progress_bar=False), np.float64)
    if found.shape != (len(pairs),) or not np.isfinite(found).all():
        raise RerankerError(
            f"scores of shape {found.shape} for {len(pairs)} pairs; expected a CrossEncoder with "
            "one label, which gives a finite number for each"
        )
    return [float(score) for score in found]

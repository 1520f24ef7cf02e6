"""Here are passages and a question's row; give me how near the best window of each passage comes.

A passage's own row is the mean of all it says; what answers stands in one or two sentences. Only a
static encoder is quick enough to encode the candidates' windows while somebody waits.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from index.encoder import StaticEncoder
from index.hit import Hit, top_k
from index.index import Snapshot
from index.sentences import sentences

SIZE = 40
"""Characters a window grows to, of whole sentences; 80 and 120 were worse on the tuning data."""


def by_window(
    row: NDArray[np.float32], hits: Iterable[Hit], snapshot: Snapshot
) -> list[Hit] | None:
    """The chunks of all the hits by the cosine of their best window to a unit row, best first.

    None where the index has a slower encoder; chunks that have gone are left out.
    """
    encoder = snapshot.encoder
    if not isinstance(encoder, StaticEncoder):
        return None
    names = dict.fromkeys(hit.chunk_id for hit in hits)
    chunks = list(snapshot.get_chunks(list(names)).values())
    cosines = best_cosines(row, [chunk.text for chunk in chunks], encoder)
    found = [Hit(c.chunk_id, float(near)) for c, near in zip(chunks, cosines, strict=True)]
    return top_k(found, len(found))


def best_cosines(
    row: NDArray[np.float32], texts: Sequence[str], encoder: StaticEncoder
) -> NDArray[np.float32]:
    """The cosine of the best window of each text to a unit row, shape (texts,).

    A window's row is the sum of its sentences', so each sentence is encoded once.
    """
    if not texts:
        return np.zeros(0, dtype=np.float32)
    spans = [sentences(text) or [(0, 0)] for text in texts]
    parts = [text[a:b] for text, found in zip(texts, spans, strict=True) for a, b in found]
    sums = encoder.sums(parts)
    # a row of zeros before the first: the sum of sentences i to j is running[j] - running[i]
    running = np.concatenate([np.zeros_like(sums[:1]), np.cumsum(sums, axis=0, dtype=np.float64)])
    ranges = [_windows(found) for found in spans]
    before = np.cumsum([0, *(len(found) for found in spans[:-1])])
    firsts = np.cumsum([0, *(len(found) for found in ranges[:-1])])
    places = np.concatenate([np.array(r) + at for r, at in zip(ranges, before, strict=True)])
    rows = running[places[:, 1]] - running[places[:, 0]]
    lengths = np.linalg.norm(rows, axis=1)
    cosines = rows @ row / np.where(lengths > 0, lengths, 1)
    return np.asarray(np.maximum.reduceat(cosines, firsts), dtype=np.float32)


def _windows(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Ranges of sentences: from each on as many as stay within SIZE characters, at least one.

    The first that reaches the end is the last.
    """
    found = []
    for start in range(len(spans)):
        stop = start + 1
        while stop < len(spans) and spans[stop][1] - spans[start][0] <= SIZE:
            stop += 1
        found.append((start, stop))
        if stop == len(spans):
            break
    return found

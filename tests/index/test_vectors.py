"""Show that the nearest rows are found, after any change, and never from a damaged file."""

import random
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.vectors import Vectors, quantize, scale
from tests.fakes import DIMENSION, HashEncoder

ENCODER = HashEncoder()


def rows(numbers: list[int]) -> NDArray[np.float32]:
    return ENCODER.encode_passages([f"row {number}" for number in numbers])


def keys(numbers: list[int]) -> NDArray[np.int64]:
    return np.array(numbers, dtype=np.int64)


def opened(folder: Path, encoder: str = "e") -> Vectors:
    return Vectors.open(folder / "vectors", "store", encoder, DIMENSION)


def filled(folder: Path, numbers: list[int], generation: int = 1) -> Vectors:
    vectors = opened(folder)
    vectors.apply([], keys(numbers), quantize(rows(numbers)), generation)
    return vectors


def by_hand(
    held: dict[int, NDArray[np.int8]], query: NDArray[np.float32], k: int
) -> list[tuple[int, float]]:
    """The slow obvious search: integer products, one by one."""
    asked = quantize(query.reshape(1, -1))[0].astype(np.int64)
    unit = scale(DIMENSION) ** 2
    scored = [(key, float(asked @ row.astype(np.int64)) / unit) for key, row in held.items()]
    return sorted(scored, key=lambda pair: (-pair[1], pair[0]))[:k]


def test_quantize_by_hand() -> None:
    # dim 4: the factor is 127 · 2 / 5 = 50.8
    row = np.array([[0.5, -0.5, 0.1, 1.0]], dtype=np.float32)
    assert quantize(row).tolist() == [[25, -25, 5, 51]]
    assert quantize(row * 100).tolist() == [[127, -127, 127, 127]]


def test_a_score_is_nearly_the_cosine() -> None:
    generator = np.random.default_rng(1)
    unit = generator.standard_normal((50, 256)).astype(np.float32)
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    products = quantize(unit).astype(np.int64) @ quantize(unit).astype(np.int64).T
    assert np.abs(products / scale(256) ** 2 - unit @ unit.T).max() < 0.01


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    st.lists(
        st.tuples(st.booleans(), st.lists(st.integers(1, 60), min_size=1, max_size=12)),
        max_size=8,
    ),
    st.integers(1, 8),
)
def test_any_adds_and_removes_leave_what_a_dict_would_hold(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[bool, list[int]]], k: int
) -> None:
    vectors = opened(tmp_path_factory.mktemp("v"))
    held: dict[int, NDArray[np.int8]] = {}
    for generation, (add, numbers) in enumerate(changes, 1):
        numbers = sorted(set(numbers))
        if add:
            new = quantize(rows([number * 7 + generation for number in numbers]))
            vectors.apply([], keys(numbers), new, generation)
            held |= dict(zip(numbers, new, strict=True))
        else:
            span = range(numbers[0], numbers[-1])
            vectors.apply([span], keys([]), quantize(rows([])), generation)
            held = {key: row for key, row in held.items() if key not in span}
    query = rows([3])[0]
    found = vectors.search(query, k)
    expected = by_hand(held, query, k)
    assert vectors.count == len(held)
    assert [score for _, score in found] == pytest.approx([score for _, score in expected])
    assert {key for key, _ in found} <= set(held)


def test_only_allowed_keys_are_found(tmp_path: Path) -> None:
    vectors = filled(tmp_path, list(range(1, 40)))
    allowed = np.zeros(30, dtype=np.bool_)
    allowed[[0, 5, 29]] = True
    query = rows([7])[0]
    assert {key for key, _ in vectors.search(query, 10, allowed)} == {5, 29}
    assert vectors.search(query, 10, np.zeros(0, dtype=np.bool_)) == []


def test_saved_rows_are_found_again(tmp_path: Path) -> None:
    vectors = filled(tmp_path, list(range(1, 30)), generation=4)
    vectors.apply([range(3, 6)], keys([40]), quantize(rows([40])), 5)
    vectors.save()
    again = opened(tmp_path)
    assert again.generation == 5
    for number in (1, 4, 40):
        query = rows([number])[0]
        assert again.search(query, 7) == vectors.search(query, 7)
    vectors.apply([range(1, 2)], keys([]), quantize(rows([])), 6)
    vectors.save()
    assert opened(tmp_path).generation == 6
    assert len(list((tmp_path / "vectors").iterdir())) == 2


def test_another_encoder_or_store_finds_nothing_saved(tmp_path: Path) -> None:
    filled(tmp_path, [1, 2]).save()
    assert opened(tmp_path, encoder="other").generation == 0
    assert Vectors.open(tmp_path / "vectors", "other", "e", DIMENSION).count == 0


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_file_is_never_used(tmp_path: Path, seed: int) -> None:
    filled(tmp_path, list(range(1, 20))).save()
    (file,) = (tmp_path / "vectors").glob("rows-*")
    chance = random.Random(seed)
    data = bytearray(file.read_bytes())
    if seed % 3 == 0:
        del data[chance.randrange(len(data)) :]
    else:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    file.write_bytes(data)
    damaged = opened(tmp_path)
    assert (damaged.generation, damaged.count) == (0, 0)


def test_searching_while_rows_come_and_go(tmp_path: Path) -> None:
    """Without the lock FAISS dies here within seconds (reliability.md, 3b)."""
    held = 4_000
    vectors = filled(tmp_path, list(range(1, held)))
    query = rows([held // 2])[0]
    stop = threading.Event()
    failures: list[int] = []

    def search() -> None:
        while not stop.is_set():
            if vectors.search(query, 3)[0][0] != held // 2:
                failures.append(1)

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    new = quantize(rows(list(range(held, 2 * held))))
    for generation in range(2, 40):
        vectors.apply([], keys(list(range(held, 2 * held))), new, generation)
        vectors.apply(
            [range(generation, generation + 1), range(held, 2 * held)],
            keys([]),
            new[:0],
            generation,
        )
    stop.set()
    for thread in threads:
        thread.join()
    assert failures == []

"""Laws of windows: every sentence is in one, and none is longer than it must be."""

from hypothesis import given, settings
from hypothesis import strategies as st

from index.sentences import sentences
from index.windows import SIZE, pairs, windows


def test_terms_are_pairs_runs_and_numbers() -> None:
    assert pairs("工会投入61.19万元") == ["工会", "会投", "投入", "61.19", "万元", "611900"]
    assert pairs("在a座，第5g层") == ["在", "a", "座", "第", "5g", "层"]


def test_a_long_sentence_is_a_window_of_its_own() -> None:
    long = "职" * (SIZE + 20) + "。"
    found = windows(f"工会章程。{long}工会经费。会员名册。")
    assert found == [
        "工会 会章 章程",
        " ".join(["职职"] * (SIZE + 19)),
        "工会 会经 经费 会员 员名 名册",
    ]


def test_a_text_without_words_has_one_empty_window() -> None:
    assert windows("") == windows("。。") == [""]


@given(st.lists(st.integers(2, 50), min_size=1, max_size=12))
@settings(derandomize=True, max_examples=60)
def test_each_sentence_is_whole_in_a_window_and_windows_are_full(lengths: list[int]) -> None:
    text = "".join(chr(0x5000 + at) * length + "。" for at, length in enumerate(lengths))
    found = [window.split(" ") for window in windows(text)]
    whole = [pairs(text[start:end]) for start, end in sentences(text)]
    for sentence in whole:
        assert any(" ".join(sentence) in " ".join(window) for window in found)
    assert all(len(window) <= max(SIZE, len(whole[0]), 50) for window in found)
    # what begins a window could not have been longer: with the next sentence it is too long
    for at, window in enumerate(found[:-1]):
        held = 0
        stop = at
        while held < len(window):
            held += len(whole[stop])
            stop += 1
        assert held + len(whole[stop]) > SIZE

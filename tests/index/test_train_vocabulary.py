"""Show me that the tokenizer folds and cuts text as it should, with nothing beside it."""

import base64
import json
import unicodedata
from collections import Counter

import opencc

from index.analyzer import PlaceName
from index.train_vocabulary import UNKNOWN, choose, count_words, fold, make_tokenizer

CONVERTER = opencc.OpenCC("t2s")
PLACES = [PlaceName("株洲市", "株洲", "zhuzhou")]


def test_the_tokenizer_folds_every_character_as_nfkc_lower_case_and_simplified() -> None:
    normalizer = make_tokenizer([(UNKNOWN, 1), ("工", 5)], CONVERTER).normalizer
    assert normalizer is not None
    characters = [chr(c) for c in (*range(0x21, 0xD800), *range(0xF900, 0x10000), 0x20000)]
    wrong = [
        c
        for c in characters
        if normalizer.normalize_str(c)
        != CONVERTER.convert(unicodedata.normalize("NFKC", c).lower())
    ]
    assert wrong == []


def test_the_map_ends_with_a_whole_block_because_readers_do_not_check_bounds() -> None:
    description = json.loads(make_tokenizer([(UNKNOWN, 1)], CONVERTER).to_str())
    charsmap = base64.b64decode(description["normalizer"]["precompiled_charsmap"])
    size = int.from_bytes(charsmap[:4], "little")
    assert size % (4 * 256) == 0
    assert charsmap[-1:] == b"\0"


def test_a_text_is_cut_into_its_most_frequent_tokens() -> None:
    tokens = [(UNKNOWN, 1), *((c, 10) for c in "工会资集体12"), ("工会", 50), ("工资", 5)]
    tokenizer = make_tokenizer(tokens, CONVERTER)
    encoding = tokenizer.encode("工會、工資１２。集體", add_special_tokens=False)
    assert encoding.tokens == ["工会", "工资", "1", "2", "集", "体"]
    assert tokenizer.encode("，。", add_special_tokens=False).ids == []
    assert tokenizer.encode("龘", add_special_tokens=False).ids == [0]


def test_words_characters_and_latin_words_are_counted() -> None:
    counts = count_words(["工会 helps 工会", "职"])
    assert counts == Counter({"工会": 2, "工": 2, "会": 2, "helps": 1, "职": 1})


def test_the_vocabulary_has_its_size_and_holds_places_terms_and_the_most_frequent() -> None:
    counts = {"工": 9, "工会": 9, "很少": 3, "没有": 1, "worker": 8, "五个字的词": 99}
    fixed = 1 + 26 + 100 + 82
    tokens = dict(choose(counts, PLACES, ["送温暖", "户外劳动者服务站"], fixed + 4 + 7))
    assert {"株洲", "株洲市", "zhuzhou", "送温暖", "工", "工会", "worker", "很少"} <= set(tokens)
    assert not {"没有", "五个字的词", "户外劳动者服务站"} & set(tokens)
    small = choose(counts, PLACES, ["送温暖"], fixed + 4 + 2)
    assert len(small) == fixed + 4 + 2
    assert small[0][0] == UNKNOWN
    assert "很少" not in dict(small)


def test_folding_a_text_is_folding_its_words() -> None:
    assert fold("ＡＢ工會", CONVERTER) == "ab工会"

"""Show me that the tokenizer folds and cuts text as it should, with nothing beside it."""

import base64
import json
import unicodedata
from collections import Counter

import opencc

from index.analyzer import PlaceName
from index.train_lexicon import Link
from index.train_vocabulary import (
    UNKNOWN,
    choose,
    count_english,
    count_words,
    fixed_tokens,
    fold,
    make_tokenizer,
    name_pieces,
)

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


def test_words_and_characters_are_counted() -> None:
    counts = count_words(["工会 helps 工会", "职"])
    assert counts == Counter({"工会": 2, "工": 2, "会": 2, "职": 1})


def test_english_counts_come_from_a_list_texts_and_dictionaries() -> None:
    links = [Link("labor union", "工会", 1.0), Link("warsaw", "华沙", 0.5)]
    counts = count_english({"help": 7}, ["Help! Help the worker"], links)
    assert counts == {"help": 57, "the": 50, "worker": 50, "warsaw": 15}


def test_names_are_made_of_pieces_of_four_letters_at_most() -> None:
    pieces = name_pieces(["johnson", "jackson", "wilson", "wilhelm"] * 9, 40)
    assert "son" in pieces
    assert all(2 <= len(piece) <= 4 for piece in pieces)


def test_the_vocabulary_has_its_size_and_holds_what_is_fixed_and_the_most_frequent() -> None:
    han = {"工": 9, "工会": 9, "很少": 3, "没有": 1, "五个字的词": 99}
    english = {"worker": 8, "seldom": 2}
    kept = fixed_tokens(han, PLACES, ["送温暖", "户外劳动者服务站"], ["son"])
    assert kept["送温暖"] == kept["zhuzhou"] == 20
    always = 1 + 26 + 100 + 82 + len(kept)
    tokens = dict(choose(kept, han, english, always + 1 + 4))
    assert {"株洲", "株洲市", "zhuzhou", "送温暖", "son", "工", "工会", "worker"} <= set(tokens)
    assert not {"没有", "五个字的词", "户外劳动者服务站"} & set(tokens)
    small = choose(kept, han, english, always + 1 + 2)
    assert len(small) == always + 3
    assert small[0][0] == UNKNOWN
    assert {"worker", "工会"} <= set(dict(small))
    assert not {"seldom", "很少"} & set(dict(small))


def test_folding_a_text_is_folding_its_words() -> None:
    assert fold("ＡＢ工會", CONVERTER) == "ab工会"

"""Show me that each dictionary gives phrases and words as they stand, and how sure they are."""

import gzip
from pathlib import Path

from index.train_lexicon import (
    Link,
    Synset,
    by_chinese,
    in_one_script,
    phrase,
    read_cedict,
    read_frequencies,
    read_glossary,
    read_names,
    read_synsets,
    read_wiktionary,
    synonyms,
)


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def test_a_phrase_has_no_function_words_and_four_words_at_most() -> None:
    assert phrase("To give the Workers") == "give workers"
    assert phrase("one two three four five") == "two three four five"
    assert phrase("two three four five six") == ""


def test_cedict_shares_a_words_weight_among_its_glosses_without_asides(tmp_path: Path) -> None:
    lines = [
        "# comment",
        "工會 工会 [gong1 hui4] /labor union/trade union (organization)/CL:個|个[ge4]/",
        "李 李 [Li3] /surname Li/plum/",
        "幫助 帮助 [bang1 zhu4] /to help/also written 幫忙/",
    ]
    path = tmp_path / "cedict.gz"
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    assert read_cedict(path) == [
        Link("labor union", "工会", 0.5),
        Link("trade union", "工会", 0.5),
        Link("plum", "李", 1.0),
        Link("help", "帮助", 1.0),
    ]


def test_wiktionary_gives_every_translation_without_its_pinyin(tmp_path: Path) -> None:
    path = write(
        tmp_path / "wiktionary",
        "# English :: Mandarin",
        "trade union {n} (organization) :: 工會, 工会 /gōnghuì/",
        "a {n} (letter) :: [no name]",
    )
    assert read_wiktionary(path) == [
        Link("trade union", "工會", 0.5),
        Link("trade union", "工会", 0.5),
    ]


def test_names_weigh_more_the_more_people_bear_them(tmp_path: Path) -> None:
    path = write(tmp_path / "names", "obama\t奧 巴 馬\t3", "häg\t海\t9")
    assert read_names([path]) == [Link("obama", "奧巴馬", 0.75)]
    assert in_one_script(read_names([path])) == [Link("obama", "奥巴马", 0.75)]


def test_synsets_join_both_wordnets_by_their_identifiers(tmp_path: Path) -> None:
    folder = tmp_path / "wordnet"
    folder.mkdir()
    write(
        folder / "noun.group.yaml",
        "08233056-n:",
        "  definition:",
        "  - 'an organization of employees",
        "    that bargains'",
        "  hypernym:",
        "  - 08008335-n",
        "  ili: i80251",
        "  members:",
        "  - union",
        "  - trade union",
        "08233057-n:",
        "  definition:",
        "  - another",
        "  members:",
        "  - other",
    )
    write(folder / "entries-u.yaml", "union:", "  n:", "    sense:")
    identifiers = write(tmp_path / "ili", "i80251\t08233056-n")
    chinese = write(tmp_path / "cow", "08233056-n\tcmn:lemma\t工会", "# x")
    found = read_synsets(folder, identifiers, chinese)
    assert found == [
        Synset(("union", "trade union"), ("工会",), "an organization of employees that bargains"),
        Synset(("other",), (), "another"),
    ]
    assert synonyms(found) == [Link("union", "工会", 0.5), Link("trade union", "工会", 0.5)]


def test_a_glossary_has_comments_and_several_terms(tmp_path: Path) -> None:
    path = write(tmp_path / "glossary", "# one", "acftu\t全国总工会 总工会", "", "the of\t无")
    assert read_glossary(path) == [Link("acftu", "全国总工会", 1.0), Link("acftu", "总工会", 1.0)]


def test_frequencies_are_a_word_and_a_count_a_line(tmp_path: Path) -> None:
    assert read_frequencies(write(tmp_path / "counts", "the\t53", "union\t7")) == {
        "the": 53,
        "union": 7,
    }


def test_what_two_dictionaries_say_counts_twice() -> None:
    links = [Link("union", "工会", 1.0), Link("guild", "工会", 0.5), Link("union", "工会", 0.25)]
    assert by_chinese(links) == {"工会": (["union", "guild"], [1.25, 0.5])}

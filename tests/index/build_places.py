"""Here are tables of administrative divisions; give me `index/places.tsv`.

    python -m tests.index.build_places PLACES_FOLDER CEDICT_GZ > index/places.tsv

PLACES_FOLDER holds provinces.json, cities.json and areas.json ({"code", "name"} each). The words of
CC-CEDICT only decide the mark `w`: a short name that is also a common word (日照, 中卫, 来宾).
"""

import gzip
import json
import re
import sys
from pathlib import Path

import jieba
from pypinyin import lazy_pinyin

from index.gazetteer import short_name

HEADER = """\
# Places of China: code (GB/T 2260, without trailing zero pairs), full name, short name, pinyin of
# the short name, and `w` where the short name is also a common word and needs its level (日照市).
# Facts of the national code; made by tests/index/build_places.py.
"""
# In the code, but not in the tables of the mainland.
ELSEWHERE = {"71": "台湾省", "81": "香港特别行政区", "82": "澳门特别行政区"}
# Entries that group others or name no place that people speak of.
_NOT_PLACES = re.compile("^(?:市辖区|县|城区|郊区|矿区|东区|西区|.*行政区划|.*岛礁.*|.*管委会)$")
_ENTRY = re.compile(r"^(\S+) (\S+) \[([^\]]*)\] /(.*)/$")
_DIVISION = re.compile(
    r"\b(?:city|province|county|district|prefecture|banner|municipality|region)\b"
)
# Names whose usual Latin spelling neither table gives.
_SPELLED = {
    "陕西": "shaanxi",
    "六安": "luan",
    "吕梁": "luliang",
    "石鼓": "shigu",
    "大城": "daicheng",
}
_COUNTY_CODE = 6  # digits
_FREQUENT = 200  # occurrences in the corpus that jieba's dictionary was counted on
_POSITIONS_AND_NUMBERS = ("f", "s", "m")
_MOST_COUNTIES = 70  # codes 71 to 79 of a city are zones of its own, not divisions of the state


def read_divisions(folder: Path) -> dict[str, str]:
    """Full name by code, provinces, cities and counties together."""
    names = dict(ELSEWHERE)
    for table in ("provinces", "cities", "areas"):
        for entry in json.loads((folder / f"{table}.json").read_text(encoding="utf-8")):
            code, name = entry["code"], entry["name"]
            zone = len(code) == 6 and _MOST_COUNTIES < int(code[4:]) < 80
            if not zone and not _NOT_PLACES.match(name):
                names[code] = name
    return names


def read_words(cedict: Path) -> tuple[set[str], dict[str, str]]:
    """The words of CC-CEDICT that are no names, and the toneless reading of those that are."""
    words: set[str] = set()
    names: dict[str, str] = {}
    with gzip.open(cedict, "rt", encoding="utf-8") as lines:
        for line in lines:
            match = _ENTRY.match(line.strip())
            if match and match[3] == match[3].lower():
                words.add(match[2])
            elif match and _DIVISION.search(match[4]):
                names.setdefault(
                    match[2], re.sub("[^a-z]", "", match[3].lower().replace("u:", "u"))
                )
    return words, names


def read_tags() -> dict[str, tuple[str, int]]:
    """Class and frequency of each word in jieba's dictionary; `ns` is a place name."""
    with jieba.get_dict_file() as lines:
        rows = [line.decode("utf-8").split() for line in lines]
    return {row[0]: (row[2], int(row[1])) for row in rows if len(row) == 3}


def is_common(short: str, county: bool, words: set[str], tag: tuple[str, int]) -> bool:
    """Whether a short name is read as a word rather than as a place.

    A county is named less often than a frequent word of its spelling (新建, 平原, 城中, 三门), even
    where jieba's dictionary knows the place; a city with `ns` is the place (朝阳).
    """
    kind, frequency = tag
    frequent = county and frequency >= _FREQUENT
    if short in words:
        return kind != "ns" or frequent
    return frequent and kind in _POSITIONS_AND_NUMBERS


def main() -> None:
    """Write the table to standard output."""
    names = read_divisions(Path(sys.argv[1]))
    words, readings = read_words(Path(sys.argv[2]))
    tags = read_tags()
    cities = {short_name(name) for code, name in names.items() if len(code) < _COUNTY_CODE}
    rows = [HEADER]
    for code, name in sorted(names.items()):
        short = short_name(name)
        pinyin = (
            _SPELLED.get(short)
            or readings.get(short)
            or "".join(lazy_pinyin(short)).replace("ü", "u")
        )
        county = short not in cities
        common = short != name and is_common(short, county, words, tags.get(short, ("", 0)))
        mark = "w" if common else ""
        rows.append("\t".join((code, name, short, pinyin, mark)).rstrip("\t") + "\n")
    sys.stdout.write("".join(rows))


if __name__ == "__main__":
    main()

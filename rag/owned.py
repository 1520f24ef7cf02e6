"""Here is a sentence with several figures and a question; tell me how much of it each figure owns.

A figure owns the words from the figure or the comma before it, and the noun behind it; what stands
before the first figure is common to all. Where the words of the question stand to each figure
(`rag.standing`), its unit, its verb and what stands right beside it are weighed by `owned.json`,
which `python -m eval.train_owned` writes.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import rjieba
from numpy.typing import NDArray

from index.predicates import Predicate, conflict, governing_act, near, predicates
from index.quantity import PERSONS, Quantity
from rag.asks import OF_MONEY, Ask
from rag.query import Query
from rag.standing import STANDINGS, Row, row_of, standings
from rag.wording import bare

WEIGHTS = Path(__file__).with_name("owned.json")
# A run of so many characters right beside the words that ask is as good as any longer one.
BESIDE = 6
# Questions of fewer pairs of characters count as of so many: one word alone must not decide.
FEWEST = 4
# Characters of what a figure counts that are looked for in the question.
NAME = 8
# What a figure of the whole owns of a question on a part that is not named.
NOT_SAID = -99.0
# Where the words stand, and what else is said of a figure beside its unit.
OF_WORDS = (
    *STANDINGS,
    *(f"key_{name}" for name in STANDINGS),
    "exact_left", "exact_right", "head_left", "head_right",
    "before_before", "before_behind", "behind_before", "behind_behind",
    "same_verb", "same_act", "near_act", "other_act", "conflicts",
    "part_said", "part_only", "part_unsaid", "all_said", "all_only", "first",
)  # fmt: skip
OF_UNITS = (
    "same", "alike", "any", "kind", "other",
    "bare_count", "bare_person", "bare_money", "bare_other", "money_asked", "money_counted",
)  # fmt: skip
NAMES = (*OF_WORDS, *OF_UNITS)
_AT = {name: at for at, name in enumerate(NAMES)}
# Where the word that names what is counted stands in a figure's own words.
_OWN_KEY = [at for name, at in _AT.items() if re.match("key_(left|right)_(near|mid|far)", name)]
_RUN = re.compile(r"[a-z0-9.%]+|[\u3400-\u9fff]+")
_ASKS = re.compile(
    r"(?:百分之)?(?:多少|几)(?:钱|元|人民币)?|多[久长大高远重深宽]|哪[些个家位一]?|数量|人数|总数"
)
# Measure words that may stand for each other: things counted, and times something was held.
ALIKE = (
    frozenset("个家处所座间站项户条类种"),
    frozenset({"次", "场", "期", "届", "轮", "场次", "期次"}),
)
# The measure word that may stand for any.
ANY = "个"
_MONEY = re.compile(rf"{OF_MONEY.pattern}|学金|津贴|预算|投资|券|费|工资|收入|价|奖励")
_PART = re.compile(r"其中|当中|里面")
# Of which level something is: 省|五一劳动奖章 is another's than 市|五一劳动奖章.
_LEVEL = re.compile(r"(?P<level>全国|国家|[省市县区])级?[“\"「《]?(?P<name>[\u4e00-\u9fff]{2})")
_NATION = {"国家": "全国"}
# What a part is called of which a figure is asked: 新增会员中农民工|多少.
_PART_NAME = re.compile(
    r"(?:其中|当中|里面?|(?<![高初集])中(?![心学国小央医共铁交华]))的?(?P<name>[\u4e00-\u9fff]{2,8}?)"
    r"(?:有|占|是|为|达|共)*(?:多少|几[个名位人家])"
)
_ALL = re.compile(r"共|总|累计|合计")
_ALL_BEFORE = re.compile(r"(?:共|总|累计|合计)[^，,。;；、]{0,12}$")
_PART_BEFORE = re.compile(r"(?:其中|[(（])[^。;；)）]*$")
_STILL = re.compile(r"[共计约达有为了到超近逾各的过是]+$")
_FILLER = re.compile(r"^[的余多]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question says, as figures are compared with it.

    `pairs` are its pairs of characters and its other runs whole, `key` those of the word beside the
    words that ask, which names what is counted, `before` and `behind` what stands there; `part` and
    `all` say whether it asks for a part (其中) or for all (一共), `money` whether it names what is
    money, `part_name` what the part is called, `levels` each level it names with the two characters
    behind it (省|五一).
    """

    pairs: tuple[str, ...]
    key: tuple[str, ...]
    before: str
    behind: str
    part: bool
    all: bool
    money: bool
    part_name: str = ""
    levels: tuple[tuple[str, str], ...] = ()


def asked_of(query: Query) -> Asked:
    """What a query says; of a question that is not Chinese its words alone, in Chinese."""
    if query.language != "zh":
        return Asked(_pairs(" ".join(query.search_words)), (), "", "", False, False, False)
    text = query.text
    match = _ASKS.search(text)
    start, end = match.span() if match else (len(text), len(text))
    left = _STILL.sub("", bare(text[:start]).rstrip())
    behind = text[end:].removeprefix(query.ask.unit)
    right = bare(behind)
    before = left[-BESIDE:].rsplit(" ", 1)[-1]
    counted = _FILLER.sub("", right.strip()).split(" ", 1)[0]
    return Asked(
        _pairs(f"{left} {right}"),
        _pairs(_first_word(counted)) or _pairs(_last_word(before)),
        before,
        _FILLER.sub("", behind.rstrip("?？。 "))[:BESIDE],
        _PART.search(text) is not None,
        _ALL.search(text) is not None,
        _MONEY.search(text) is not None,
        _last_word(named["name"]) if (named := _PART_NAME.search(text)) else "",
        _levels(text, query.place_names),
    )


def _levels(text: str, places: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """The levels named in a question, each with what is of it; 市 in 株洲市 is none."""
    for name in sorted(places, key=len, reverse=True):
        text = text.replace(name, " ")
    return tuple((m["level"], m["name"]) for m in _LEVEL.finditer(text))


def _first_word(text: str) -> str:
    """The first word of a text that has more than one character."""
    return next((word for word in rjieba.cut(text, False) if len(word) > 1), "")


def _last_word(text: str) -> str:
    """The last word of a text that has more than one character, no verb where there is another."""
    words = [(word, tag) for word, tag in rjieba.tag(text) if len(word) > 1]
    nouns = [word for word, tag in words if tag == "vn" or not tag.startswith("v")]
    return (nouns or [word for word, _ in words] or [""])[-1]


def _pairs(text: str) -> tuple[str, ...]:
    """The pairs of Han characters of a text, and its other runs whole, once each in order."""
    found: dict[str, None] = {}
    for run in _RUN.findall(text.lower()):
        if run[0] < "\u3400" or len(run) == 1:
            found[run] = None
        else:
            found.update(dict.fromkeys(run[at : at + 2] for at in range(len(run) - 1)))
    return tuple(pair for pair in found if len(pair) > 1)


def claims(
    text: str, figures: Sequence[Quantity], query: Query, asked: Asked
) -> NDArray[np.float64]:
    """What speaks for each figure of a sentence, shape (figures, `NAMES`)."""
    lower = text.lower()
    row = row_of(lower, [(figure.start, figure.end) for figure in figures])
    found = [[0.0] * len(NAMES) for _ in figures]
    each, key = 1.0 / max(FEWEST, len(asked.pairs)), 1.0 / max(1, len(asked.key))
    for pair in asked.pairs:
        for at, standing in enumerate(standings(row, pair) or ()):
            if standing >= 0:
                found[at][standing] += each
                if pair in asked.key:
                    found[at][len(STANDINGS) + standing] += key
    verbs = predicates(lower)
    pairs = frozenset(asked.pairs)
    for at, figure in enumerate(figures):
        said = _beside(row, at, asked, pairs)
        said |= _acts(governing_act(lower, figure, verbs), query)
        said |= _of_all(lower, figure, asked)
        said[_unit(figure, query.ask)] = 1.0
        if not query.ask.unit and query.ask.kind == "count" and figure.kind == "money":
            said["money_asked"] = float(asked.money)
            said["money_counted"] = float(bool(asked.behind))
        said["first"] = float(at == 0)
        for name, value in said.items():
            found[at][_AT[name]] = value
        if said["part_only"] and not any(found[at][place] for place in _OWN_KEY):
            found[at][_AT["part_unsaid"]] = 1.0
    return np.array(found)


def _beside(row: Row, at: int, asked: Asked, pairs: frozenset[str]) -> dict[str, float]:
    """How far the characters right beside a figure and those beside the words that ask agree.

    `exact_left` and `exact_right` are the shares of what the figure counts that the question says,
    `head_left` and `head_right` whether it says what stands next to it: a longer name that has the
    one asked for in it (职工书屋|示范点) is another name.
    """
    first, last = row.said_of(at)
    start, end = row.starts[first], row.ends[last]
    opens = max(
        row.ends[first - 1] if first else 0, max(_last_mark(row.text, start), start - NAME * 2)
    )
    left = _STILL.sub("", row.text[opens:start]).rstrip('”"」》')
    right = _FILLER.sub("", row.text[end : end + NAME * 2])
    own_left = _pairs(left[-NAME:]) if row.closed[last] else ()
    own_right = () if row.closed[last] else _pairs(_until_mark(right)[:NAME])
    return {
        "exact_left": _share(own_left, pairs),
        "exact_right": _share(own_right, pairs),
        "head_left": _share(own_left[-1:], pairs),
        "head_right": _share(own_right[:1], pairs),
        "before_before": _common(asked.before[::-1], left[::-1]) / BESIDE,
        "before_behind": _within(asked.before, right[:BESIDE]) / BESIDE,
        "behind_before": _within(asked.behind, left[-BESIDE:]) / BESIDE,
        "behind_behind": _common(asked.behind, right) / BESIDE,
    }


def _last_mark(text: str, before: int) -> int:
    """Where the last mark before a position ends."""
    return max(text.rfind(mark, 0, before) for mark in "，,:：(（；;。、") + 1


def _until_mark(text: str) -> str:
    """A text up to its first mark."""
    return re.split(r"[，,:：()（）；;。、]", text, maxsplit=1)[0]


def _share(own: Sequence[str], said: frozenset[str]) -> float:
    """The share of some pairs that are said."""
    return sum(pair in said for pair in own) / len(own) if own else 0.0


def _common(one: str, other: str) -> int:
    """How many characters two texts begin with in common."""
    size = 0
    while size < min(len(one), len(other)) and one[size] == other[size]:
        size += 1
    return size


def _within(words: str, text: str) -> int:
    """The length of the longest stretch of two characters or more of `words` in a text."""
    for size in range(len(words), 1, -1):
        if any(words[at : at + size] in text for at in range(len(words) - size + 1)):
            return size
    return 0


def _acts(found: Predicate | None, query: Query) -> dict[str, float]:
    """How a figure's verb stands to the verb asked for."""
    if found is None or not query.acts:
        return {}
    same = found.kind in query.acts
    close = any(near(asked, found.kind) for asked in query.acts)
    return {
        "same_verb": float(found.verb in query.verbs),
        "same_act": float(same),
        "near_act": float(close and not same),
        "other_act": float(not close),
        "conflicts": float(any(conflict(asked, found.kind) for asked in query.acts)),
    }


def _of_all(text: str, figure: Quantity, asked: Asked) -> dict[str, float]:
    """Whether a figure is of a part (其中) or of all (共), and whether that is asked for."""
    before = text[max(0, figure.start - 40) : figure.start]
    part = _PART_BEFORE.search(before) is not None
    whole = _ALL_BEFORE.search(before) is not None
    return {
        "part_said": float(part and asked.part),
        "part_only": float(part and not asked.part),
        "all_said": float(whole and asked.all),
        "all_only": float(whole and not asked.all),
    }


def _unit(figure: Quantity, ask: Ask) -> str:
    """How a figure's unit stands to the one asked for."""
    if ask.kind in {"money", "ratio"}:
        return "same" if figure.kind == ask.kind else "other"
    if ask.kind == "duration":
        fits = figure.kind == "time"
        return "same" if fits and ask.unit in {"", figure.unit} else "kind" if fits else "other"
    if not ask.unit:
        return f"bare_{figure.kind if figure.kind in {'count', 'person', 'money'} else 'other'}"
    if figure.unit == ask.unit:
        return "same"
    persons = ask.unit in PERSONS
    if persons and figure.kind == "person":
        return "alike"
    if any(ask.unit in group and figure.unit in group for group in ALIKE):
        return "alike"
    if figure.kind in {"count", "person"} and ANY in {ask.unit, figure.unit}:
        return "any"
    return "kind" if figure.kind == "count" and not persons else "other"


@dataclass(frozen=True, slots=True)
class Weights:
    """What each of `NAMES` is worth."""

    values: NDArray[np.float64]

    def scores(self, found: NDArray[np.float64]) -> NDArray[np.float64]:
        """The score of each figure, as log-odds: only differences mean anything."""
        return np.asarray(found @ self.values)


def read_weights(path: Path = WEIGHTS) -> Weights:
    """The weights in a file; ValueError, naming what is missing, where it is for other features."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if tuple(found["features"]) != NAMES:
        odd = sorted(set(found["features"]) ^ set(NAMES))
        raise ValueError(
            f"{path}: is for other features ({', '.join(odd) or 'another order'}); train it again "
            "with python -m eval.train_owned"
        )
    return Weights(np.array(found["weights"]))


@lru_cache(maxsize=1)
def shipped() -> Weights:
    """The weights in this room, read at first use: what trains them can do without."""
    return read_weights()


def holdings(
    text: str,
    figures: Sequence[Quantity],
    query: Query,
    asked: Asked,
    weights: Weights | None = None,
) -> list[float]:
    """By how much each figure of a sentence owns less of a question than the one that owns most.

    As log-odds, in order: 0 for the one that owns most, below 0 for the others, and `NOT_SAID` for
    all where the sentence does not name the part that is asked for, for one where its own words
    name what is asked for at another level.
    """
    if asked.part_name and asked.part_name not in text:
        return [NOT_SAID] * len(figures)
    scores = np.zeros(len(figures))
    if len(figures) > 1:
        scores = (weights or shipped()).scores(claims(text, figures, query, asked))
    others = [_of_other_level(text, figures, at, asked) for at in range(len(figures))]
    return [NOT_SAID if o else float(s) for o, s in zip(others, scores - scores.max(), strict=True)]


def _of_other_level(text: str, figures: Sequence[Quantity], at: int, asked: Asked) -> bool:
    """Whether a figure's own words name what is asked for at another level, and not at that one."""
    opens = figures[at - 1].end if at else 0
    own = text[opens : figures[at].end + NAME]
    for level, name in asked.levels:
        said = {m["level"] for m in _LEVEL.finditer(own) if m["name"] == name}
        if said and _NATION.get(level, level) not in {_NATION.get(one, one) for one in said}:
            return True
    return False

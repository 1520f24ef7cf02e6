"""Here are the five seeds; give me them as articles, whole or with damage done to them."""

from hashlib import blake2b
from pathlib import Path

from hypothesis import strategies as st

from index.align import Aligned
from index.document import Article

SEEDS = sorted((Path(__file__).resolve().parents[2] / "seeds").glob("*.txt"))


def article(text: str, source: str = "a.txt", **stated: str) -> Article:
    """An article received as plain text; `stated` is what its container said."""
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return Article(source, text, Aligned.identity(text), digest, **stated)


def seed_text(number: str) -> str:
    """The text of the seed whose name begins with `number`."""
    path = next(path for path in SEEDS if path.name.startswith(number))
    return path.read_bytes().decode("utf-8")


def seed(number: str) -> Article:
    """The seed whose name begins with `number`."""
    path = next(path for path in SEEDS if path.name.startswith(number))
    return article(seed_text(number), path.name)


# What real pages add: readings, full-width forms, characters without a shape, broken remains.
_NOISE = st.sampled_from(
    [
        "(xí)",
        "（huì）",
        "(le)",
        "?quán)",
        "?。粰?",
        "１２３％",
        "ＡＰＰ",
        "\u200b",
        "\ufeff",
        "\u202e",
        "\x00",
        "\ufffd",
        "\ue001",
        "\ufe0f",
        "\ud800",
        "\r\n",
        "\r",
        "\u3000",
        "\xa0",
        "\t",
        "  ",
        "\n\n",
        "\u2028",
        "</p>",
        "<br/>",
        "?/p>",
        "APP(ios)",
        "習近平總書記",
        "⼯会",
        "（完）",
        "猜你喜欢\n",
        "返回搜狐，查看更多",
        "正文：",
        "原标题：",
        "。",
        "”",
        "2021年",
        "𠮷",
        "e\u0301",
    ]
)


@st.composite
def damaged_texts(draw: st.DrawFn) -> str:
    """A stretch of a seed with insertions, deletions and repetitions."""
    text = seed_text(draw(st.sampled_from(["000", "001", "002", "003", "004"])))
    start = draw(st.integers(0, len(text) - 1))
    text = text[start : start + draw(st.integers(0, 1500))]
    for _ in range(draw(st.integers(0, 12))):
        at = draw(st.integers(0, len(text)))
        kind = draw(st.sampled_from(["insert", "delete", "repeat"]))
        reach = at + draw(st.integers(1, 80))
        if kind == "insert":
            text = text[:at] + draw(_NOISE) + text[at:]
        elif kind == "delete":
            text = text[:at] + text[reach:]
        else:
            text = text[:reach] + "\n" + text[at:]
    return text

"""Here is a question about an article itself; tell me which printed words may answer it.

When, where and by whom an article was published is known of it, but only what its own text prints
can be cited (中新网8月11日电, 记者 程景伟).
"""

import re

from rag.evidence import Evidence

_BYLINE = re.compile(r"(?:记者|作者|通讯员|撰稿|撰文|文[:：/])[\s:：|丨]*$")
_DATELINE = re.compile(r"^(?:[讯电]|消息)")
_SAYS = {
    "date": ("发表日期", "The date of publication"),
    "author": ("作者", "The author"),
    "paper": ("刊登的报纸或网站", "The publisher"),
}


def prints_it(what: str, evidence: Evidence) -> bool:
    """Whether a span is a dateline or byline of its article."""
    text, span = evidence.sentence.text, evidence.span
    if span is None:
        return False
    if what == "date":
        return _DATELINE.match(text[span.end :]) is not None
    return what == "author" and _BYLINE.search(text[: span.start]) is not None


def not_printed(what: str, language: str) -> str:
    """The sentence that says that no article's text was found to print it."""
    chinese, english = _SAYS[what]
    if language == "en":
        return f"{english} was not found in the text of the articles."
    return f"文章正文中没有找到{chinese}；日期和出处见所列文章的题目之下。"

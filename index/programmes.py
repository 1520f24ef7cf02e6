"""Here is a text; give me the union programmes it names, and where."""

import re
from collections.abc import Iterable

# Union terms for people and organisations: what an answer may be about in other words.
COMMON = re.compile(
    r"(?:职工|工人|劳动者|农民工|会员|干部|主席|工会|组织|企业|人员|群众|司机|快递员|骑手|委员会|小组|工作者|子女|家庭|经费|资金"
    r"|(?:助学|慰问|救助|补助|补贴|帮扶|互助|奖)金|慰问品)$"
)
# What is handed out or held in the course of a programme, and days of the year.
_NO_PROGRAMME = re.compile(
    r"(?:[金款品物]|节|日|档案|中心|工人日报|劳模|模范|合同|12351|机关|代表|联合会|工会工作|中工网|形态|"
    r"娘家人|文化宫|俱乐部|劳动保护|健康体检)$"
)
_QUOTED = re.compile(r"[“「『]([\u4e00-\u9fff·+\w]{2,20})[”」』]")
# What stands right behind a programme's name in quotation marks.
_IS_PROGRAMME = re.compile(
    r"(?:系列|主题|公益|专项|品牌|帮扶|服务|慰问|关爱|救助|普惠|职工|工会){0,2}"
    r"(?:活动|行动|工程|计划|项目|工作|品牌|机制|模式|竞赛|大赛|基金|专项)"
)


class Programmes:
    """The names of programmes in a dictionary of union terms, ready to be found in texts."""

    def __init__(self, words: Iterable[str]) -> None:
        self._heads: dict[str, list[str]] = {}
        for word in sorted(words, key=lambda word: (-len(word), word)):
            if len(word) > 2 and not COMMON.search(word) and not _NO_PROGRAMME.search(word):
                self._heads.setdefault(word[:2], []).append(word)
        firsts, seconds = (
            "".join(sorted({re.escape(head[at]) for head in self._heads})) for at in (0, 1)
        )
        self._starts = re.compile(f"[{firsts}](?=[{seconds}])" if firsts else "(?!)")

    def find(self, text: str) -> list[tuple[int, int]]:
        """Spans of the programmes a text names, in order: terms of the dictionary, the longest
        first, and names in quotation marks that are said to be an activity, project or the like.
        """
        found = [m.span(1) for m in _QUOTED.finditer(text) if _IS_PROGRAMME.match(text, m.end())]
        free = 0
        for match in self._starts.finditer(text):
            start = match.start()
            if start < free or any(a <= start < b for a, b in found):
                continue
            for word in self._heads.get(text[start : start + 2], ()):
                if text.startswith(word, start):
                    free = start + len(word)
                    found.append((start, free))
                    break
        return sorted(found)

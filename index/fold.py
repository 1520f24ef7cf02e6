"""Here is text as received; give me the same in plain Simplified characters, aligned to it.

    習(xí)近平總書記        习近平总书记      ruby pinyin dropped, script folded
    ＡＢＣ １２３％          ABC 123%          full-width letters, digits and signs
    爭(zhēng)?。粰?quán)益  争。益            broken remains dropped, nothing invented; where a
                                             sentence may have ended in them, a line ends

Chinese punctuation stays as it is printed.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

import opencc

from index.align import Aligned, Edit
from index.document import Dropped

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# Characters without a shape: control, soft hyphen, zero width, bidi, variation, private, broken.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff0-\ufffd\ud800-\udfff\ue000-\uf8ff\U000e0000-\U0010ffff]+"
)
# Full-width letters, digits and the signs that Chinese punctuation does not need.
_WIDE = {
    code: code - 0xFEE0
    for first, last in ((0xFF02, 0xFF07), (0xFF0A, 0xFF0B), (0xFF0D, 0xFF19), (0xFF1C, 0xFF1E),
                        (0xFF20, 0xFF3D), (0xFF3F, 0xFF5D))
    for code in range(first, last + 1)
}  # fmt: skip
_LINES = dict.fromkeys(map(ord, "\x0b\x0c\x85\u2028\u2029"), "\n")
_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
_PLAIN = str.maketrans("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ", "aaaaeeeeiiiioooouuuuüüüünnnm")
_SYLLABLE = re.compile(
    "(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
    "(?:a|o|e|ai|ei|ao|ou|an|en|ang|eng|ong|i|ia|ie|iao|iu|ian|in|iang|ing|iong|"
    "u|ua|uo|uai|ui|uan|un|uang|ü|üe|üan|ün|ue)|er|ê|n|ng|m|hm)r?"
)
# A syllable in brackets after the character it reads: no longer than zhuāng.
_RUBY = re.compile(rf"(?<=[{HAN}])[(（]\s?([a-zü{_TONED}]{{1,6}})\s?[)）]")
_LONE = rf"(?=[a-zü]{{0,5}}[{_TONED}])[a-zü{_TONED}]{{1,6}}\)"
# A page whose bytes were shifted: `?` where a byte was lost, a wrong character beside it, and the
# pinyin without its opening bracket.
_LOST = re.compile(
    rf"(?:(?:\?[。！；，!;,]?[{HAN}]?){{0,2}}\?{_LONE}(?:[A-Z]\({_LONE})?"
    rf"(?:[{HAN}]?\?(?!{_LONE})[。！；，]?){{0,3}})+"
)
_LOST_PAPER = re.compile(rf"(?<=[日晚时時早周商])(?:\?{_LONE})*\?bào\)")
_LOST_MARK = re.compile(rf"(?<=[{HAN}。！，；”])\?(?=[。！，；：”’、？!,;{HAN}])")
_UNSEEN_OR_RETURN = re.compile(f"\r\n?|{_UNSEEN.pattern}")
_HINT = re.compile(f"[{_TONED}][a-zü]{{0,4}} ?[)）]")
_ENOUGH_RUBY = 3  # toned readings, before 了(le) is taken for one more
_TAG = re.compile(r"[<?]/?(?:p|br|b|i|u|a|em|hr|li|ul|ol|td|tr|div|span|font|strong)\s*/?>", re.I)
_SENTENCE_MARK = re.compile("[。！；]")
LOST = "\n\f"
"""What stands for damage in which a sentence may have ended: a line end that nobody joins again."""
_IN_PROSE = 50  # characters of a line from which damage breaks it; titles and credits stay whole
_SURROGATE = re.compile("[\ud800-\udfff]")  # no UTF-8, which the converter needs
_ENDS = frozenset("。！？；!?;\n")
_AFTER_LOST = re.compile("[，、,]?")


def fold(body: Aligned) -> tuple[Aligned, list[Dropped]]:
    """`body` in plain Simplified characters, aligned to the same source; and what was dropped."""
    dropped: list[Dropped] = []
    folded = _respelled(body, body.text.translate(_single_characters()))
    if _UNSEEN.search(folded.text) or "\r" in folded.text:
        folded = _edited(folded, _unseen_edits(folded.text), dropped)
    if "/" in folded.text and ("<" in folded.text or "?/" in folded.text):
        tags = (Edit(m.start(), m.end(), "", "tag") for m in _TAG.finditer(folded.text))
        folded = _edited(folded, tags, dropped)
    if _HINT.search(folded.text):
        folded = _edited(folded, _damage_edits(folded.text), dropped)
        folded = _edited(folded, _ruby_edits(folded.text), dropped)
    return _respelled(folded, simplified(folded.text)), dropped


def _edited(aligned: Aligned, edits: Iterable[Edit], dropped: list[Dropped]) -> Aligned:
    """`aligned` after `edits`, each noted in `dropped`."""
    made = list(edits)
    for edit in made:
        start, end = aligned.alignment.source_span(edit.start, edit.end)
        dropped.append(Dropped(start, end, edit.reason))
    return aligned.apply(made)


def simplified(text: str) -> str:
    """`text` in Simplified script, character for character (of the same length)."""
    converter, traditional = _script()
    if traditional.keys().isdisjoint(text):
        return text
    if not _SURROGATE.search(text):
        converted: str = converter.convert(text)
        if len(converted) == len(text):
            return converted
    return "".join(traditional.get(character, character) for character in text)


@lru_cache(maxsize=1)
def _script() -> tuple[opencc.OpenCC, dict[str, str]]:
    """The converter, and what it makes of each character that it changes."""
    converter = opencc.OpenCC("t2s")
    characters = [chr(code) for code in (*range(0x3400, 0xA000), *range(0x20000, 0x2A6E0))]
    converted = converter.convert("\n".join(characters)).split("\n")
    pairs = zip(characters, converted, strict=True)
    return converter, {old: new for old, new in pairs if old != new and len(new) == 1}


@lru_cache(maxsize=1)
def _single_characters() -> dict[int, str | int]:
    """What stands for a full-width character, a line separator, a radical of a PDF font."""
    table: dict[int, str | int] = {**_WIDE, **_LINES}
    for code in (*range(0x2E80, 0x2FE0), *range(0xF900, 0xFB00), *range(0xFFE0, 0xFFE7)):
        plain = unicodedata.normalize("NFKC", chr(code))
        if len(plain) == 1:
            table[code] = plain
    return table


def _respelled(aligned: Aligned, text: str) -> Aligned:
    """`aligned` with other characters at the same places."""
    return aligned if text == aligned.text else Aligned(text, aligned.alignment)


def _unseen_edits(text: str) -> Iterator[Edit]:
    """Drop what has no shape; each end of line becomes one line feed."""
    for match in _UNSEEN_OR_RETURN.finditer(text):
        new = "\n" if text[match.start()] == "\r" else ""
        yield Edit(match.start(), match.end(), new, "line end" if new else "unseen character")


def _damage_edits(text: str) -> list[Edit]:
    """Drop broken remains; nothing is put in their place but 报 where a paper's name ends."""
    if not _LOST.search(text):
        return []
    edits = [Edit(m.start(), m.end(), "报", "repaired") for m in _LOST_PAPER.finditer(text)]
    taken = {edit.start for edit in edits}
    for match in _LOST.finditer(text):
        if match.start() not in taken:
            edits.append(_lost(text, match.start(), match.end()))
    ends = sorted((edit.start, edit.end) for edit in edits)
    for match in _LOST_MARK.finditer(text):
        if not any(start <= match.start() < end for start, end in ends):
            edits.append(_lost(text, match.start(), match.end()))
    return _apart(sorted(edits, key=lambda edit: edit.start))


def _lost(text: str, start: int, end: int) -> Edit:
    """Drop damage; its own mark, the mark beside it or else a break keeps two sentences apart."""
    mark = _SENTENCE_MARK.search(text, start, end)
    if mark:
        return Edit(start, end, mark[0], "damaged")
    marked = text[end : end + 1] in _ENDS or text[start - 1 : start] in _ENDS
    line = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", end)
    if marked or (stop if stop >= 0 else len(text)) - line < _IN_PROSE:
        return Edit(start, end, "", "damaged")
    after = _AFTER_LOST.match(text, end)
    return Edit(start, after.end() if after else end, LOST, "damaged")


def _apart(edits: list[Edit]) -> list[Edit]:
    """`edits` without those that begin inside the one before."""
    kept: list[Edit] = []
    for edit in edits:
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    return kept


def _ruby_edits(text: str) -> Iterator[Edit]:
    """Drop the readings in brackets; one without a tone only beside others that have one."""
    found = [m for m in _RUBY.finditer(text) if _SYLLABLE.fullmatch(m[1].translate(_PLAIN))]
    toned = sum(m[1] != m[1].translate(_PLAIN) for m in found)
    for match in found:
        if match[1] != match[1].translate(_PLAIN) or toned >= _ENOUGH_RUBY:
            yield Edit(match.start(), match.end(), "", "ruby")

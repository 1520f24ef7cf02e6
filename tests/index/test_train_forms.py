"""Forms find their stem: irregular ones as listed, the others by the rules of spelling."""

from pathlib import Path

import pytest

from index.train_forms import read_forms, regular

ENTRIES = """\
stop:
  n:
    sense:
    - id: 'stop%1:04:00::'
      synset: 00001-n
  v:
    form:
    - stopped
    - stopping
    sense:
    - id: 'stop%2:41:00::'
go:
  v:
    form:
    - went
    - gone
    sense:
    - id: 'go%2:38:00::'
gone:
  a:
    sense:
    - id: 'gone%3:00:00::'
find:
  v:
    form:
    - found
found:
  v:
    sense:
    - id: 'found%2:41:00::'
go ahead:
  v:
    form:
    - went ahead
'yes':
  n:
    sense:
    - id: 'yes%1:10:00::'
"""


def test_forms_are_listed_or_made_and_keep_a_meaning_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "entries-g.yaml").write_text(ENTRIES, "utf-8")
    forms = read_forms(tmp_path)
    expected = {
        **{"stops": "stop", "stopped": "stop", "stopping": "stop"},
        **{"goes": "go", "went": "go", "gone": "go", "going": "go"},
        **{"finds": "find", "finding": "find", "founded": "found", "founding": "found"},
        "yeses": "yes",
    }
    assert expected.items() <= forms.items()
    assert "found" not in forms  # a verb itself, so it may not be read as the past of find
    assert not any(" " in form for form in forms)


@pytest.mark.parametrize(
    ("word", "kind", "forms"),
    [
        ("worker", "n", ("workers",)),
        ("box", "n", ("boxes",)),
        ("city", "n", ("cities",)),
        ("day", "n", ("days",)),
        ("raise", "v", ("raises", "raised", "raising")),
        ("study", "v", ("studies", "studied", "studying")),
        ("play", "v", ("plays", "played", "playing")),
        ("agree", "v", ("agrees", "agreed", "agreeing")),
        ("veto", "v", ("vetoes", "vetoed", "vetoing")),
        ("happy", "a", ("happier", "happiest")),
        ("wide", "s", ("wider", "widest")),
        ("widely", "r", ()),
    ],
)
def test_regular_forms_follow_the_rules_of_spelling(
    word: str, kind: str, forms: tuple[str, ...]
) -> None:
    assert regular(word, kind) == forms

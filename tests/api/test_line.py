"""What is typed is taken as it is, or refused in one line."""

import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st

from api.line import typed

READABLE = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)


@given(READABLE.filter(str.strip))
@settings(derandomize=True)
def test_text_is_taken_without_the_white_space_around_it(text: str) -> None:
    assert typed(f"  {text}\n", "question", 30) == text.strip()


@pytest.mark.parametrize("text", ["", " \n", "问" * 31, "a\udcff", "\ud800"])
def test_other_text_ends_the_command_with_code_2(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as ended:
        typed(text, "question", 30)
    assert ended.value.exit_code == 2
    assert capsys.readouterr().err.startswith("unionqa: the question ")

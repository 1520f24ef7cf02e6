"""The page that `unionqa doctor FILE` prints: facts, text beside source, what was left out."""

from index.clean import clean
from index.gazetteer import Gazetteer
from index.show import show
from tests.index.articles import seed


def test_the_page_shows_facts_text_beside_source_and_reasons() -> None:
    page = show(clean(seed("004"), Gazetteer.open()))
    assert "  date      2020-11-02" in page
    assert "  region    菏泽市  (3717)" in page
    assert "# 719-742  建好组织,让职工“有家”" in page
    assert "    from 1393-1423  建好組織,讓職工“有家”,增強(qiáng)職工群眾的歸屬感" in page
    assert "  navigation        0-40  您當(dāng)前位置" in page
    assert "  ruby              479 times" in page


def test_an_inferred_date_is_marked() -> None:
    assert "2021  (inferred)" in show(clean(seed("003"), Gazetteer.open()))

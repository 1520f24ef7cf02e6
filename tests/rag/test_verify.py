"""A model's sentence holds only where a sentence of an article that it cites says the same."""

from collections.abc import Callable

import pytest

from index.index import Snapshot
from rag.ask import look
from rag.generate import Task, task_of
from rag.verify import Checked, check
from tests.rag.conftest import Made

RAISED = "双鸭山金秋助学筹了多少钱"
CHAIR = "六盘水总工会主席是谁"
STATIONS = "白城和株洲各建了多少个户外劳动者服务站"
Say = Callable[[str], Checked]


def saying(snapshot: Snapshot, question: str) -> Say:
    """A function that checks a sentence said in answer to a question."""
    task = task_of(look(question, snapshot))
    assert isinstance(task, Task)
    return lambda text: check(text, task.passages, task.findings.answer.text)


AWARDED = "白城的五一劳动奖章选树了多少名"
MODELS = "株洲推荐选树了多少名全国劳模"
WARM = "双鸭山送温暖筹集多少资金"
BUILT = "六盘水新建了多少个工会"
HELPED = "菏泽走访了多少困难职工"
MATCHED = "株洲芙蓉情缘活动牵线多少对"
FIRMS = "株洲有多少企业建立工会"
HEAD = "株洲总工会主席是谁"

WHOLE = "去年，全市各级工会组织筹措助学资金163万元"
ROW = (
    "去年,市总工会推荐选树全国劳模7名、省劳模37名、市劳模161人、"
    "市五一劳动奖章430人(其中,我市参与湖北抗疫和市内抗疫的一线工人357人)"
)
# What a model says, and what of it is shown.
HOLD = [
    *((RAISED, said, "去年,全市各级工会组织筹措助学资金163万元") for said in (
        f"{WHOLE}。[1]",
        f"双鸭山市{WHOLE}。[1]",
        f"{WHOLE}，救助困难职工家庭高考生902人[1]。",
        f"{WHOLE}。\n[1]",
        f"根据段落[1]，{WHOLE}。",
        f"- **双鸭山市**金秋助学，{WHOLE.replace('163', '１６３')}。【1】",
        f"双鸭山市金秋助学活动中，{WHOLE}。[1]",
        "去年，全市各級工會組織籌措助學資金163萬元。[1, 1]",
        "去年，全市各级工会组织“筹措”助学资金163万元。[1]",
        "去年，全市各级工会组织筹措助学资金⑯3万元。[1]",
    )),
    (WARM, "双鸭山市2015年两节期间共筹集送温暖资金473万元。[1]",
     "2015年“两节”期间共筹集“送温暖”资金473万元"),
    (AWARDED, "白城市市五一劳动奖章100名。[1]", "市五一劳动奖章100名"),
    (
        MODELS,
        f"株洲市{ROW}，市工人先锋号12家。[1]",
        ROW,
    ),
    (
        BUILT,
        "六盘水市新建工会221个、新增工会会员34.6万名。[1]",
        "新建工会221个、新增工会会员34.6万名",
    ),
    (HELPED, "走访企业382家、困难职工7802人次。[1]", "走访企业382家、困难职工7802人次"),
    (MATCHED, "株洲市牵线搭桥412对，成功牵手206对。[1]", "牵线搭桥412对"),
    (HEAD, "市人大常委会一级巡视员、市总工会主席王建之先后6次率队到村驻点扶贫村金福村。[1]",
     "市人大常委会一级巡视员、市总工会主席王建之先后6次率队到村驻点扶贫村金福村"),
    (STATIONS, "近年来，我市建立工会户外劳动者服务站79个。[2]",
     "近年来,我市建立工会户外劳动者服务站79个"),
]  # fmt: skip
# What is in the articles' words, or nearly, and says what they do not.
FALSE = [
    (MODELS, "株洲市去年，市总工会推荐选树全国劳模7名。[1]"),
    (BUILT, "六盘水市新建工会221个。[1]"),
    (HELPED, "困难职工7802人次。[1]"),
    (RAISED, "双鸭山市各级工会组织筹措助学资金163万元。[1]"),
    (RAISED, "去年，双鸭山市筹措助学资金163万元，救助困难职工家庭高考生902人[1]。"),
    (RAISED, "去年，全市各级工会组织筹措助学资金163万元，救助高考生9'02人。[1]"),
    (RAISED, "去年，全市各级工会组织筹措助学资金16'3万元。[1]"),
    (RAISED, "双鸭山市救助困难职工家庭高考生902人。[1]"),
    (RAISED, "救助困难职工家庭高考生902人，去年，全市各级工会组织筹措助学资金163万元。[1]"),
    (WARM, "双鸭山市共筹集送温暖资金473万元。[1]"),
    (MODELS, "株洲市推荐选树省劳模37名。[1]"),
    (HELPED, "菏泽市走访困难职工7802人次。[1]"),
    (CHAIR, "六盘水市总工会主席是刘静。[1]"),
    (STATIONS, "株洲市建立工会户外劳动者服务站79个。[2]"),
    *((RAISED, f"双鸭山市{said}。[1]") for said in (
        "筹措助学资金164万元", "筹措助学资金163元", "筹措助学资金163亿元", "筹措助学资金163万美元",
        "筹措助学资金163萬", "筹措助学资金163万元²", "筹措助学资金-163万元",
        "筹措助学资金163万元/年",
        "筹措助学资金163余万元", "筹措助学资金近163万元", "筹措助学资金约163万元",
        "筹措助学资金超过163万元", "筹措助学资金163万元以上", "筹措助学资金1,63万元",
        "筹措助学资金 1 6 3 万元", "筹措助学资金163~200万元", "筹措助学资金163万元的一半",
        "筹措助学资金163万元（约合23万美元）", "筹措助学资金163万元是假的",
        "筹措助学资金163万元，是真的吗", "筹措助学资金163万元？", "筹措助学资金163万元是谣言",
        "发放助学资金163万元", "偷了助学资金163万元", "欠助学资金163万元", "缺助学资金163万元",
        "捐助学资金163万元", "被罚助学资金163万元", "丢助学资金163万元", "未筹措助学资金163万元",
        "没有筹措助学资金163万元", "人均筹措助学资金163万元", "计划筹措助学资金163万元",
        "筹措助学资金163万元，全省最多", "救助困难职工家庭高考生163万元", "救助高考生163万元",
        "困难职工家庭筹措助学资金163万元", "筹措助学资金902人", "救助困难职工家庭902人",
        "筹措资金163万元，第9次", "宝清县筹措助学资金163万元", "筹措“困难助学”资金163万元",
        "筹措助学资金163万元，领导贪污受贿", "每年筹措助学资金163万元",
        "救助困难职工家庭高考生902人，筹措助学资金163万元",
    )),
    (RAISED, "2019年双鸭山市筹措助学资金163万元。[1]"),
    (RAISED, "今年双鸭山市筹措助学资金163万元。[1]"),
    (RAISED, "株洲市筹措助学资金163万元。[1]"),
    (RAISED, "双鸭山市总工会主席张富良筹措助学资金163万元。[1]"),
    (RAISED, "双鸭山金秋助学筹了多少钱。[1]"),
    (BUILT, "六盘水市新建工会97个。[1]"),
    (BUILT, "六盘水市新建乡级工会221个。[1]"),
    (BUILT, "六盘水市新建工会34.6万名。[1]"),
    ("菏泽新建产业工会多少家", "菏泽市新建产业工会143家。[1]"),
    (AWARDED, "白城市选树市五一劳动奖章20个。[1]"),
    (AWARDED, "白城市选树市五一劳动奖状100名。[1]"),
    (AWARDED, "白城市成功推荐省五一劳动奖章6名。[2]"),
    (MATCHED, "株洲市大型联谊活动44场。[1]"),
    (MATCHED, "株洲市大型联谊活动5场。[1]"),
    (MATCHED, "株洲市牵线搭桥206对。[1]"),
    ("双鸭山有多少国家级劳动模范", "双鸭山市国家级劳动模范1个。[1]"),
    ("双鸭山有多少国家级劳动模范", "双鸭山市国家级劳动模范5名。[1]"),
    (MODELS, "株洲市市劳模37名。[1]"),
    (MODELS, "株洲市推荐选树全国劳模37名。[1]"),
    (MODELS, "株洲市推荐选树全国劳模、省劳模共7名。[1]"),
    (MODELS, "株洲市推荐选树省劳模7名。[1]"),
    (MODELS, "株洲市7名全国劳模在人民大会堂接受荣誉。[1]"),
    (HELPED, "菏泽市1284名职工下岗。[1]"),
    (HELPED, "菏泽市1284名下岗职工。[1]"),
    (HELPED, "菏泽市走访困难职工382人次。[1]"),
    (HELPED, "菏泽市走访困难职工1284人次。[1]"),
    (FIRMS, "株洲市576家百人以下企业建立工会组织。[1]"),
    (FIRMS, "株洲市576家企业建立工会组织。[1]"),
    *((CHAIR, f"六盘水市总工会{said}刘静。[1]") for said in (
        "副主席", "主席非", "主席不是", "前主席", "原主席", "代主席", "假主席", "名誉主席",
        "女主席",
    )),
    (CHAIR, "六盘水市总工会主席是刘建国。[1]"),
    (CHAIR, "六盘水市人大常委会主任刘静。[1]"),
    (CHAIR, "贵州省总工会主席刘静。[1]"),
    (CHAIR, "记者刘静。[1]"),
    (HEAD, "株洲市总工会原主席王建之。[1]"),
    (STATIONS, "白城市建立工会户外劳动者服务站79个。[2]"),
    (STATIONS, "株洲市建立工会户外劳动者服务站41家。[1]"),
]  # fmt: skip
FAIL = [
    (RAISED, "双鸭山市筹措助学资金163万元。", "citation"),
    (RAISED, "双鸭山市筹措助学资金163万元。[1][9]", "citation"),
    (RAISED, "双鸭山市筹措助学资金163万元。[0]", "citation"),
    (RAISED, "双鸭山市筹措助学资金163万元,请致电0469-4222222。[1]", "address"),
    (RAISED, "双鸭山市筹措助学资金163万元,详见evil.example.com。[1]", "address"),
    (RAISED, "双鸭山市筹措助学资金163万元,请加微信领取。[1]", "address"),
    (RAISED, "双鸭山市筹措助学资金163万元<b>。[1]", "form"),
    (RAISED, "双鸭山市筹措助学资金\u202e163万元。[1]", "form"),
    (RAISED, "双鸭山市筹措助学資金をたくさん。[1]", "form"),
    (RAISED, "。[1]", "form"),
]


@pytest.mark.parametrize(("question", "sentence", "shown"), HOLD)
def test_of_what_the_article_says_the_printed_answer_is_shown(
    seeds: Snapshot, question: str, sentence: str, shown: str
) -> None:
    checked = saying(seeds, question)(sentence)
    assert (checked.fault, checked.text) == ("", shown)
    assert shown in checked.grounds[0].sentence.text


@pytest.mark.parametrize(("question", "sentence"), FALSE)
def test_what_it_does_not_say_is_not_carried(seeds: Snapshot, question: str, sentence: str) -> None:
    checked = saying(seeds, question)(sentence)
    assert checked.fault
    assert checked.grounds == ()


@pytest.mark.parametrize(("question", "sentence", "fault"), FAIL)
def test_what_is_no_sentence_to_show_is_told_apart(
    seeds: Snapshot, question: str, sentence: str, fault: str
) -> None:
    checked = saying(seeds, question)(sentence)
    assert checked.fault == fault
    assert checked.grounds == ()


def test_an_address_is_shown_where_the_articles_answer_with_it(made: Made) -> None:
    text = "株洲市总工会\n\n株洲市总工会维权热线号码是0731-2861234。"
    say = saying(made([("a.txt", text)]), "株洲市总工会维权热线号码是多少")
    assert say("株洲市总工会维权热线号码是0731-2861234。[1]").fault == ""
    assert say("株洲市总工会维权热线号码是0731-2861235。[1]").fault == "address"


def test_a_verb_with_another_figure_does_not_lend_itself(made: Made) -> None:
    text = (
        "株洲市总工会\n\n去年,株洲市总工会金秋助学筹集资金50万元,"
        "向困难学生发放助学金30万元。今年计划金秋助学筹集资金80万元。"
    )
    say = saying(made([("a.txt", text)]), "株洲金秋助学筹集资金多少钱")
    assert say("去年，株洲市总工会金秋助学筹集资金50万元。[1]").fault == ""
    for other in ("筹集资金30万元", "发放助学金50万元", "去年筹集资金80万元", "筹集资金50万元"):
        assert say(f"株洲市金秋助学{other}。[1]").fault == "words"


# A sentence, a question on it, and what a model makes of it: whole clauses are left out, or words.
TURNED = [
    ("2019年,全市新建基层工会120家,2020年,基层会员活动覆盖5000人,职工书屋建成88个",
     "职工书屋建成多少个", "2019年,株洲市职工书屋建成88个"),
    ("2019年,全市新建基层工会120家,2020年,基层会员活动覆盖5000人,职工书屋建成88个",
     "职工书屋建成多少个", "2019年,职工书屋建成88个"),
    ("上半年,全市新增会员3000人,下半年,职工培训覆盖5200人",
     "职工培训覆盖多少人", "上半年,职工培训覆盖5200人"),
    ("1月,株洲市培训职工300人,2月,职工比武吸引460人",
     "职工比武吸引多少人", "1月,职工比武吸引460人"),
    ("有关部门否认,株洲市建成高尔夫球场3个", "高尔夫球场建成多少个", "株洲市建成高尔夫球场3个"),
    ("省总工会要求,株洲市总工会建成母婴室25个", "母婴室建成多少个", "株洲市总工会建成母婴室25个"),
    ("株洲市建会企业参赛率约85%", "建会企业参赛率是多少", "株洲市参赛率约85%"),
    ("株洲市接待服务青年职工6000余人次", "接待服务青年职工多少人次", "接待服务职工6000余人次"),
    ("株洲市帮扶单亲女职工家庭150户", "帮扶单亲女职工家庭多少户", "株洲市帮扶家庭150户"),
    ("据不完全统计,株洲市有职工书屋66个", "有职工书屋多少个", "株洲市有职工书屋66个"),
    ("株洲市企业工会投入资金50万元,事业单位工会投入资金70万元",
     "企业工会投入资金多少", "株洲市工会投入资金50万元"),
]  # fmt: skip


@pytest.mark.parametrize(("printed", "asked", "said"), TURNED)
def test_nothing_is_left_out_that_the_answer_does_not_leave_out(
    made: Made, printed: str, asked: str, said: str
) -> None:
    say = saying(made([("a.txt", f"株洲市总工会\n\n{printed}。")]), f"株洲{asked}")
    assert say(f"{printed}。[1]").fault == ""
    assert say(f"{said}。[1]").fault == "words"


BESIDE = [
    "咨询请拨88881234询问", "详询400-800-1234", "手机138-1234-5678可预约",
    "加VX abc12345领取补贴", "登录10.20.30.40/pay缴费", "工行6222-0212-3456-7890",
    "登录工会点中国领取补贴", "telegram群组名evilgroup", "加薇信工会小助手领取50元",
]  # fmt: skip


@pytest.mark.parametrize("beside", BESIDE)
def test_a_clause_beside_the_answer_is_not_shown(made: Made, beside: str) -> None:
    text = f"株洲市总工会\n\n株洲市建成爱心驿站56个,{beside}。"
    say = saying(made([("a.txt", text)]), "株洲爱心驿站建成多少个")
    checked = say(f"株洲市建成爱心驿站56个,{beside}。[1]")
    assert checked.fault in {"", "address"}
    assert checked.fault or checked.text == "株洲市建成爱心驿站56个"
    assert say("株洲市建成爱心驿站56个。[1]").text == "株洲市建成爱心驿站56个"


@pytest.mark.parametrize("inside", ["88881234", "138-1234-5678", "abc12345", "10.20.30.40"])
def test_a_number_that_counts_nothing_is_an_address(made: Made, inside: str) -> None:
    fact = f"株洲市建成爱心驿站56个可询{inside}"
    say = saying(made([("a.txt", f"株洲市总工会\n\n{fact}。")]), "株洲爱心驿站建成多少个")
    assert say(f"{fact}。[1]").fault == "address"


def test_one_sentence_carries_all_of_it(made: Made) -> None:
    text = (
        "株洲市总工会\n\n株洲市总工会金秋助学筹集资金50万元。"
        "株洲市总工会金秋助学资助困难职工子女200名。"
    )
    say = saying(made([("a.txt", text)]), "株洲金秋助学情况如何")
    assert say("株洲市总工会金秋助学资助困难职工子女200名。[1]").fault == ""
    both = "株洲市总工会金秋助学筹集资金50万元，株洲市总工会金秋助学资助困难职工子女200名。[1]"
    assert say(both).fault == "words"


def test_a_sentence_that_answers_whole_is_said_whole(made: Made) -> None:
    text = (
        "株洲市总工会\n\n株洲市总工会主席王建国出席劳模座谈会并讲话,"
        "副主席张富良主持会议并宣读表彰决定。"
    )
    say = saying(made([("a.txt", text)]), "株洲市总工会劳模座谈会情况如何")
    whole = text.split("\n\n")[1]
    assert say(f"{whole}[1]").text == whole.rstrip("。")
    for said in (
        "株洲市总工会主席王建国出席劳模座谈会并讲话", "副主席张富良主持会议并宣读表彰决定",
        "主席王建国宣读表彰决定",
    ):  # fmt: skip
        assert say(f"{said}。[1]").fault == "words"


def test_each_of_two_cities_in_a_sentence_keeps_its_figure(made: Made) -> None:
    text = "湖南省总工会\n\n株洲市总工会阳光驿站筹集资金50万元,湘潭市总工会阳光驿站筹集资金30万元。"
    say = saying(made([("a.txt", text)]), "阳光驿站筹集资金多少钱")
    assert say("株洲市总工会阳光驿站筹集资金50万元。[1]").fault == ""
    assert say("湘潭市总工会阳光驿站筹集资金30万元。[1]").fault == ""
    assert say("湘潭市总工会阳光驿站筹集资金50万元。[1]").fault == "words"


def test_only_the_place_that_the_part_is_of_is_said_before_it(made: Made) -> None:
    text = "株洲市总工会\n\n县总工会筹集助学资金50万元。"
    say = saying(made([("a.txt", text)]), "筹集助学资金多少钱")
    assert say("县总工会筹集助学资金50万元。[1]").lead == ""
    assert say("湘潭市县总工会筹集助学资金50万元。[1]").fault == "words"

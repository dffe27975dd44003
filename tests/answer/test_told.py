"""Answers as newspapers tell them hold what is asked for: a demand must not refuse them."""

from __future__ import annotations

import pytest

from rag.answer.demand import demanded, holds_demanded

TOLD = (
    ("今年粮食产量是多少？", "今年粮食总产量达到一亿八千万吨。"),
    ("粮食亩产多少斤？", "平均亩产三百二十斤。"),
    ("多少农民参加了合作社？", "已有百分之六十的农户参加了合作社。"),
    ("有多少农户入社？", "全乡入社农户占总农户的92%。"),
    ("全国有多少党员？", "中国共产党党员总数为9804.1万名。"),
    ("有多少人参加高考？", "全国高考报名人数1291万人，比去年增加98万人。"),
    ("报名人数是多少？", "全国高考报名人数1291万，再创新高。"),
    ("死了多少人？", "大火已造成93人死亡。"),
    ("How many people were killed in the fire?", "大火已致93死。"),
    ("How many people were injured?", "另有百余人受伤。"),
    ("How many soldiers took part?", "三万余官兵参加演习。"),
    ("How many students graduated?", "今年毕业生达1158万。"),
    ("有多少学生毕业？", "高校毕业生规模达1158万，同比增加82万。"),
    ("出动了多少警力？", "出动警力3000余人次。"),
    ("捐了多少件衣服？", "捐赠衣服三百套。"),
    ("修了多少座桥？", "建成桥梁三十二座。"),
    ("有多少条航线？", "开通航线120余条。"),
    ("多少辆汽车？", "销售汽车238.7万辆。"),
    ("卖了多少台电视？", "销售电视机12万部。"),
    ("How many cars were sold?", "乘用车销量达到206.4万辆。"),
    ("How many factories were built?", "兴建了八百多个工厂。"),
    ("How many schools took part?", "共有56所学校参加。"),
    ("How many countries took part?", "共有45个国家和地区参加。"),
    ("有几个国家参加？", "来自45个国家和地区的运动员参加。"),
    ("多少运动员参加？", "来自45个国家和地区的一万二千多名运动员参加。"),
    ("How many athletes competed?", "约1.2万运动员将参赛。"),
    ("比赛有多少观众？", "现场观众达八万之众。"),
    ("GDP是多少？", "上半年国内生产总值593034亿元。"),
    ("GDP增长了多少？", "国内生产总值同比增长5.5%。"),
    ("票价多少？", "票价为每张80元。"),
    ("奖金多少？", "获得奖金十万元。"),
    ("损失多少？", "直接经济损失达3亿元。"),
    ("多少公里？", "全长一千三百一十八公里。"),
    ("这座大桥多长？", "大桥全长6.7公里。"),
    ("桥有多宽？", "桥面宽31米。"),
    ("会议开了多久？", "会议历时三天。"),
    ("他在位多久？", "他在位61年。"),
    ("How long did the siege last?", "围城持续了872天。"),
    ("How fast can the train travel?", "最高运行时速350公里。"),
    ("最高气温是多少？", "最高气温达41.1摄氏度。"),
    ("气温多少度？", "最高气温41.1℃。"),
    ("面积多大？", "总面积约1600平方公里。"),
    ("How large is the park?", "公园占地200亩。"),
    ("What is the area of the park?", "公园占地200亩。"),
    ("人口有多少？", "常住人口2487万。"),
    ("人口是多少？", "常住人口2487万人。"),
    ("What is the population?", "常住人口2487万。"),
    ("支持率是多少？", "支持率为36%。"),
    ("第几名？", "中国队名列第三。"),
    ("得了第几名？", "中国队名列第三。"),
    ("几岁？", "他今年12岁。"),
    ("哪年出生？", "他1963年出生。"),
    ("几月几号开幕？", "大会将于9月23日开幕。"),
    ("开了几次会？", "这是第二次会议。"),
    ("要交多少税？", "税率为13%，应缴税款130元。"),
    ("捐了多少血？", "献血400毫升。"),
    ("多少吨核污水？", "约130万吨核污染水。"),
    ("How many tonnes of water?", "约130万立方米核污染水。"),
    ("多少比例的人支持？", "62%的受访者支持。"),
    ("多少人支持？", "62%的受访者支持。"),
    ("How many people support it?", "逾六成受访者支持。"),
    ("多少家庭受影响？", "两千多户受到影响。"),
    ("How many homes were destroyed?", "上千栋房屋被毁。"),
    ("How many homes lost power?", "超过五万户断电。"),
    ("谁的父亲是医生？", "他的爸爸是医生。"),
    ("比赛比分是多少？", "中国队以3比0获胜。"),
    ("获得多少枚金牌？", "中国队获得201金111银71铜。"),
    ("How many gold medals did China win?", "中国队以201金位居榜首。"),
    ("How many gold medals did China win?", "中国队获得201枚金牌。"),
    ("多少名选手？", "选手共计三百二十一。"),
    ("How many women work there?", "女职工占四成。"),
    ("有多少妇女参加？", "妇女占百分之四十。"),
    ("拍了多少部电影？", "全年生产故事片380部。"),
    ("How much rain fell?", "降雨量达744.8毫米。"),
    ("降雨量是多少？", "降雨量达744.8毫米。"),
    ("How much did the price rise?", "价格上涨了7.2%。"),
    ("How deep is the lake?", "湖水最深处达28米。"),
    ("这个湖有多深？", "湖水最深处达28米。"),
    ("How old is the temple?", "这座寺庙建于1300多年前。"),
    ("寺庙有多少年历史？", "这座寺庙建于1300多年前。"),
    ("寺庙有多少年历史？", "已有千年历史。"),
)


@pytest.mark.parametrize(("question", "text"), TOLD)
def test_what_papers_tell_is_held(question: str, text: str) -> None:
    demand = demanded(question)
    assert demand is None or holds_demanded(demand, text, question)


def test_most_of_these_demand_something() -> None:
    assert sum(demanded(question) is not None for question, _ in TOLD) > 70

# ruff: noqa: E501 -- a table: one statement a line
"""Statements, the quote each cites, and what must come of it: written by hand, after the seeds.

Quotes by name, with their counterpart; `zh:` or `en:` before a name in a row cites one side alone.
A row is (kind, cited, statement): `false` has one slot changed, `true` is a paraphrase.
"""

from __future__ import annotations

from datetime import date

QUOTES: dict[str, tuple[date, str, str]] = {
    "hongqiao": (
        date(1959, 11, 24),
        "仅据最近四天统计，全区六万工业职工就提出了二十多万件技术革新建议。",
        "According to statistics from the last four days alone, the district's 60,000 industrial "
        "employees have put forward more than 200,000 technical innovation suggestions.",
    ),
    "dye": (
        date(1959, 11, 24),
        "全厂三百名职工在最近几天内就提出了两千多件革新建议，实现了六百多项。",
        "The factory's three hundred employees have put forward more than two thousand innovation "
        "suggestions in the past few days, and implemented more than six hundred of them.",
    ),
    "meeting": (
        date(1959, 11, 24),
        "中共红桥区委在10月24日召开了大会，号召全区职工自力更生。",
        "The Hongqiao District Committee of the Chinese Communist Party convened a conference on "
        "October 24, calling on all district employees to rely on self-reliance.",
    ),
    "liao": (
        date(1959, 6, 5),
        "重庆建设机床厂在今年第一季度里，革新能手廖世刚连续实现六十多项重大技术革新。",
        "In the first quarter of this year, Liao Shigang, a technical innovation expert at "
        "Chongqing Construction Machine Tool Factory, continuously realized more than 60 major "
        "technical innovations.",
    ),
    "girls": (
        date(1959, 6, 5),
        "全厂女工热烈开展竞赛以来，被评为巧姑娘的有三百六十七人。",
        "Since the female workers of the factory launched the competition, 367 people have been "
        "named Clever Girls.",
    ),
    "workshop": (
        date(1959, 6, 5),
        "三十五车间本来缺乏两百个劳动力，结果不但没有增加工人，反抽调了几十个人支援其他车间。",
        "Workshop 35 originally lacked 200 laborers, but it not only did not increase workers, it "
        "also transferred dozens of people to support other workshops.",
    ),
    "iron": (
        date(1957, 1, 30),
        "据初步计算，1956年一月至十月浪费的铁屑共值八千元。",
        "According to preliminary calculations, the iron filings wasted from January to October "
        "1956 were worth a total of 8,000 yuan.",
    ),
    "profit": (
        date(1957, 1, 30),
        "嘉兴市有十三个工厂提前完成了1956年利润计划。",
        "Thirteen factories in Jiaxing have completed their 1956 profit plans ahead of schedule.",
    ),
    "rolling": (
        date(1958, 7, 23),
        "正在赶制的有一万吨到五万吨的轧钢设备二十六套。",
        "They are rushing to manufacture twenty-six sets of rolling equipment ranging from 10,000 "
        "to 50,000 tons.",
    ),
    "cadres": (
        date(1958, 7, 23),
        "重庆市委书记亲自向全市四千多科长级以上党员干部作了报告。",
        "The Secretary of the Chongqing Municipal Committee personally delivered reports to more "
        "than 4,000 section-level and above party member cadres throughout the city.",
    ),
    "share": (
        date(1953, 10, 31),
        "天津市这类工厂的比例已由三分之一上升到二分之一。",
        "In Tianjin, the proportion of such factories has risen from one-third to one-half.",
    ),
    "groups": (
        date(1953, 10, 31),
        "先进小组可以达到百分之四十。",
        "Advanced groups can reach 40 percent.",
    ),
    "unsolved": (
        date(1957, 1, 30),
        "一般工厂长期存在的一些实际问题没有得到解决。",
        "Some practical problems that had existed for a long time in general factories could not "
        "be solved.",
    ),
    "harvest": (
        date(1958, 7, 23),
        "今年全社种棉花三千亩，修渠二十公里，收粮约五百吨。",
        "This year the commune planted 3,000 mu of cotton, dug 20 kilometres of canals and "
        "harvested about 500 tons of grain.",
    ),
    "premier": (
        date(2023, 7, 1),
        "国务院总理李强在北京会见了来访的客人，为此发表了讲话。",
        "Premier Li Qiang met the visiting guests in Beijing and made a speech about it.",
    ),
    "sides": (
        date(2023, 7, 1),
        "美方表示反对，日本首相同意访问北京。",
        "The American side opposed it, and the Japanese prime minister agreed to visit Beijing.",
    ),
    "spokesman": (
        date(2023, 7, 1),
        "外交部发言人汪文斌强调，反对单边制裁。",
        "Foreign Ministry spokesman Wang Wenbin stressed his opposition to unilateral sanctions.",
    ),
    "economy": (
        date(2023, 7, 17),
        "分季度看，一季度GDP同比增长4.5%，二季度增长6.3%。",
        "By quarter, GDP grew 4.5% year on year in the first quarter and 6.3% in the second.",
    ),
    "commerce": (
        date(2023, 7, 28),
        "周四，美国商务部报告称，第二季度经济意外加速。",
        "On Thursday the US Department of Commerce reported that the economy accelerated "
        "unexpectedly in the second quarter.",
    ),
    "epidemic": (
        date(2023, 8, 16),
        "新西兰政府周一宣布，该国将从15日午夜起取消所有剩余防疫限制。",
        "The New Zealand government announced on Monday that it would lift all remaining epidemic "
        "restrictions from midnight on the 15th.",
    ),
    "third": (
        date(2023, 7, 17),
        "中国队在世界锦标赛上获得第三名。",
        "The Chinese team took third place at the world championship.",
    ),
    "verdict": (
        date(2023, 7, 17),
        "法院17日认定该公司有罪，罚款3万元。",
        "On the 17th the court found the company guilty and imposed a fine of 30,000 yuan.",
    ),
    "game": (
        date(2023, 7, 17),
        "中国队以99比91战胜日本队。",
        "China beat Japan 99 to 91.",
    ),
    "chatbot": (
        date(2023, 7, 17),
        "OpenAI公司发布了ChatGPT的新版本。",
        "OpenAI released a new version of ChatGPT.",
    ),
}

TRUE: tuple[tuple[str, str], ...] = (
    # English, both sides cited
    ("hongqiao", "The district's 60,000 industrial employees put forward more than 200,000 suggestions for technical innovation in four days."),
    ("dye", "The factory's 300 employees put forward more than 2,000 innovation suggestions and implemented more than 600 of them."),
    ("meeting", "The Hongqiao District Committee convened a conference on October 24, 1959."),
    ("meeting", "On 24 October the district committee called on employees to practise self-reliance."),
    ("liao", "Liao Shigang of the Chongqing Construction Machine Tool Factory realized more than 60 major technical innovations in the first quarter of 1959."),
    ("liao", "The innovation expert Liao Shigang realized over sixty major technical innovations."),
    ("girls", "367 people in the factory were named Clever Girls."),
    ("workshop", "Workshop 35 lacked 200 laborers but did not increase its workers."),
    ("iron", "The iron filings wasted from January to October 1956 were worth 8,000 yuan."),
    ("profit", "13 factories in Jiaxing completed their 1956 profit plans ahead of schedule."),
    ("rolling", "They were rushing to manufacture 26 sets of rolling equipment of 10,000 to 50,000 tons."),
    ("cadres", "The Secretary of the Chongqing Municipal Committee delivered reports to over 4,000 party member cadres."),
    ("share", "The proportion of such factories in Tianjin has risen from a third to a half."),
    ("groups", "Two fifths of the groups can be advanced groups."),
    ("unsolved", "Some practical problems in general factories were not solved."),
    ("harvest", "In 1958 the commune planted 3,000 mu of cotton."),
    # English on the English side alone
    ("en:hongqiao", "The district's 60,000 employees have put forward over 200,000 innovation suggestions."),
    ("en:dye", "Three hundred employees of the factory made more than 2,000 innovation suggestions."),
    ("en:liao", "Liao Shigang is a technical innovation expert at the Chongqing Construction Machine Tool Factory."),
    ("en:profit", "Thirteen Jiaxing factories completed their 1956 profit plans ahead of schedule."),
    ("en:harvest", "The commune harvested about 500 tons of grain."),
    # English on the Chinese side alone
    ("zh:share", "The proportion of such factories in Tianjin has risen to one-half from one-third."),
    ("zh:hongqiao", "In the last four days alone, 60,000 industrial workers put forward more than 200,000 proposals for technical innovation."),
    ("zh:liao", "Liao Shigang of Chungking's Construction Machine Tool Factory achieved more than 60 major technical innovations in the first quarter."),
    ("zh:iron", "The iron filings wasted from January to October 1956 were worth 8,000 yuan in total."),
    ("zh:profit", "Thirteen factories in Jiaxing completed the 1956 profit plan ahead of time."),
    ("zh:harvest", "This year the commune planted 3,000 mu of cotton and built 20 kilometres of canals."),
    ("zh:share", "In Tianjin the proportion of such factories has risen from one third to one half."),
    ("zh:meeting", "The Communist Party committee of Hongqiao District held a meeting on October 24."),
    ("zh:sides", "The United States opposed it."),
    ("zh:sides", "The Japanese prime minister agreed to visit Beijing."),
    ("zh:premier", "Premier Li Qiang met the visiting guests in Beijing."),
    ("zh:spokesman", "Foreign Ministry spokesman Wang Wenbin stressed his opposition to unilateral sanctions."),
    ("zh:commerce", "On Thursday the US Department of Commerce reported that the economy accelerated unexpectedly in the second quarter."),
    ("zh:epidemic", "The New Zealand government announced on Monday that it would lift all remaining epidemic restrictions."),
    ("zh:third", "The Chinese team took third place at the world championship."),
    ("zh:verdict", "On Monday the court found the company guilty and imposed a fine of 30,000 yuan."),
    # Chinese, both sides or the Chinese alone
    ("hongqiao", "最近四天，全区6万名工业职工提出了二十多万件技术革新建议。"),
    ("zh:dye", "全厂300名职工几天内提出两千多件革新建议。"),
    ("meeting", "红桥区委于1959年10月24日召开大会，号召职工自力更生。"),
    ("liao", "廖世刚在第一季度实现了60多项重大技术革新。"),
    ("zh:girls", "全厂有367人被评为巧姑娘。"),
    ("workshop", "三十五车间没有增加工人，还抽调几十个人支援其他车间。"),
    ("zh:iron", "1956年1月至10月浪费的铁屑共值8000元。"),
    ("profit", "嘉兴市13个工厂提前完成1956年利润计划。"),
    ("zh:rolling", "正在赶制26套一万吨到五万吨的轧钢设备。"),
    ("zh:groups", "先进小组可以达到40%。"),
    ("zh:unsolved", "一般工厂的一些实际问题没有解决。"),
    ("harvest", "1958年全社种棉花3000亩。"),
    ("zh:economy", "GDP一季度增长4.5%。"),
    ("zh:economy", "2023年第二季度增长6.3%。"),
    ("zh:chatbot", "ChatGPT的新版本由OpenAI公司发布了。"),
    ("zh:game", "中国队99比91战胜日本队。"),
    ("zh:economy", "二季度增长6.3%。"),
    # Chinese on the English side alone
    ("en:share", "天津这类工厂的比例从三分之一上升到二分之一。"),
    ("en:hongqiao", "全区六万名工业职工提出了二十多万件技术革新建议。"),
    ("en:liao", "重庆建设机床厂的技术革新能手廖世刚在第一季度实现了六十多项重大技术革新。"),
    ("en:profit", "嘉兴十三个工厂提前完成了1956年的利润计划。"),
    ("en:iron", "1956年1月到10月浪费的铁屑共值八千元。"),
    ("en:share", "天津这类工厂的比例从三分之一上升到一半。"),
    ("en:harvest", "公社今年种了三千亩棉花。"),
    ("en:sides", "日本首相同意访问北京。"),
    ("en:sides", "美国表示反对。"),
    ("en:premier", "总理李强在北京会见了来访的客人。"),
)  # fmt: skip

FALSE: tuple[tuple[str, str], ...] = (
    # number
    ("hongqiao", "The district's 50,000 industrial employees put forward more than 200,000 suggestions."),
    ("hongqiao", "The district's 60,000 industrial employees put forward more than 20,000 suggestions."),
    ("en:hongqiao", "In the last five days, 60,000 employees put forward more than 200,000 suggestions."),
    ("zh:hongqiao", "60,000 industrial employees put forward more than 2,000,000 technical innovation suggestions."),
    ("zh:dye", "全厂五百名职工提出了两千多件革新建议。"),
    ("dye", "The factory's 300 employees put forward more than 600 suggestions and implemented 2,000 of them."),
    ("zh:girls", "全厂有376人被评为巧姑娘。"),
    ("en:girls", "有三百六十八人被评为巧姑娘。"),
    ("zh:girls", "637 people were named Clever Girls."),
    ("rolling", "They were rushing to manufacture 62 sets of rolling equipment."),
    ("zh:rolling", "正在赶制三十六套轧钢设备。"),
    ("groups", "Advanced groups can reach 14 percent."),
    ("zh:groups", "先进小组可以达到百分之四。"),
    ("share", "In Tianjin the proportion rose from one-fourth to one-half."),
    ("en:share", "天津这类工厂的比例由三分之一上升到三分之二。"),
    ("en:cadres", "书记向四百多名党员干部作了报告。"),
    ("profit", "Thirty factories in Jiaxing completed their 1956 profit plans ahead of schedule."),
    ("dye", "The factory's 300 employees put forward more than 600 suggestions and implemented more than 2,000 of them."),
    ("share", "In Tianjin the proportion of such factories has risen from one-half to one-third."),
    ("zh:share", "天津市这类工厂的比例已由二分之一上升到三分之一。"),
    ("zh:economy", "一季度GDP同比增长6.3%，二季度增长4.5%。"),
    # hedge
    ("hongqiao", "The district's 60,000 industrial employees put forward fewer than 200,000 suggestions."),
    ("zh:hongqiao", "全区六万工业职工提出了不到二十万件技术革新建议。"),
    ("girls", "More than 367 people in the factory were named Clever Girls."),
    ("zh:harvest", "全社收粮五百多吨。"),
    ("en:liao", "Liao Shigang realized 60 major technical innovations."),
    # date
    ("meeting", "The Hongqiao District Committee convened a conference on October 14, 1959."),
    ("meeting", "The Hongqiao District Committee convened a conference on November 24, 1959."),
    ("meeting", "The Hongqiao District Committee convened a conference in November 1959."),
    ("zh:meeting", "中共红桥区委在11月召开了大会。"),
    ("zh:meeting", "红桥区委在9月24日召开了大会。"),
    ("en:meeting", "中共红桥区委在10月25日召开了大会。"),
    ("zh:meeting", "The Hongqiao committee convened a meeting on 24 October 1958."),
    ("liao", "Liao Shigang realized more than 60 major technical innovations in the first quarter of 1958."),
    ("zh:liao", "廖世刚在今年第二季度实现六十多项重大技术革新。"),
    ("en:liao", "廖世刚在去年第一季度实现了六十多项重大技术革新。"),
    ("profit", "Thirteen factories in Jiaxing completed their 1957 profit plans ahead of schedule."),
    ("zh:profit", "嘉兴市有十三个工厂提前完成了1955年利润计划。"),
    ("iron", "The iron filings wasted from February to October 1956 were worth 8,000 yuan."),
    ("zh:iron", "1956年一月至九月浪费的铁屑共值八千元。"),
    ("harvest", "In 1957 the commune planted 3,000 mu of cotton."),
    ("zh:harvest", "去年全社种棉花三千亩。"),
    ("zh:economy", "GDP三季度同比增长4.5%。"),
    ("zh:economy", "2022年一季度GDP同比增长4.5%。"),
    ("zh:commerce", "On Monday the US Department of Commerce reported that the economy accelerated unexpectedly in the second quarter."),
    ("zh:commerce", "On Thursday the US Department of Commerce reported that the economy accelerated unexpectedly in the first quarter."),
    ("zh:epidemic", "The New Zealand government announced on Friday that it would lift all remaining epidemic restrictions."),
    ("en:epidemic", "新西兰政府周五宣布取消所有剩余防疫限制。"),
    ("zh:verdict", "On Friday the court found the company guilty and imposed a fine of 30,000 yuan."),
    ("zh:third", "The Chinese team took first place at the world championship."),
    ("zh:third", "The Chinese team took second place at the world championship."),
    ("en:third", "中国队在世界锦标赛上获得第一名。"),
    # unit
    ("iron", "The iron filings wasted from January to October 1956 were worth 8,000 dollars."),
    ("zh:iron", "浪费的铁屑共值八千斤。"),
    ("harvest", "The commune planted 3,000 hectares of cotton."),
    ("zh:harvest", "The commune harvested about 500 kilograms of grain."),
    ("en:harvest", "公社修渠二十里。"),
    ("zh:harvest", "全社种棉花三千公顷。"),
    ("en:harvest", "The commune dug 20 miles of canals."),
    ("rolling", "26 sets of rolling equipment of 10,000 to 50,000 kilograms are being manufactured."),
    # person
    ("liao", "Huang Rongchang, an innovation expert at Chongqing Construction Machine Tool Factory, realized more than 60 major technical innovations."),
    ("zh:liao", "重庆建设机床厂的革新能手黄荣昌实现六十多项重大技术革新。"),
    ("zh:liao", "Zhang Wenjin realized more than 60 major technical innovations."),
    ("en:liao", "革新能手马海清连续实现六十多项重大技术革新。"),
    ("zh:liao", "革新能手廖世钢连续实现六十多项重大技术革新。"),
    # a surname and a given name that stand apart
    ("zh:liao", "Li Shigang realized more than 60 major technical innovations."),
    ("zh:liao", "Xin Shigang realized more than 60 major technical innovations in the first quarter."),
    ("zh:liao", "Li Xin realized more than 60 major technical innovations in the first quarter."),
    ("zh:liao", "He Shigang realized more than 60 major technical innovations in the first quarter."),
    ("zh:liao", "In Chongqing Shigang Li realized more than 60 major technical innovations."),
    ("en:liao", "革新能手王世刚连续实现六十多项重大技术革新。"),
    ("liao", "革新能手李世刚连续实现六十多项重大技术革新。"),
    ("zh:premier", "Premier Wu Qiang met the visiting guests in Beijing."),
    ("zh:premier", "Premier Li Ke met the visiting guests in Beijing."),
    ("en:premier", "总理吴强在北京会见了来访的客人。"),
    ("zh:spokesman", "Foreign Ministry spokesman Wang Qiang stressed his opposition to unilateral sanctions."),
    ("zh:spokesman", "Foreign Ministry spokesman Zhao Wenbin stressed his opposition to unilateral sanctions."),
    ("zh:chatbot", "OpenAI公司发布了ChatGLM的新版本。"),
    ("zh:game", "日本队以99比91战胜中国队。"),
    ("en:game", "Japan beat China 99 to 91."),
    # place and organisation
    ("liao", "Liao Shigang of the Tianjin Construction Machine Tool Factory realized more than 60 major innovations."),
    ("zh:liao", "成都建设机床厂的廖世刚实现六十多项重大技术革新。"),
    ("en:liao", "上海建设机床厂的廖世刚实现六十多项重大技术革新。"),
    ("profit", "Thirteen factories in Hangzhou completed their 1956 profit plans ahead of schedule."),
    ("zh:profit", "Thirteen factories in Soochow completed their 1956 profit plans ahead of schedule."),
    ("zh:meeting", "The Heping District Committee convened a conference on October 24."),
    ("zh:meeting", "中共和平区委在10月24日召开了大会。"),
    ("share", "In Peking the proportion of such factories has risen from one-third to one-half."),
    ("en:share", "北京这类工厂的比例由三分之一上升到二分之一。"),
    ("cadres", "The Secretary of the Kunming Municipal Committee delivered reports to more than 4,000 cadres."),
    ("workshop", "Workshop 25 originally lacked 200 laborers."),
    # country
    ("zh:sides", "The Chinese side opposed it."),
    ("zh:sides", "Japan opposed it and the American prime minister agreed to visit Seoul."),
    ("zh:sides", "The South Korean prime minister agreed to visit Beijing."),
    ("en:sides", "中方表示反对。"),
    ("en:sides", "苏方表示反对。"),
    ("en:sides", "韩国首相同意访问北京。"),
    # negation and direction
    ("hongqiao", "The district's 60,000 industrial employees never put forward technical innovation suggestions."),
    ("zh:dye", "全厂三百名职工没有提出革新建议。"),
    ("workshop", "Workshop 35 increased its workers."),
    ("zh:workshop", "三十五车间增加了工人。"),
    ("en:workshop", "三十五车间增加工人，支援其他车间。"),
    ("zh:workshop", "Workshop 35 increased workers and supported other workshops."),
    ("unsolved", "Some practical problems that had existed for a long time in general factories were solved."),
    ("zh:unsolved", "一般工厂长期存在的一些实际问题得到解决。"),
    ("en:unsolved", "一般工厂长期存在的一些实际问题得到解决。"),
    ("zh:profit", "嘉兴市十三个工厂没有完成1956年利润计划。"),
    ("en:profit", "Thirteen factories in Jiaxing failed to complete their 1956 profit plans."),
    ("zh:share", "天津市这类工厂的比例已下降到二分之一。"),
    ("share", "In Tianjin the proportion of such factories fell from one-third to one-half."),
    ("zh:meeting", "The Hongqiao committee did not convene a meeting on October 24."),
    ("zh:commerce", "On Thursday the US Department of Commerce reported that the economy slowed unexpectedly in the second quarter."),
    ("zh:verdict", "The court found the company innocent and imposed a fine of 30,000 yuan."),
    # marks of quotation, and nothing in common
    ("liao", "The paper calls Liao Shigang “the best worker of Chongqing”."),
    ("zh:girls", "文章说“全厂女工都是模范”。"),
    ("hongqiao", "The moon landing was watched by many viewers."),
    ("zh:hongqiao", "这家医院治好了许多病人。"),
)  # fmt: skip

"""How Chinese writes dates, times and numbers: Django's names, then those that clock.py reads."""

DATE_FORMAT = "Y年n月j日"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "Y年n月j日 H:i"
YEAR_MONTH_FORMAT = "Y年n月"
MONTH_DAY_FORMAT = "n月j日"
SHORT_DATE_FORMAT = "Y-m-d"
SHORT_DATETIME_FORMAT = "Y-m-d H:i"
FIRST_DAY_OF_WEEK = 1
# Sums of money are hard to read without; Django's own Chinese sets nothing apart.
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3

DAY = "Y年n月j日（l）"
DAY_WITHOUT_YEAR = "n月j日（l）"
# The first and the last of several days, the joint standing with the first.
DAYS_IN_ONE_MONTH = ("Y年n月j–", "j日")
DAYS_IN_ONE_YEAR = ("Y年n月j日–", "n月j日")
DAYS_ACROSS_YEARS = ("Y年n月j日–", "Y年n月j日")

# In HTML: a line breaks between the parts of class "whole", and not within them.
BETWEEN_DAYS = '<span class="whole">{first}</span><span class="whole">{last}</span>'
TIMES = '<span class="whole">{start}–{end}</span>'
AT_ONE_TIME = '<span class="whole">{day}</span><span class="whole">{time}</span>'
ON_ONE_DAY = '<span class="whole">{day}</span><span class="whole">{start}–{end}</span>'
ACROSS_DAYS = (
    '<span class="whole">{first_day}</span><span class="whole">{start}至</span>'
    '<span class="whole">{last_day}</span><span class="whole">{end}</span>'
)
TIMES_ACROSS_DAYS = '<span class="whole">{start}–</span>{end}'
NEXT_DAY = "次日"
IN_ZONE = '{span}<span class="whole">（{zone}）</span>'
IN_SECOND_ZONE = '<span class="whole">{city}</span> {span}'
TIME_OF_CITY = "{city}时间"
TIME_BY_OFFSET = "{city}时间，{offset}"

ZONES = {"Asia/Shanghai": "北京时间", "UTC": "协调世界时"}
# Every zone that is common among guests; others are called by the city of their IANA name.
CITIES = {
    "Africa/Cairo": "开罗",
    "Africa/Johannesburg": "约翰内斯堡",
    "Africa/Lagos": "拉各斯",
    "Africa/Nairobi": "内罗毕",
    "America/Chicago": "芝加哥",
    "America/Denver": "丹佛",
    "America/Los_Angeles": "洛杉矶",
    "America/Mexico_City": "墨西哥城",
    "America/New_York": "纽约",
    "America/Sao_Paulo": "圣保罗",
    "America/Toronto": "多伦多",
    "America/Vancouver": "温哥华",
    "Asia/Bangkok": "曼谷",
    "Asia/Dubai": "迪拜",
    "Asia/Ho_Chi_Minh": "胡志明市",
    "Asia/Hong_Kong": "香港",
    "Asia/Jakarta": "雅加达",
    "Asia/Jerusalem": "耶路撒冷",
    "Asia/Kolkata": "印度",
    "Asia/Kuala_Lumpur": "吉隆坡",
    "Asia/Macau": "澳门",
    "Asia/Manila": "马尼拉",
    "Asia/Riyadh": "利雅得",
    "Asia/Seoul": "首尔",
    "Asia/Shanghai": "北京",
    "Asia/Singapore": "新加坡",
    "Asia/Taipei": "台北",
    "Asia/Tokyo": "东京",
    "Asia/Urumqi": "乌鲁木齐",
    "Australia/Melbourne": "墨尔本",
    "Australia/Sydney": "悉尼",
    "Europe/Amsterdam": "阿姆斯特丹",
    "Europe/Athens": "雅典",
    "Europe/Berlin": "柏林",
    "Europe/Brussels": "布鲁塞尔",
    "Europe/Budapest": "布达佩斯",
    "Europe/Copenhagen": "哥本哈根",
    "Europe/Dublin": "都柏林",
    "Europe/Helsinki": "赫尔辛基",
    "Europe/Istanbul": "伊斯坦布尔",
    "Europe/Lisbon": "里斯本",
    "Europe/London": "伦敦",
    "Europe/Madrid": "马德里",
    "Europe/Moscow": "莫斯科",
    "Europe/Oslo": "奥斯陆",
    "Europe/Paris": "巴黎",
    "Europe/Prague": "布拉格",
    "Europe/Rome": "罗马",
    "Europe/Stockholm": "斯德哥尔摩",
    "Europe/Vienna": "维也纳",
    "Europe/Warsaw": "华沙",
    "Europe/Zurich": "苏黎世",
    "Pacific/Auckland": "奥克兰",
}

"""What bureaus call the columns of a programme, and the kinds of its sessions."""

from backoffice.programme_people import PEOPLE
from events.models import Session

Kind = Session.Kind
KINDS = {
    Kind.OPENING: (
        "开幕",
        "开幕致辞",
        "致辞",
        "领导致辞",
        "欢迎致辞",
        "opening ceremony",
        "welcome",
    ),
    Kind.KEYNOTE: ("主旨报告", "主旨演讲", "主题演讲", "报告", "演讲", "talk", "speech", "lecture"),
    Kind.PROJECT_PITCH: ("项目推介", "项目路演", "路演", "推介", "pitch", "roadshow"),
    Kind.PANEL: ("圆桌", "圆桌论坛", "圆桌对话", "圆桌讨论", "对话", "panel", "round table"),
    Kind.EXCHANGE: ("交流", "互动", "自由交流", "座谈", "问答", "discussion", "Q&A", "networking"),
    Kind.SIGNING: ("签约", "现场签约", "集中签约", "签约仪式", "signing"),
    Kind.TALKS: (
        "洽谈",
        "对接洽谈",
        "项目对接",
        "一对一",
        "一对一对接",
        "1:1",
        "B2B",
        "matchmaking",
    ),
    Kind.SITE_VISIT: ("考察", "参观", "参观考察", "实地考察", "企业参观", "visit", "tour"),
    Kind.CHECK_IN: ("报到", "嘉宾签到", "注册", "check-in", "sign-in"),
    Kind.MEAL: (
        "午餐",
        "晚餐",
        "早餐",
        "午宴",
        "晚宴",
        "自助餐",
        "工作餐",
        "lunch",
        "dinner",
        "banquet",
    ),
    Kind.BREAK: ("茶歇", "休息", "合影", "coffee break", "tea break", "coffee"),
    Kind.CLOSING: ("闭幕", "总结", "大会总结", "闭幕致辞", "closing ceremony", "closing remarks"),
}

OTHER_HEADINGS = {
    "day": ("日期", "日", "Date", "年月日", "会议日期"),
    "time": ("时间", "时段", "时间段", "起止时间", "具体时间", "Time slot", "Hours", "When"),
    "start": ("开始", "起始时间", "开始时刻", "Starts", "Start time", "From"),
    "end": ("结束", "终止时间", "结束时刻", "Ends", "End time", "Until"),
    "kind": ("环节", "环节类型", "形式", "议程类型", "类别", "Type", "Format"),
    "title": (
        *("议程", "议题", "内容", "主题", "题目", "活动内容", "会议内容", "报告题目", "标题"),
        *("报告主题", "演讲主题", "会议议程", "议程内容", "Session", "Topic", "Subject"),
        *("Agenda", "Item", "Programme", "Session title"),
    ),
    "room": ("地点", "会议室", "场地", "会议地点", "厅", "Hall", "Location", "Venue"),
    "place": ("其他地点", "外出地点", "考察地点", "Other place"),
    "abstract": ("摘要", "简介", "内容简介", "报告摘要", "Description", "Summary"),
    "language": ("语言", "工作语言", "Language"),
    "has_interpretation": ("口译", "翻译", "同传", "同声传译", "Interpreting"),
    **{name: part.other_headings for name, part in PEOPLE.items()},
}

"""What employers call the columns of their lists of people, their categories and states."""

from backoffice.imports import ORGANIZATION_WORDS
from registrations.models import Registration

Category, Status = Registration.Category, Registration.Status
CATEGORIES = {
    Category.COMPANY: ("企业", "企业代表", "公司", "enterprise"),
    Category.HEALTH: ("医院", "医务人员", "医生", "医疗机构", "hospital", "doctor"),
    Category.RESEARCHER: ("科研人员", "高校", "高校院所", "学者", "university", "scientist"),
    Category.PUBLIC_BODY: ("政府", "政府部门", "机关", "领导", "government"),
    Category.INVESTOR: ("投资人", "投资机构", "investor"),
    Category.MEDIA: ("记者", "新闻媒体", "press"),
    Category.GUEST: ("嘉宾", "特邀嘉宾", "贵宾", "VIP"),
    Category.SPEAKER: ("演讲嘉宾", "专家", "主讲人", "speaker", "expert"),
    Category.OTHER: ("其他", "其它", "工作人员"),
}
STATES = {
    Status.CONFIRMED: ("确认", "已确认", "参会", "参加", "已提交", "yes", "是"),
    Status.INVITED: ("邀请", "已邀请", "拟邀请", "待确认", "invite"),
}

OTHER_HEADINGS = {
    "name": ("姓名", "参会人", "参会人员", "参会人姓名", "嘉宾姓名", "Full name", "Attendee"),
    "organization_name": (
        *ORGANIZATION_WORDS,
        *("工作单位", "所在单位", "参会单位", "单位（全称）", "Affiliation"),
    ),
    "position": ("单位职务", "职务职称", "职称", "职务/职称", "Job title", "Title", "Post"),
    "phone": ("手机", "手机号", "手机号码", "电话", "联系电话", "联系方式", "Mobile", "Tel"),
    "email": (
        "邮箱",
        "电子邮箱",
        "电子邮件",
        "电子信箱",
        "信箱",
        "E-mail",
        "Mail",
        "Email address",
    ),
    "category": ("身份", "参会身份", "参会类别", "人员类别", "嘉宾类别", "Comes as", "Role"),
    "status": ("回执", "回执状态", "参会状态", "是否参会", "State"),
    "chose_online": ("线上", "线上参会", "是否线上", "Online"),
    "language": ("语言", "邮件语言", "工作语言"),
    "staff_note": ("备注", "说明", "Remarks", "Remark", "Notes", "Note", "Comment"),
}

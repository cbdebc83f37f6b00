from django.db import migrations

# What the catalogue is first filtered by. Organizers edit the rows afterwards.
SECTORS = [
    ("in-vitro-diagnostics", "In-vitro diagnostics", "体外诊断"),
    ("medical-devices", "Medical devices", "医疗器械"),
    ("oncology", "Oncology and early detection", "肿瘤早筛与诊疗"),
    ("biopharmaceuticals", "Biopharmaceuticals", "生物制药"),
    ("cell-and-gene", "Cell and gene technology", "细胞与基因技术"),
    ("biomaterials", "Biomaterials", "生物医用材料"),
    ("digital-health", "Digital health", "数字医疗"),
    ("rehabilitation", "Rehabilitation and ageing", "康复与养老"),
    ("public-health", "Public health", "公共卫生"),
    ("chinese-medicine", "Modern Chinese medicine", "现代中药"),
    ("bioprocessing", "Bioprocessing and green chemistry", "生物制造与绿色化学"),
    ("research-services", "Research and testing services", "研发与检测服务"),
]
MODES = [
    ("licence", "Licence", "技术许可"),
    ("transfer", "Transfer", "技术转让"),
    ("joint-development", "Joint development", "合作开发"),
    ("investment", "Investment", "作价投资"),
    ("manufacturing", "Manufacturing", "委托生产"),
    ("distribution", "Distribution", "代理销售"),
    ("clinical-research", "Clinical research", "临床合作研究"),
    ("technical-service", "Technical service", "技术服务"),
    ("talent-exchange", "Talent and training", "人才培养与交流"),
]


def add(apps, schema_editor):
    for name, rows in (("Sector", SECTORS), ("CooperationMode", MODES)):
        model = apps.get_model("projects", name)
        for order, (slug, english, chinese) in enumerate(rows, start=1):
            model.objects.get_or_create(
                slug=slug,
                defaults={"name_en": english, "name_zh_hans": chinese, "order": order * 10},
            )


def remove(apps, schema_editor):
    """Take back those that no project uses and nobody renamed."""
    for name, rows in (("Sector", SECTORS), ("CooperationMode", MODES)):
        model = apps.get_model("projects", name)
        for slug, english, chinese in rows:
            model.objects.filter(
                slug=slug, name_en=english, name_zh_hans=chinese, projects=None
            ).delete()


class Migration(migrations.Migration):

    dependencies = [("projects", "0001_initial")]

    operations = [migrations.RunPython(add, remove)]

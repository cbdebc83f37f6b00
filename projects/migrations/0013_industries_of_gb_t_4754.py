from django.apps import apps as current
from django.db import migrations

from summit.lib.database.made_columns import refill

# The sections and divisions of GB/T 4754-2017. Organizers edit the rows afterwards.
INDUSTRIES = """
A|Agriculture, forestry, animal husbandry and fishery|农、林、牧、渔业
A01|Agriculture|农业
A02|Forestry|林业
A03|Animal husbandry|畜牧业
A04|Fishery|渔业
A05|Support services for agriculture, forestry, animal husbandry and fishery|农、林、牧、渔专业及辅助性活动
B|Mining|采矿业
B06|Mining and washing of coal|煤炭开采和洗选业
B07|Extraction of petroleum and natural gas|石油和天然气开采业
B08|Mining and processing of ferrous metal ores|黑色金属矿采选业
B09|Mining and processing of non-ferrous metal ores|有色金属矿采选业
B10|Mining and processing of non-metal ores|非金属矿采选业
B11|Support services for mining|开采专业及辅助性活动
B12|Other mining|其他采矿业
C|Manufacturing|制造业
C13|Processing of agricultural and sideline food|农副食品加工业
C14|Manufacture of foods|食品制造业
C15|Manufacture of alcohol, beverages and refined tea|酒、饮料和精制茶制造业
C16|Manufacture of tobacco products|烟草制品业
C17|Manufacture of textiles|纺织业
C18|Manufacture of wearing apparel and accessories|纺织服装、服饰业
C19|Leather, fur, feather products and footwear|皮革、毛皮、羽毛及其制品和制鞋业
C20|Processing of timber; wood, bamboo, rattan and straw products|木材加工和木、竹、藤、棕、草制品业
C21|Manufacture of furniture|家具制造业
C22|Manufacture of paper and paper products|造纸和纸制品业
C23|Printing and reproduction of recorded media|印刷和记录媒介复制业
C24|Articles for culture, education, arts, crafts, sport and entertainment|文教、工美、体育和娱乐用品制造业
C25|Processing of petroleum, coal and other fuels|石油、煤炭及其他燃料加工业
C26|Manufacture of chemical raw materials and chemical products|化学原料和化学制品制造业
C27|Manufacture of medicines|医药制造业
C28|Manufacture of chemical fibres|化学纤维制造业
C29|Rubber and plastic products|橡胶和塑料制品业
C30|Non-metallic mineral products|非金属矿物制品业
C31|Smelting and rolling of ferrous metals|黑色金属冶炼和压延加工业
C32|Smelting and rolling of non-ferrous metals|有色金属冶炼和压延加工业
C33|Metal products|金属制品业
C34|Manufacture of general-purpose machinery|通用设备制造业
C35|Manufacture of special-purpose machinery|专用设备制造业
C36|Manufacture of motor vehicles|汽车制造业
C37|Railway, ship, aerospace and other transport equipment|铁路、船舶、航空航天和其他运输设备制造业
C38|Electrical machinery and equipment|电气机械和器材制造业
C39|Computers, communication and other electronic equipment|计算机、通信和其他电子设备制造业
C40|Instruments and meters|仪器仪表制造业
C41|Other manufacturing|其他制造业
C42|Comprehensive use of waste resources|废弃资源综合利用业
C43|Repair of metal products, machinery and equipment|金属制品、机械和设备修理业
D|Production and supply of electricity, heat, gas and water|电力、热力、燃气及水生产和供应业
D44|Production and supply of electricity and heat|电力、热力生产和供应业
D45|Production and supply of gas|燃气生产和供应业
D46|Production and supply of water|水的生产和供应业
E|Construction|建筑业
E47|Construction of buildings|房屋建筑业
E48|Civil engineering|土木工程建筑业
E49|Building installation|建筑安装业
E50|Building decoration, finishing and other construction|建筑装饰、装修和其他建筑业
F|Wholesale and retail trade|批发和零售业
F51|Wholesale trade|批发业
F52|Retail trade|零售业
G|Transport, storage and post|交通运输、仓储和邮政业
G53|Railway transport|铁路运输业
G54|Road transport|道路运输业
G55|Water transport|水上运输业
G56|Air transport|航空运输业
G57|Pipeline transport|管道运输业
G58|Multimodal transport and transport agency|多式联运和运输代理业
G59|Loading, unloading, handling and storage|装卸搬运和仓储业
G60|Post|邮政业
H|Accommodation and catering|住宿和餐饮业
H61|Accommodation|住宿业
H62|Catering|餐饮业
I|Information transmission, software and information technology services|信息传输、软件和信息技术服务业
I63|Telecommunications, broadcasting and satellite transmission|电信、广播电视和卫星传输服务
I64|Internet and related services|互联网和相关服务
I65|Software and information technology services|软件和信息技术服务业
J|Finance|金融业
J66|Monetary and financial services|货币金融服务
J67|Capital market services|资本市场服务
J68|Insurance|保险业
J69|Other financial services|其他金融业
K|Real estate|房地产业
K70|Real estate|房地产业
L|Leasing and business services|租赁和商务服务业
L71|Leasing|租赁业
L72|Business services|商务服务业
M|Scientific research and technical services|科学研究和技术服务业
M73|Research and experimental development|研究和试验发展
M74|Professional technical services|专业技术服务业
M75|Promotion and application of science and technology|科技推广和应用服务业
N|Management of water conservancy, environment and public facilities|水利、环境和公共设施管理业
N76|Management of water conservancy|水利管理业
N77|Ecological protection and environmental management|生态保护和环境治理业
N78|Management of public facilities|公共设施管理业
N79|Land management|土地管理业
O|Household services, repair and other services|居民服务、修理和其他服务业
O80|Household services|居民服务业
O81|Repair of motor vehicles, electronic and household products|机动车、电子产品和日用产品修理业
O82|Other services|其他服务业
P|Education|教育
P83|Education|教育
Q|Health and social work|卫生和社会工作
Q84|Health|卫生
Q85|Social work|社会工作
R|Culture, sports and entertainment|文化、体育和娱乐业
R86|Press and publishing|新闻和出版业
R87|Radio, television, film and sound recording|广播、电视、电影和录音制作业
R88|Culture and arts|文化艺术业
R89|Sports|体育
R90|Entertainment|娱乐业
S|Public administration, social security and social organizations|公共管理、社会保障和社会组织
S91|Organs of the Communist Party of China|中国共产党机关
S92|State organs|国家机构
S93|People’s political consultative conference and democratic parties|人民政协、民主党派
S94|Social security|社会保障
S95|Mass organizations, social organizations and other membership organizations|群众团体、社会团体和其他成员组织
S96|Grass-roots autonomous organizations and others|基层群众自治组织及其他组织
T|International organizations|国际组织
T97|International organizations|国际组织
"""


def _rows():
    for number, line in enumerate(INDUSTRIES.split("\n")[1:-1], start=1):
        yield (number * 10, *line.split("|"))


def add(apps, schema_editor):
    made = []
    model = apps.get_model("projects", "Industry")
    there = set(model.objects.values_list("code", flat=True))
    for order, code, english, chinese in _rows():
        if code not in there:
            names = {"slug": code.lower(), "name_en": english, "name_zh_hans": chinese}
            made.append(model(code=code, order=order, **names))
    model.objects.bulk_create(made)
    refill(current.get_model("projects", "Industry"), stored=model)


def remove(apps, schema_editor):
    """Take back those that no project has."""
    model = apps.get_model("projects", "Industry")
    codes = [code for _order, code, _english, _chinese in _rows()]
    model.objects.filter(code__in=codes, projects=None).delete()


class Migration(migrations.Migration):

    dependencies = [("projects", "0012_projects_carry_more")]

    operations = [migrations.RunPython(add, remove)]

"""Words that say nothing of what a project is about, by their kinds.

English: function words, numerals and common verbs of the stop list of SMART (Salton and Buckley,
Cornell), with the numerals that it leaves out. Its nouns and adjectives are not taken over:
"value" and "novel" may be what a project is about. Chinese: the function words of two characters
of the stop list of the Harbin Institute of Technology (哈工大停用词表), with 用于 and its like.
"""

import re

_FUNCTION_WORDS = """
a an the
i me my myself we us our ours ourselves you your yours yourself yourselves he him his himself she
her hers herself it its itself they them their theirs themselves one ones self selves
this that these those here there such same other others another new each every either neither both
all any some many much more most few less least several enough no none nothing nobody noone
anybody anyone anything everybody everyone everything somebody someone something own various
who whom whose which what whatever whoever when whenever where wherever why how whether
about above across after against along among amongst around as at before behind below beside
besides between beyond by despite down during except for from in inside into like near of off on
onto out outside over per plus since through throughout thru to toward towards under until unto
up upon via vs with within without concerning considering regarding according
and but or nor so yet if unless because although though while whereas than then thus hence
therefore otherwise else instead however moreover furthermore nevertheless meanwhile accordingly
consequently inasmuch insofar lest
not never only just also even still already again once ever now soon later lately often always
sometimes usually normally mostly mainly nearly almost quite rather really very too well away
apart together alone perhaps maybe probably presumably indeed truly actually certainly definitely
clearly obviously exactly entirely especially particularly namely merely hardly likely unlikely
relatively respectively reasonably currently formerly previously thereby therein thereupon
thereafter thence whereby wherein whereupon whereafter hereby herein hereupon hereafter afterwards
beforehand somewhat somehow somewhere anywhere anyhow anyway everywhere elsewhere nowhere further
forth non etc eg ie viz et yes ok okay please
"""
_NUMERALS = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred
hundreds thousand thousands million millions billion billions dozen dozens
first second third fourth fifth sixth seventh eighth ninth tenth firstly secondly thirdly
once twice half cent
"""
_COMMON_VERBS = """
am is are was were be been being have has had having do does did doing done
can cannot could may might must shall should will would ought need needs
allow allows appear appears ask asking asks become becomes became becoming believe bring brings
came come comes coming consider considers contain contains containing follow followed follows
following get gets getting got gotten give gives given giving go goes going gone went happen
happens help helps indicate indicates indicated keep keeps kept know knows known knowing let lets
liked look looked looking looks make makes made making mean means put puts provide provides
provided said saw say saying says see seeing seen sees seem seemed seeming seems sent specify
specified specifying take taken takes taking took tell tells tend tends think thinks tried tries
try trying use used uses using want wanted wants wish wishes wonder
"""
_CHINESE_FUNCTION_WORDS = """
一些 一何 一切 一则 一旦 一来 一样 一般 上下 不仅 不但 不光 不单 不只 不如 不妨 不尽 不得 不怕
不惟 不成 不拘 不料 不是 不比 不然 不特 不独 不管 不若 不论 不过 不问 与其 与否 且说 两者 个别
为了 为止 为此 为着 之一 之类 也好 也罢 二来 于是 云云 人们 人家 介于 仍旧 从此 从而 他人 他们
以上 以为 以便 以免 以及 以故 以期 以来 以致 任何 任凭 似的 但凡 但是 何以 何况 何处 何时 作为
你们 使得 例如 依据 依照 便于 倘使 倘或 倘然 倘若 假使 假如 假若 光是 全体 全部 关于 其一 其中
其二 其他 其余 其它 其次 再则 再有 再者 再说 况且 凡是 凭借 出于 出来 分别 别人 别处 别的 前后
前者 加之 加以 即令 即使 即便 即如 即或 即若 及其 及至 反之 反而 受到 另外 只当 只怕 只是 只有
只要 只限 可以 可是 可见 各个 各位 各种 各自 同时 后者 向着 否则 咱们 哪怕 唯有 因为 因此 因而
固然 在于 基于 处在 多么 大家 她们 如上 如下 如同 如是 如果 如此 如若 它们 对于 对待 对方 对比
就是 就算 就要 尽管 并且 并非 开始 当地 当然 当着 彼此 总之 我们 或则 或是 或者 截至 所以 所在
所有 才能 抑或 按照 据此 接着 故此 故而 无论 既是 既然 时候 是以 是的 替代 有些 有关 有及 有时
有的 本人 本地 本着 本身 来自 来说 果然 果真 某个 某些 根据 正如 正是 此外 此时 此次 每当 比如
比方 沿着 然后 然而 照着 甚且 甚或 甚而 甚至 用来 由于 由此 的确 的话 直到 等到 等等 类如 纵使
纵然 经过 结果 继而 罢了 而且 而后 而是 而言 自从 自己 自身 至于 至今 若是 虽则 虽然 虽说 要是
譬如 许多 诸位 诸如 赖以 起见 趁着 越是 较之 还是 还有 还要 这个 这么 这些 这样 这次 这里 进而
连同 逐步 通过 遵循 遵照 那个 那么 那些 那样 那里 鉴于 针对 除了 除外 除非 随后 随时 随着 非但
顺着 首先 用于 能够 不能 没有
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text))


ENGLISH = _words(_FUNCTION_WORDS + _NUMERALS + _COMMON_VERBS)
CHINESE = _words(_CHINESE_FUNCTION_WORDS)

"""The vocabulary of the command line: verbs by letter, English word, Chinese word and the initials of its pinyin."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from app.domain.incident_process import INCIDENT

WORDS: dict[str, tuple[str, ...]] = {
    "check": ("核实", "现场核实", "site", "check"),
    "register": ("受理", "立案", "accept", "register"),
    "assign": ("派", "分拨", "派单", "派遣", "增派", "assign", "send", "dispatch"),
    "recall": ("撤回", "收回", "recall"),
    "acknowledge": ("签收", "sign", "acknowledge", "ack"),
    "depart": ("出发", "途中", "depart", "enroute"),
    "arrive": ("到场", "到达", "arrive", "onscene"),
    "feed_back": ("反馈", "代填反馈", "feedback", "result"),
    "return": ("退回", "退单", "回退", "return"),
    "verify": ("核查", "核查通过", "verify", "pass"),
    "rework": ("返工", "rework"),
    "close": ("办结", "结案", "close"),
    "evaluate": ("评价", "回访", "evaluate"),
    "chase": ("催办", "催", "chase"),
    "told": ("转告", "告知", "转", "told", "tell"),
    "request_extension": ("延时", "申请延时", "extend"),
    "approve_extension": ("准延", "同意延时", "approve"),
    "refuse_extension": ("不准延", "拒绝延时", "refuse"),
    "hold": ("挂账", "hold"),
    "resume": ("恢复", "销账", "resume"),
    "supervise": ("督办", "supervise"),
    "raise": ("提级", "上报上级", "raise", "escalate"),
    "pass_up": ("上转", "转上级", "passup"),
    "pass_down": ("下转", "转下级", "passdown"),
    "pass_across": ("平转", "转同级", "passacross"),
    "sign_pass": ("接转", "中心签收", "takeover"),
    "refuse_pass": ("退转", "退回中心", "giveback"),
    "recall_pass": ("撤转", "收回转办", "takeback"),
    "escalate_pass": ("催签", "转办升级", "escalatepass"),
    "merge": ("合并", "并案", "merge"),
    "void": ("作废", "void"),
    "force_close": ("强制结案", "强结", "forceclose"),
    "reopen": ("重开", "重新办理", "reopen"),
    "correct": ("更正", "修改", "correct"),
    "note": ("备注", "记", "note"),
    "withdraw": ("撤销导入", "withdraw"),
}
GLOBAL: dict[str, tuple[str, ...]] = {
    "go": ("去", "定位", "go", "goto"),
    "find": ("查找", "找", "find", "search"),
    "filter": ("筛选", "filter"),
    "call": ("接报", "接电话", "call", "take"),
    "whistle": ("吹哨", "whistle"),
    "duty": ("值班", "签到", "duty", "roster"),
    "handover": ("交班", "交接班", "handover"),
    "relieve": ("接班", "relieve"),
    "map": ("态势图", "出图", "map", "reportmap"),
    "theme": ("主题", "theme"),
    "lang": ("语言", "lang", "language"),
    "video": ("视频墙", "视频", "video"),
    "patrol": ("轮巡", "patrol"),
    "layout": ("分屏", "画面", "layout"),
    "wall": ("上大屏", "大屏", "上墙", "wall", "bigwall"),
    "snapshot": ("截图", "抓拍", "snapshot", "snap"),
    "visitors": ("参观模式", "参观", "visitors"),
    "mute": ("静音", "mute"),
    "help": ("帮助", "help", "?", "？"),
}
"""Verbs of the desk itself. They have no letter: letters belong to the acts upon an incident."""
CHOICE_WORDS: dict[str, tuple[str, ...]] = {
    "overdue": ("超期", "cq"), "leader": ("领导", "领导交办", "ld"), "important": ("重要", "zy"),
    "true": ("属实", "真", "ss"), "false": ("误报", "不属实", "假", "wb"), "unknown": ("不明", "无法判断", "bm"),
    "satisfied": ("满意", "my"), "fair": ("一般", "基本满意", "yb"), "unsatisfied": ("不满意", "bmy"),
    "not_reached": ("未联系上", "wlxs"), "lead": ("主办", "zb"), "help": ("协办", "xb"),
    "1": ("i", "ⅰ", "一级"), "2": ("ii", "ⅱ", "二级"), "3": ("iii", "ⅲ", "三级"), "4": ("iv", "ⅳ", "四级"),
    "light": ("浅色", "亮", "qs"), "dark": ("深色", "暗", "ss"), "zh_cn": ("zh", "中文", "zw"), "en": ("英文", "yw"),
}
LEADERS = "/／、"
"""What a line may begin with: the slash, its full-width twin, and the key of the slash with a Chinese input method."""


@dataclass(frozen=True, slots=True)
class Word:
    """One way to say a verb. `kind`: letter, word (English), han, initials."""

    text: str
    verb: str
    kind: str


@lru_cache(maxsize=50_000)
def initials(text: str) -> str:
    """Lower-case pinyin initials of Chinese characters, letters and digits as they are: "抢险队 1" → "qxd1"."""
    from pypinyin import Style, lazy_pinyin
    return "".join(lazy_pinyin(text.replace(" ", ""), style=Style.FIRST_LETTER)).lower()


def is_han(text: str) -> bool:
    """Whether a text begins with a Chinese character."""
    return bool(text) and "一" <= text[0] <= "鿿"


@lru_cache(maxsize=1)
def vocabulary() -> dict[str, Word]:
    """Every way to say a verb, lower case. Letters of acts win; of two equal initials the first wins."""
    words: dict[str, Word] = {}

    def put(text: str, verb: str, kind: str) -> None:
        words.setdefault(text.lower(), Word(text.lower(), verb, kind))

    for transition in INCIDENT:
        if transition.key and transition.verb not in ("resume", "escalate_pass"):
            put(transition.key, transition.verb, "letter")
    every: Iterable[tuple[str, tuple[str, ...]]] = (*GLOBAL.items(), *WORDS.items())
    for verb, said in every:
        for text in said:
            put(text, verb, "han" if is_han(text) else "word")
        put(verb, verb, "word")
    for verb, said in every:
        for text in said:
            if is_han(text) and len(text) > 1:
                put(initials(text), verb, "initials")
    return words


def choice_of(token: str, choices: Iterable[str]) -> str | None:
    """The choice that a token names by its code, a word or initials; None when it names none."""
    low = token.lower()
    for choice in choices:
        if low == choice.lower() or low in CHOICE_WORDS.get(choice.lower(), ()):
            return choice
    return None


def best_word(verb: str, lang: str) -> str:
    """The word the completion offers for a verb in a language."""
    said = WORDS.get(verb) or GLOBAL.get(verb) or (verb,)
    wanted = [t for t in said if is_han(t) == lang.startswith("zh")]
    return wanted[0] if wanted else said[0]

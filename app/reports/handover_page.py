"""Hand-overs of a shift as one page to be printed or filed: no script, no request, all text is escaped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from app import text
from app.domain.faults import KnownFault, Message
from app.domain.handover import Item
from app.reports.files import whole
from app.services.book import Book
from app.services.duty_views import Handover, HandoverStep
from app.services.seat import Seat
from app.text import escape_html, mark

_CSP = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE = """<style>
body{font:14px/1.6 "Noto Sans CJK SC","Noto Sans SC","Microsoft YaHei","PingFang SC",sans-serif;color:#17253B;
max-width:52em;margin:2em auto;padding:0 1em}
h1{font-size:20px}h2{font-size:16px;margin:0}section{border:1px solid #C9D5E5;border-radius:6px;padding:12px 16px;
margin:16px 0;break-inside:avoid}p{margin:6px 0;white-space:pre-wrap;overflow-wrap:anywhere}
.state{font-weight:700}.demo{background:#C92A2A;color:#fff;border-radius:4px;padding:0 8px;font-size:14px}
table{border-collapse:collapse;width:100%}td{border-top:1px solid #C9D5E5;padding:2px 8px 2px 0;vertical-align:top}
.muted{color:#4A5D7A}
</style>"""
_NUMERAL = ("I", "II", "III", "IV")
_COUNTS = (("all", mark("{n} open")), ("to_accept", mark("{n} to accept")), ("to_assign", mark("{n} to assign")),
           ("to_sign", mark("{n} to be signed for")), ("in_hand", mark("{n} in hand")),
           ("returned", mark("{n} returned")), ("to_verify", mark("{n} to verify")),
           ("overdue", mark("{n} overdue")), ("supervised", mark("{n} supervised")), ("held", mark("{n} on hold")))
_STEPS = {"write": mark("written by {name}"), "rewrite": mark("changed by {name}"), "sign": mark("signed by {name}"),
          "object": mark("given back by {name}"), "withdraw": mark("withdrawn by {name}")}


@dataclass(frozen=True, slots=True)
class HandoverPage:
    """What the page is made from; nothing of it changes afterwards: it may be drawn on any thread."""

    handovers: tuple[Handover, ...]
    book: Book
    centre: str
    nature: str
    now: datetime
    zone: str


def read_handovers(seat: Seat, limit: int = 50) -> HandoverPage:
    """The last hand-overs of the seat's centre. Raises `KnownFault` when there are none."""
    found = tuple(seat.handovers(limit))
    if not found:
        raise KnownFault(Message("No shift was handed over yet."))
    return HandoverPage(found, seat.book, seat.centre_name, seat.nature, seat.clock.now(), seat.timezone)


def draw_handovers(page: HandoverPage, path: Path) -> int:
    """Write the page; returns its size in bytes. Raises `KnownFault` when the file cannot be written."""
    data = render(page).encode("utf-8")
    with whole(path) as part:
        part.write_bytes(data)
    return len(data)


def render(page: HandoverPage) -> str:
    """The page as HTML text."""
    title = f"{escape_html(page.centre)} · {_say('Hand-overs of the shift')}"
    word = {"demo": "DEMO", "drill": "DRILL"}.get(page.nature)
    mark_ = f' <span class="demo">{_say(word)}</span>' if word else ""
    made = _say("Written {time}", time=_time(page.now.timestamp(), page.zone))
    parts = "".join(_one(h, page) for h in page.handovers)
    return (f'<!DOCTYPE html><html lang="{text.language().lang}"><head><meta charset="utf-8"><meta http-equiv='
            f'"Content-Security-Policy" content="{_CSP}"><title>{title}</title>{_STYLE}</head><body>'
            f'<h1>{title}{mark_}</h1><p class="muted">{made}</p>{parts}</body></html>')


def _one(one: Handover, page: HandoverPage) -> str:
    head = _say("{role} {name}, {time}", role=_role(one.role, page.book), name=one.name, time=_time(one.at, page.zone))
    state = _say(f"handover.{one.phase}")
    if one.incoming and one.signed_at is not None:
        state = _say("Signed for by {name}, {time}", name=one.incoming, time=_time(one.signed_at, page.zone))
    counts = [_say(source, n=one.matters[tab]) for tab, source in _COUNTS if one.matters.get(tab)]
    out = [f"<section><h2>{head}{f' · {escape_html(one.number)}' if one.number else ''}</h2>",
           f'<p class="state">{state}</p><p>{escape_html(one.note, lines=True)}</p>']
    if one.items:
        out.append("<table>" + "".join(_item(i, page.book) for i in one.items) + "</table>")
    out.append(f'<p class="muted">{_say("Open then")}: {" · ".join(counts) or _say("nothing")}</p>')
    if len(one.steps) > 1:
        out.append('<p class="muted">' + "<br>".join(_step(s, page.zone) for s in one.steps) + "</p>")
    return "".join([*out, "</section>"])


def _item(item: Item, book: Book) -> str:
    lang = text.language().lang
    cells = (_NUMERAL[min(max(item.level, 1), 4) - 1], item.number, book.label("kind", item.kind, lang), item.place,
             book.phase_label(item.phase, item.kind, lang), text.render(Message("overdue")) if item.overdue else "")
    return "<tr>" + "".join(f"<td>{escape_html(c)}</td>" for c in cells) + "</tr>"


def _step(step: HandoverStep, zone: str) -> str:
    words = _say(_STEPS.get(step.verb, step.verb), name=step.name)
    said = step.text if step.verb not in ("write", "rewrite") else ""
    return f"{_time(step.at, zone)} {words}" + (f": {escape_html(said, lines=True)}" if said else "")


def _role(role: str, book: Book) -> str:
    return book.label("duty_role", role, text.language().lang)


def _time(at: float, zone: str) -> str:
    return f"{datetime.fromtimestamp(at, ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def _say(source: str, **params: object) -> str:
    return escape_html(text.render(Message(source, params)))

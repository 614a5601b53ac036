"""Reports that leave the building."""

from __future__ import annotations

import argparse

from app.bootstrap.output import emit, say
from app.bootstrap.work import seat_of
from app.domain.process import Role
from app.reports.handover_page import draw_handovers, read_handovers
from app.reports.situation_map import write_situation_map
from app.text import mark


def report(args: argparse.Namespace) -> int:
    """`main.py report map|handovers --out F.html`."""
    with seat_of(args, Role.DISPATCHER) as seat:
        size = (write_situation_map(seat, args.out) if args.what == "map"
                else draw_handovers(read_handovers(seat), args.out))
        emit(args, {"out": str(args.out), "bytes": size},
             say(mark("{file}: {size} kB, self-contained"), file=str(args.out), size=size // 1000))
    return 0

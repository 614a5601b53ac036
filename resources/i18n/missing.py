"""Which texts of the source have no finished translation.

    python resources/i18n/missing.py                # all rooms
    python resources/i18n/missing.py queue          # one room
    python resources/i18n/missing.py --add queue    # add them, unfinished, to zh_CN/queue.ts
    python resources/i18n/missing.py --unused       # entries that no source text asks for

Found are, with literal texts: `self.tr("..")` (context: the class), `translate("Context", "..")`, QT_TRANSLATE_NOOP, calls
of functions that hand their first parameter to such a call with a fixed context (`def tr(source): return
QCoreApplication.translate("forms", source)`), and `Message("..")` and `mark("..")` (context "text"), likewise wrapped.
"""
from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from app.domain import handover_process, whistle_process  # noqa: E402
from app.domain.handover_process import HANDOVER  # noqa: E402
from app.domain.incident_process import INCIDENT  # noqa: E402
from app.domain.whistle_process import WHISTLE  # noqa: E402
from app.services import timeline  # noqa: E402
from app.text import Entry, entries  # noqa: E402

FOLDER = ROOT / "resources" / "i18n"
PLACES = ("app", "widgets", "data")
HOLE = re.compile(r"\{[A-Za-z_][A-Za-z0-9_]*\}|%n|%L?\d")
HAN = re.compile(r"[\u3400-\u9fff]")
TEXT = "text"
SELF = "self"


@dataclass(frozen=True, slots=True)
class Use:
    """A text that the source shows. `contexts`: those it may be found under."""

    room: str
    place: str
    contexts: tuple[str, ...]
    source: str
    comment: str = ""


@dataclass(slots=True)
class Module:
    """One source file as the scan sees it: its tree, what its names stand for, its wrappers (name -> context)."""

    path: Path
    name: str
    tree: ast.Module
    wrappers: dict[str, str] = field(default_factory=dict)
    imported: dict[str, tuple[str, str]] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    candidates: list[tuple[str, str, list[ast.Call]]] = field(default_factory=list)

    @property
    def room(self) -> str:
        parts = self.name.split(".")
        return parts[1] if parts[0] == "widgets" and len(parts) > 1 else parts[0]


def modules() -> list[Module]:
    """All source files."""
    found = []
    for place in PLACES:
        for path in sorted((ROOT / place).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            found.append(Module(path, name, ast.parse(path.read_text(encoding="utf-8"))))
    for module in found:
        _read_names(module)
        module.candidates = _candidates(module.tree)
    for _ in range(3):  # wrappers of wrappers
        known = {(m.name, name): context for m in found for name, context in m.wrappers.items()}
        for module in found:
            _read_wrappers(module, known)
    return found


def _read_names(module: Module) -> None:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                module.imported[alias.asname or alias.name] = (node.module, alias.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Constant):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Name) and isinstance(node.value.value, str):
                    module.constants[target.id] = node.value.value


def _read_wrappers(module: Module, known: dict[tuple[str, str], str]) -> None:
    for name, (origin, original) in module.imported.items():
        if (origin, original) in known:
            module.wrappers[name] = known[origin, original]
        elif f"{origin}.{original}" in {m for m, _ in known}:
            for (owner, function), context in known.items():
                if owner == f"{origin}.{original}":
                    module.wrappers[f"{name}.{function}"] = context
    for name, first, calls in module.candidates:
        for call in calls:
            context, source, _ = _asks(module, call)
            if context and context != SELF and isinstance(source, ast.Name) and source.id == first:
                module.wrappers[name] = context


def _candidates(tree: ast.Module) -> list[tuple[str, str, list[ast.Call]]]:
    """Functions that hand their first parameter to a call: (name, parameter, those calls)."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            arguments = (*node.args.posonlyargs, *node.args.args)
            first = next((a.arg for a in arguments if a.arg not in ("self", "cls")), "")
            calls = [c for c in ast.walk(node) if isinstance(c, ast.Call)
                     and any(isinstance(a, ast.Name) and a.id == first for a in c.args)] if first else []
            if calls:
                found.append((node.name, first, calls))
    return found


def _asks(module: Module, call: ast.Call) -> tuple[str, ast.expr | None, str]:
    """(context, the source text's expression, disambiguation) of a call that translates; ("", None, "") of others."""
    name = _dotted(call.func)
    last = name.rsplit(".", 1)[-1]
    args = call.args
    if last in ("translate", "QT_TRANSLATE_NOOP") and len(args) >= 2:
        context = args[0]
        comment = _literal(module, args[2]) if len(args) > 2 else ""
        return _literal(module, context) or "", args[1], comment or ""
    if name in module.wrappers or name.removeprefix("self.") in module.wrappers:
        return module.wrappers.get(name) or module.wrappers[name.removeprefix("self.")], args[0] if args else None, ""
    if last == "tr" and "." in name and args:
        comment = _literal(module, args[1]) if len(args) > 1 else ""
        return SELF, args[0], comment or ""
    if last in ("Message", "mark") and args and module.imported.get(name, ("", ""))[0] in ("app.domain.faults", "app.text"):
        return TEXT, args[0], ""
    if last in ("Message", "mark") and args and name == last and module.name in ("app.domain.faults", "app.text"):
        return TEXT, args[0], ""
    if last == "Message":
        source = next((k.value for k in call.keywords if k.arg == "id"), None)
        return (TEXT, source, "") if source is not None else ("", None, "")
    return "", None, ""


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return "?"


def _literal(module: Module, node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.Name):
        return module.constants.get(node.id)
    return None


def _literals(node: ast.expr | None, module: Module) -> Iterator[str]:
    """The text itself, or both of `a if x else b`, or those of a dictionary that is indexed on the spot."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _literals(node.body, module)
        yield from _literals(node.orelse, module)
    elif isinstance(node, ast.Name) and node.id in module.constants:
        yield module.constants[node.id]
    elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Dict):
        for value in node.value.values:
            yield from _literals(value, module)


def uses(found: list[Module] | None = None) -> list[Use]:
    """All texts that the source shows by a literal."""
    result: list[Use] = []
    for module in found or modules():
        classes = {node.name: node for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef)}
        stack: list[tuple[ast.AST, str]] = [(module.tree, "")]
        while stack:
            node, inside = stack.pop()
            if isinstance(node, ast.ClassDef):
                inside = node.name
            if isinstance(node, ast.Call):
                context, source, comment = _asks(module, node)
                contexts = _class_contexts(classes, inside) if context == SELF else (context,)
                for text in _literals(source, module) if context else ():
                    place = f"{module.path.relative_to(ROOT).as_posix()}:{node.lineno}"
                    result.append(Use(module.room, place, contexts, text, comment))
            stack.extend((child, inside) for child in ast.iter_child_nodes(node))
    return sorted([*result, *table_uses()], key=lambda use: (use.room, use.place))


def table_uses() -> list[Use]:
    """Texts that lie in tables of the core and become messages by name: acts, what they need, events in words."""
    texts: dict[str, str] = {}
    for step in (*INCIDENT, *WHISTLE, *HANDOVER):
        place = f"app/domain:{step.event}"
        texts.update(dict.fromkeys((step.label, step.help, *(need.label for need in step.needs)), place))
        for need in step.needs:
            kind, _, rest = need.type.partition(":")
            if kind == "choice":
                texts.update(dict.fromkeys((f"{need.name}.{code}" for code in rest.split("|")), place))
    texts.update(dict.fromkeys(timeline._WORDS.values(), "app/services/timeline.py"))
    texts.update(dict.fromkeys((f"whistle.{phase}" for phase in whistle_process.PHASES), "app/domain:whistle"))
    texts.update(dict.fromkeys((f"handover.{phase}" for phase in (*handover_process.PHASES, handover_process.ONE_SIDED)),
                               "app/domain:handover"))
    states = (whistle_process.CALLED, whistle_process.REPORTED_IN, whistle_process.DONE, whistle_process.SCORED)
    texts.update(dict.fromkeys((f"whistle_call.{state}" for state in states), "app/domain:whistle"))
    return [Use("app", place, (TEXT,), text) for text, place in texts.items() if text]


def coded(uses_: list[Use]) -> set[str]:
    """Texts that are codes ("finding.true") and so need an English text too."""
    return {use.source for use in uses_ if re.fullmatch(r"[a-z_]+(\.[a-z0-9_]+)+", use.source)}


def _class_contexts(classes: dict[str, ast.ClassDef], name: str) -> tuple[str, ...]:
    """The class and its bases in the same file: Qt looks up all of them."""
    found = [name]
    for base in classes[name].bases if name in classes else ():
        found.extend(c for c in _class_contexts(classes, _dotted(base)) if c not in found)
    return tuple(found)


def translated(lang: str = "zh_CN") -> dict[tuple[str, str], list[Entry]]:
    """(context, source) -> entries of a language, finished or not."""
    result: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries(FOLDER / lang):
        result.setdefault(entry.key[:2], []).append(entry)
    return result


def missing(lang: str = "zh_CN", asked: list[Use] | None = None) -> list[Use]:
    """Uses without a finished translation; texts without any letter need none."""
    have = {key for key, all_ in translated(lang).items() if any(entry.forms for entry in all_)}
    return [use for use in (uses() if asked is None else asked) if needs_translation(use.source)
            and not any((context, use.source) in have for context in use.contexts)]


def needs_translation(source: str) -> bool:
    """Whether a text says something once its placeholders are out."""
    return bool(re.search(r"[^\W\d_]", HOLE.sub("", source)))


def wrong_placeholders(lang: str = "zh_CN") -> list[str]:
    """Translations whose placeholders are not those of their source."""
    wrong = []
    for (context, source), all_ in translated(lang).items():
        for entry in all_:
            for form in entry.forms:
                if set(HOLE.findall(source)) != set(HOLE.findall(form)):
                    wrong.append(f"{entry.file} {context}: {source!r} -> {form!r}")
    return wrong


def add(room: str) -> int:
    """Add the missing texts of a room to its file, unfinished; returns how many."""
    path = FOLDER / "zh_CN" / f"{room}.ts"
    lacking: dict[str, dict[str, None]] = {}
    for use in missing():
        if use.room == room:
            lacking.setdefault(use.contexts[0], {})[use.source] = None
    text = path.read_text(encoding="utf-8") if path.exists() else (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n<TS version="2.1" language="zh_CN" sourcelanguage="en">\n</TS>\n')
    blocks = ""
    for context, sources in lacking.items():
        blocks += f"<context>\n    <name>{escape(context)}</name>\n"
        for source in sources:
            blocks += (f"    <message>\n        <source>{escape(source)}</source>\n"
                       "        <translation type=\"unfinished\"></translation>\n    </message>\n")
        blocks += "</context>\n"
    path.write_text(text.replace("</TS>", blocks + "</TS>"), encoding="utf-8")
    return sum(len(sources) for sources in lacking.values())


def main(arguments: list[str]) -> int:
    out = sys.stdout.write
    if "--add" in arguments:
        for room in (a for a in arguments if not a.startswith("-")):
            out(f"{room}: {add(room)} added\n")
        return 0
    if "--unused" in arguments:
        asked = {(context, use.source) for use in uses() for context in use.contexts}
        for (context, source), all_ in translated().items():
            if (context, source) not in asked:
                out(f"{all_[0].file}\t{context}\t{source}\n")
        return 0
    rooms = set(arguments)
    lacking = [use for use in missing() if not rooms or use.room in rooms]
    for use in lacking:
        out(f"{use.room}\t{use.place}\t{use.contexts[0]}\t{use.source}\n")
    for line in wrong_placeholders():
        out(f"placeholders: {line}\n")
    return 1 if lacking else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

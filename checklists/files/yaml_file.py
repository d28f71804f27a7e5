"""One YAML file: its plain values, the line on which each stands, and every fault of its shape."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from checklists.files.grammar import Strict
from checklists.files.translating import Wording

_Model = TypeVar("_Model", bound=Strict)


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing wrong with a definition file, and what to do about it."""

    file: str
    line: int
    says: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.says}"


class Document:
    """One YAML file: its plain values, and the line on which each of them stands."""

    def __init__(self, path: Path, faults: list[Fault], name: str = "") -> None:
        self.name = name or path.name
        self.node: yaml.Node | None = None
        self.values: Any = None
        try:
            text = path.read_text(encoding="utf-8")
            self.node = yaml.compose(text, Loader=yaml.CSafeLoader)
        except FileNotFoundError:
            faults.append(self._fault(1, "the file is missing; every definition is needed"))
        except UnicodeDecodeError:
            faults.append(self._fault(1, "the file is not UTF-8; save it as UTF-8"))
        except OSError as error:
            faults.append(self._fault(1, f"the file cannot be read ({error.strerror}); put a readable file here"))
        except yaml.YAMLError as error:
            faults.append(self._not_yaml(error))
        else:
            if self.node is None:
                faults.append(self._fault(1, "the file is empty; every definition is needed"))
            elif "*" in text and _holds_itself(self.node, ()):  # only an alias can, which begins so
                faults.append(self._fault(1, "a value holds itself; write it out instead of an alias"))
            else:
                self.values = self._plain(self.node, faults)

    def model(self, kind: type[_Model], faults: list[Fault]) -> _Model | None:
        """The file as a model, or None with every fault of its shape noted."""
        if self.values is None:
            return None
        try:
            return kind.model_validate(self.values)
        except ValidationError as error:
            faults += [
                self._fault(self.line_of(each["loc"]), f"{_dotted(each['loc'])}: {_remedy(each)}")
                for each in error.errors()
            ]
            return None

    def wordings(self, faults: list[Fault]) -> dict[str, Wording] | None:
        """The file as texts and lists of texts by key, those of another kind noted and left out."""
        if not isinstance(self.values, dict):
            return None
        found: dict[str, Wording] = {}
        for key, value in self.values.items():
            lines = value if isinstance(value, list) else [value]
            if all(isinstance(line, str) and line.strip() for line in lines):
                found[key] = tuple(value) if isinstance(value, list) else value
            else:
                faults.append(self.fault_at((key,), f"{key} is not text; write a text, or a list of texts"))
        return found

    def fault_at(self, place: tuple[Any, ...], says: str) -> Fault:
        """A fault of what stands at a place."""
        return self._fault(self.line_of(place), says)

    def line_of(self, place: tuple[Any, ...]) -> int:
        """The line of a place such as ("sections", 0, "questions", 2, "ask"), or of its nearest parent."""
        node = self.node
        line = 1
        for step in place:
            found = _child(node, step)
            if found is None:
                break
            mark, node = found
            line = mark.line + 1
        return line

    def _plain(self, node: yaml.Node, faults: list[Fault]) -> Any:
        if isinstance(node, yaml.MappingNode):
            return dict(self._pairs(node, faults))
        if isinstance(node, yaml.SequenceNode):
            return [self._plain(item, faults) for item in node.value]
        return self._scalar(node, faults)

    def _pairs(self, node: yaml.MappingNode, faults: list[Fault]) -> Iterator[tuple[str, Any]]:
        seen: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                faults.append(self._line(key, "a key is not text; write one word"))
                continue
            if key.value in seen:
                faults.append(self._line(key, f"{key.value} stands twice; keep one of them"))
            if not key.tag.endswith(":str"):
                faults.append(self._line(key, f'{key.value} is not read as text; write "{key.value}"'))
            seen.add(key.value)
            yield key.value, self._plain(value, faults)

    def _scalar(self, node: yaml.Node, faults: list[Fault]) -> Any:
        kind = node.tag.rpartition(":")[2]
        if kind == "str":
            return node.value
        if kind == "bool" and node.value in ("true", "false"):
            return node.value == "true"
        if (
            kind == "int"
            and (node.value == "0" or node.value.lstrip("-")[:1] in "123456789")
            and node.value.lstrip("-").isdigit()
        ):
            return int(node.value)
        if kind == "float" and node.value.replace(".", "", 1).isdigit():
            return float(node.value)
        faults.append(self._line(node, f'{node.value or "nothing"} is read as {kind}; write "{node.value}"'))
        return node.value

    def _not_yaml(self, error: yaml.YAMLError) -> Fault:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
        return self._fault(mark.line + 1 if mark else 1, f"this is not YAML: {problem}; mend the line or the one above")

    def _line(self, node: yaml.Node, says: str) -> Fault:
        return self._fault(node.start_mark.line + 1, says)

    def _fault(self, line: int, says: str) -> Fault:
        return Fault(file=self.name, line=line, says=says)


def _holds_itself(node: yaml.Node, above: tuple[int, ...]) -> bool:
    if id(node) in above:
        return True
    inside = node.value if isinstance(node, yaml.SequenceNode) else ()
    if isinstance(node, yaml.MappingNode):
        inside = [part for pair in node.value for part in pair]
    return any(_holds_itself(part, (*above, id(node))) for part in inside)


def _child(node: yaml.Node | None, step: Any) -> tuple[Any, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        return next(((key.start_mark, value) for key, value in node.value if key.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step].start_mark, node.value[step]
    return None


def _dotted(place: tuple[Any, ...]) -> str:
    return ".".join(str(step) for step in place)


def _remedy(error: Any) -> str:
    written = str(error["input"])
    shown = written if len(written) <= 40 else written[:39] + "…"
    remedies = {
        "extra_forbidden": "there is no such key; remove it or mend its spelling",
        "missing": "is missing; add it",
        "string_type": f"{shown} is not text; put quotes around it",
    }
    return remedies.get(error["type"], f"is {shown!r}; {error['msg'][0].lower()}{error['msg'][1:]}")

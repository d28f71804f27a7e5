"""What clinicians have signed: the marks of every entry as it was then, beside the definitions, and what changed since.

The status itself (who, when, until when) stands in each file under `review`; `reviewed.json` holds the marks.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from checklists.files.definitions import WRITTEN_IN, Definitions
from reports.review.entries import ReviewPart, review_parts

FILE = "reviewed.json"
_REVIEW = re.compile(r"^review: \{.*\}$", re.M)
Marks = Mapping[str, Mapping[str, Mapping[str, str]]]
"""By language, part and entry."""


@dataclass(frozen=True, kw_only=True)
class Undone:
    """A part that says it was reviewed, and the entries of which that is no longer so."""

    language: str
    part: ReviewPart
    entries: tuple[str, ...]

    def __str__(self) -> str:
        review = self.part.review
        return (
            f"{self.part.id} ({self.language}): changed since {review.by or 'nobody'} reviewed it on"
            f" {review.date or 'no day'}: {', '.join(self.entries)}. Have it reviewed anew, or set its status to draft."
        )


def undone_reviews(definitions: Definitions, folder: Path) -> Iterator[Undone]:
    """Every review that a later change has undone."""
    signed = read_marks(folder)
    for language in definitions.languages:
        for part in review_parts(definitions, language):
            if part.review.status == "reviewed":
                changed = part.changed_since(signed.get(language, {}).get(part.id, {}))
                if changed:
                    yield Undone(language=language, part=part, entries=changed)


def read_marks(folder: Path) -> Marks:
    """The marks as they were signed; none where nobody has signed."""
    file = folder / FILE
    found: Marks = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return found


def record_review(
    definitions: Definitions, folder: Path, language: str, ids: Collection[str], by: str, on: date, until: date
) -> None:
    """Writes who reviewed these parts into the definitions, and their marks; a translation is reviewed whole.

    :raises LookupError: a file has no `review` of one line, and its name
    """
    quoted = json.dumps(by, ensure_ascii=False)
    if language == WRITTEN_IN:
        line = f'review: {{status: reviewed, by: {quoted}, date: "{on}", next: "{until}"}}'
        written = {file: _with_review(file, line) for file in (folder / f"{each}.yaml" for each in ids)}
    else:
        file = folder / language / "review.yaml"
        comments = [each for each in file.read_text(encoding="utf-8").splitlines() if each.startswith("#")]
        fields = ["status: reviewed", f"by: {quoted}", f'date: "{on}"', f'next: "{until}"']
        written = {file: "\n".join((*comments, *fields, ""))}
    marks = {name: dict(parts) for name, parts in read_marks(folder).items()}
    parts = {part.id: part.marks for part in review_parts(definitions, language) if part.id in ids}
    marks[language] = {**marks.get(language, {}), **parts}
    written[folder / FILE] = json.dumps(marks, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    for file, text in written.items():
        file.write_text(text, encoding="utf-8")


def _with_review(file: Path, line: str) -> str:
    text = file.read_text(encoding="utf-8")
    if len(_REVIEW.findall(text)) != 1:
        raise LookupError(file.name)
    return _REVIEW.sub(lambda _: line, text)

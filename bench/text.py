"""What the figure check costs on five pages of text: ``python3 dev.py bench text``.

The text is October's analysis of the demonstration with every amount changed a little in each of its copies, so that
no two sentences are alike, and the figures are those of its report and of the previous one. The floor, measured in
turns in the same run, is looking up every word of the text in a dictionary of the figures.
"""

from __future__ import annotations

import os
import re
import statistics
import time
from collections.abc import Callable

import django

ROUNDS = 100
PAGES, WORDS_A_PAGE = 5, 500
LIMIT = 50  # milliseconds
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "sydit.settings",
    "DEBUG": "false",
    "HTTPS": "false",
    "SECRET_KEY": "only-for-measurements",
}


def five_pages(body: str) -> str:
    """Copies of a text, with other amounts in each but the first."""
    copies, words = [body], len(body.split())
    while words * len(copies) < PAGES * WORDS_A_PAGE:
        copies.append(_changed(body, len(copies)))
    return "\n\n".join(copies)


def _changed(body: str, step: int) -> str:
    return re.sub(r"\b(\d{3})\b", lambda match: f"{(int(match[1]) + step) % 1000:03}", body)


def medians(*works: Callable[[], object]) -> list[float]:
    """Milliseconds of each, measured in turns."""
    taken: list[list[float]] = [[] for _ in works]
    for _ in range(ROUNDS):
        for work, times in zip(works, taken, strict=True):
            start = time.perf_counter()
            work()
            times.append((time.perf_counter() - start) * 1000)
    return [statistics.median(times) for times in taken]


def main() -> None:
    os.environ |= ENVIRONMENT
    django.setup()
    from django.core.management import call_command

    from followup.models import FollowUp, ReportText
    from sydit import demo, demo_years
    from sydit.report import living_text
    from sydit.report.text_check import check
    from sydit.report.text_review import desk

    call_command("migrate", verbosity=0)
    if not demo.is_loaded():
        demo_years.load_years(lambda _: None)
    at_hand = desk(FollowUp.objects.select_related("fiscal_year").get(fiscal_year__year=2024, month=10))
    subject = at_hand.subject
    text = five_pages(at_hand.inputs.texts[ReportText.Key.ANALYSIS])
    figures = {figure.name: figure for figure in subject.catalogue}
    checked, read, floor = medians(
        lambda: check(text, subject),
        lambda: living_text.blocks(text, subject.catalogue),
        lambda: [figures.get(word) for word in text.split()],
    )
    marks = len(check(text, subject))
    print(f"{len(text.split())} words, {len(text)} characters, {len(figures)} figures, {marks} marks")
    print(f"figure check {checked:6.2f} ms  {checked / floor:6.1f} × floor  target {LIMIT} ms")
    print(f"paragraphs   {read:6.2f} ms  {read / floor:6.1f} × floor")
    print(f"floor        {floor:6.3f} ms")


if __name__ == "__main__":
    main()

"""How people answer: on a tablet or their own phone page by page, or on paper, which staff type in."""

from lab.bench.walker import Walker
from lab.clinic_day.browsers import StaffBrowser
from lab.clinic_day.people import Comer

MOST_STEPS = 90


def answer_on(browser: StaffBrowser, comer: Comer, until: tuple[str, ...]) -> int:
    """Answers page after page until one of these paths is reached; how many taps that took."""
    walker = Walker(browser.phone.context, comer.answers, lists=(), own=browser.phone)
    for _ in range(MOST_STEPS):
        path = browser.phone.path
        if path in until:
            return walker.cost.taps
        if path.startswith("/warning-signs/") and comer.sign and _tick(walker, comer.sign):
            continue
        walker.step()
    raise RuntimeError(f"{comer.name}: still at {browser.phone.path}")


def _tick(walker: Walker, sign: str) -> bool:
    box = walker.page.locator(f'input[name="signs"][value="{sign}"]')
    if box.count() == 0:
        return False
    walker.phone.choose("signs", sign)
    walker.cost.taps += 2
    with walker.page.expect_navigation():
        walker.page.locator("button.ticked").click()
    return True


def type_in(staff: StaffBrowser, comer: Comer) -> None:
    """From the person's page through the warning signs of today and every sheet, back to the person."""
    staff.press("Type in their paper")
    staff.follow("Answer the warning signs for today")
    while staff.phone.path.startswith("/warning-signs"):
        staff.press("None of these")
    while staff.phone.path.startswith("/enter/"):
        names = staff.page.eval_on_selector_all(
            "main input.number, main input[type=radio]", "fields => [...new Set(fields.map(each => each.name))]"
        )
        fields = {name: str(comer.answers[name]) for name in names if name in comer.answers}
        if "weight-kg" in fields and staff.page.locator("input[name=units]").input_value() == "imperial":
            fields["weight-kg"] = "134"
            fields |= {"height-cm-feet": "5", "height-cm-inches": "3"}
            fields |= {"tallest-height-cm-feet": "5", "tallest-height-cm-inches": "4"}
            fields = {name: value for name, value in fields.items() if name in names}
        others = {name: "no" for name in names if name not in fields and _offers(staff, name, "no")}
        staff.fill({**fields, **others})
        staff.picture(f"typed-in-{comer.name.split()[0]}-{staff.phone.path.rpartition('/')[2]}")
        staff.press("Save these answers")
        if staff.page.locator(".wrong").count():
            raise RuntimeError(f"{comer.name}: {staff.page.locator('.wrong').first.inner_text()}")


def _offers(staff: StaffBrowser, name: str, value: str) -> bool:
    return staff.page.locator(f'input[name="{name}"][value="{value}"]').count() > 0

"""Asked when a rung of the stop ladder came to nothing: take the next one, at its price?

GUI thread only. Decides nothing; the owner forces the ladder, and calls `close_because` if
the query ends first.
"""

from PySide6.QtWidgets import QWidget

from workbench.core.adapter.contract import Rung
from workbench.ui.dialogs.question import Question
from workbench.ui.theme import icons


class ForceDialog(Question):
    """Signals: `answered(bool)`, True to take `rung`; `closed_by_itself(text)`.

    Esc and Enter: wait. `waited_s` is how long the last rung was given.
    """

    def __init__(
        self, rung: Rung, *, tried: str = "", waited_s: float = 0.0, parent: QWidget | None = None
    ) -> None:
        super().__init__("forceDialog", "Force the stop", False, parent)
        self.head("The statement has not stopped yet", "alert-outline", "warning")
        self.said = self.say(_tried_text(tried, waited_s))
        self.price = self.say(_price_text(rung), "danger" if rung.price else "muted")
        self.force = self.choice(rung.title, True, "forceChoice")
        self.force.setIcon(icons.icon("close-octagon-outline", "danger"))
        self.wait = self.choice("Wait", False, "waitChoice")
        self.force.setAccessibleDescription(_price_text(rung))
        self.wait.setAccessibleDescription("The stop stays asked for; nothing more is done.")
        self.buttons(self.force, self.wait)
        self.make_default(self.wait)


def _tried_text(tried: str, waited_s: float) -> str:
    what = f"“{tried}” was asked for" if tried else "A stop was asked for"
    waited = f" {waited_s:g} s ago" if waited_s else ""
    return f"{what}{waited}, and the statement still runs. Waiting may be enough."


def _price_text(rung: Rung) -> str:
    if not rung.price:
        return f"{rung.title}: nothing else is lost."
    price = rung.price[0].upper() + rung.price[1:]
    return f"{rung.title}: {price.rstrip('.')}."

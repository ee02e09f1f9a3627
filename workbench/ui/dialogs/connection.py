"""The connection dialog: where to, under which name, and whether it works.

GUI thread only. Opens no connection and no file. Trying the connection is asked for by
`test_wanted`, and can be stopped.
"""

from collections.abc import Collection
from enum import StrEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from workbench.core.adapter.contract import EngineSpec
from workbench.core.errors import UserError
from workbench.ui.dialogs import connection_draft as drafts
from workbench.ui.dialogs.connection_address import AddressForm
from workbench.ui.dialogs.connection_draft import ConnectionDraft
from workbench.ui.dialogs.connection_test import TestRow
from workbench.ui.dialogs.question import Question


class Mode(StrEnum):
    """What the dialog is for."""

    CONNECT = "connect"
    NEW_DATABASE = "new_database"
    EDIT = "edit"


_TITLES = {
    Mode.CONNECT: ("Connect to a database", "Connect"),
    Mode.NEW_DATABASE: ("New database", "Create"),
    Mode.EDIT: ("Edit connection", "Save"),
}


class ConnectionDialog(Question):
    """Describes one connection.

    Signals: `answered(ConnectionDraft or None)`; `test_wanted(ConnectionDraft, number)`, to be
    answered by `test_passed`, `test_failed` or `test_stopped` with the same number;
    `test_stop_wanted(number)`. `taken` are names of saved connections.
    """

    test_wanted = Signal(object, int)
    test_stop_wanted = Signal(int)

    def __init__(
        self,
        engines: tuple[EngineSpec, ...],
        *,
        mode: Mode = Mode.CONNECT,
        draft: ConnectionDraft | None = None,
        taken: Collection[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        title, verb = _TITLES[mode]
        super().__init__("connectionDialog", title, None, parent)
        self.setMinimumWidth(560)
        self._mode = mode
        self._taken = frozenset(taken) - {draft.name if draft and mode is Mode.EDIT else ""}
        creating = mode is Mode.NEW_DATABASE
        offered = tuple(spec for spec in engines if not creating or drafts.can_create(spec))
        self.address = AddressForm(offered, creating=creating, parent=self)
        self._make_widgets(verb)
        self._lay_out()
        self._connect()
        if draft is not None:
            self._fill(draft)
        self._on_edited()
        self.address.focus_first()

    def _make_widgets(self, verb: str) -> None:
        self.name = QLineEdit(self)
        self.name.setObjectName("connectionName")
        self.name.setAccessibleName("Name")
        self.save = QCheckBox("Save this connection", self)
        self.save.setObjectName("connectionSave")
        self.save.setAccessibleName("Save this connection")
        self.production = QCheckBox("Production: a colour on every tab, and writes ask first", self)
        self.production.setObjectName("connectionProduction")
        self.production.setAccessibleName("Production")
        self.test = TestRow(self)
        self.confirm = self.choice(verb, None, "connectionConfirm")
        self.confirm.clicked.disconnect()
        self.cancel = self.choice("Cancel", None, "connectionCancel")
        self.cancel.setAutoDefault(False)

    def _lay_out(self) -> None:
        self.body.addWidget(self.address)
        self.body.addSpacing(16)
        self.body.addLayout(
            self.address.rows(("Name", self.name), ("", self.save), ("", self.production))
        )
        self.body.addSpacing(12)
        self.body.addWidget(self.test)
        self.test.setVisible(self._mode is not Mode.NEW_DATABASE)  # testing would make the file
        self.save.setVisible(self._mode is not Mode.EDIT)
        self.buttons(self.cancel, self.confirm)
        self.confirm.setProperty("primary", True)
        self.confirm.setDefault(True)
        QWidget.setTabOrder(self.cancel, self.confirm)

    def _connect(self) -> None:
        self.address.edited.connect(self._on_edited)
        self.address.resized.connect(self._on_resized)
        self.name.textEdited.connect(lambda _text: self.address.complain(""))
        self.save.toggled.connect(lambda _on: self.address.complain(""))
        self.confirm.clicked.connect(self._on_confirmed)
        self.test.test_wanted.connect(self._on_test_wanted)
        self.test.stop_wanted.connect(self.test_stop_wanted)
        self.test.said.connect(self._on_resized)

    def _fill(self, draft: ConnectionDraft) -> None:
        self.address.fill(draft.url, draft.password)
        self.name.setText(draft.name)
        self.save.setChecked(draft.save)
        self.production.setChecked(draft.production)

    def test_passed(self, number: int, text: str) -> None:
        """Try `number` connected to `text` ("DuckDB v1.4.0")."""
        self.test.passed(number, text)

    def test_failed(self, number: int, title: str, message: str = "") -> None:
        """Try `number` failed."""
        self.test.failed(number, title, message)

    def test_stopped(self, number: int) -> None:
        """Try `number` was stopped."""
        self.test.stopped(number)

    def draft(self) -> ConnectionDraft:
        """What the dialog says now. Raises UserError naming what is missing or wrong."""
        url = self.address.checked_url()
        name = self.name.text().strip()
        saving = self.save.isChecked() or self._mode is Mode.EDIT
        if saving and (not name or name in self._taken):
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)
            raise UserError(
                "Name",
                f"There is a saved connection called “{name}” already."
                if name
                else "A connection that is saved needs a name.",
            )
        return ConnectionDraft(
            url=url,
            name=name or self.address.suggested_name,
            password=self.address.password,
            save=saving,
            production=self.production.isChecked(),
        )

    def answer(self, choice: object) -> None:
        """Close with `choice`; a test under way is given up."""
        self._give_up_test()
        super().answer(choice)

    def close_because(self, text: str) -> None:
        """Close without an answer; a test under way is given up."""
        self._give_up_test()
        super().close_because(text)

    def _give_up_test(self) -> None:
        if not self.closed:
            self.test.give_up()

    def _on_edited(self) -> None:
        self.test.forget()
        self.name.setPlaceholderText(self.address.suggested_name)

    def _on_resized(self) -> None:
        if self.isVisible():
            self.fit()

    def _checked(self) -> ConnectionDraft | None:
        try:
            draft = self.draft()
        except UserError as error:
            self.address.complain(error.message)
            return None
        self.address.complain("")
        return draft

    def _on_confirmed(self) -> None:
        draft = self._checked()
        if draft is not None:
            self.answer(draft)

    def _on_test_wanted(self) -> None:
        draft = self._checked()
        if draft is not None:
            self.test_wanted.emit(draft, self.test.begin())

"""The connection form: an engine, its fields and its URL, which say the same at all times.

GUI thread only. Made from the engines' specs alone; opens no connection and no file. Trying
the connection is asked for by `test_wanted`, and can be stopped.
"""

from collections.abc import Collection
from enum import StrEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QFrame,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from workbench.core.adapter.contract import EngineSpec
from workbench.core.adapter.target import Secret
from workbench.core.errors import UserError
from workbench.ui.dialogs import connection_draft as drafts
from workbench.ui.dialogs.connection_draft import ConnectionDraft, Values
from workbench.ui.dialogs.connection_fields import EngineForm
from workbench.ui.dialogs.connection_test import TestRow
from workbench.ui.dialogs.question import Question, plain
from workbench.ui.theme import theme


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
        self._mode = mode
        self._creating = mode is Mode.NEW_DATABASE
        self._engines = tuple(s for s in engines if not self._creating or drafts.can_create(s))
        self._taken = frozenset(taken) - {draft.name if draft and mode is Mode.EDIT else ""}
        self._rest: Values = {}
        self._scheme = ""
        self._make_widgets(verb)
        self.form = self._new_form(self._engines[0])
        self._lay_out()
        self._connect()
        self._start(draft)

    def _make_widgets(self, verb: str) -> None:
        self.engine = QComboBox(self)
        self.engine.setObjectName("connectionEngine")
        self.engine.setAccessibleName("Engine")
        for spec in self._engines:
            self.engine.addItem(spec.title)
        self.url = QLineEdit(self)
        self.url.setObjectName("connectionUrl")
        self.url.setAccessibleName("URL")
        self.problem = plain("", self, "danger")
        self.problem.setObjectName("connectionProblem")
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
        self.body.addLayout(_form(("Engine", self.engine)))
        self._place = QVBoxLayout()
        self._place.addWidget(self.form)
        self.body.addLayout(self._place)
        self.body.addLayout(_form(("URL", self.url)))
        self.body.addWidget(self.problem)
        self.body.addWidget(_rule(self))
        self.body.addLayout(_form(("Name", self.name), ("", self.save), ("", self.production)))
        self.body.addWidget(_rule(self))
        self.body.addWidget(self.test)
        self.test.setVisible(not self._creating)  # testing would make the file
        self.save.setVisible(self._mode is not Mode.EDIT)
        self.buttons(self.cancel, self.confirm)
        self.confirm.setProperty("primary", True)
        self.confirm.setDefault(True)

    def _connect(self) -> None:
        self.engine.activated.connect(self._on_engine_chosen)
        self.url.textEdited.connect(self._on_url_edited)
        self.url.editingFinished.connect(self._on_url_left)
        self.name.textEdited.connect(lambda _text: self._complain(""))
        self.save.toggled.connect(lambda _on: self._complain(""))
        self.confirm.clicked.connect(self._on_confirmed)
        self.test.test_wanted.connect(self._on_test_wanted)
        self.test.stop_wanted.connect(self.test_stop_wanted)

    def _start(self, draft: ConnectionDraft | None) -> None:
        if draft is not None:
            self.url.setText(draft.url)
            self._on_url_edited(draft.url)
            self.name.setText(draft.name)
            self.save.setChecked(draft.save)
            self.production.setChecked(draft.production)
            if draft.password:
                self._set_password(draft.password)
        else:
            self._write_url()
        first = next(iter(self.form.editors), "")
        self.form.focus(first) if first else self.url.setFocus()

    @property
    def spec(self) -> EngineSpec:
        """The engine chosen."""
        return self.form.spec

    def test_passed(self, number: int, text: str) -> None:
        """Try `number` connected to `text` ("DuckDB v1.4.0")."""
        self.test.passed(number, text)

    def test_failed(self, number: int, title: str, message: str = "") -> None:
        """Try `number` failed."""
        self.test.failed(number, title, message)

    def test_stopped(self, number: int) -> None:
        """Try `number` was stopped."""
        self.test.stopped(number)

    def answer(self, choice: object) -> None:
        """Close with `choice`; a test under way is given up."""
        if not self.closed:
            self.test.give_up()
        super().answer(choice)

    def draft(self) -> ConnectionDraft:
        """What the form says now. Raises UserError naming what is missing or wrong."""
        values = self.form.values()
        lacking = drafts.missing(self.spec, values, creating=self._creating)
        if lacking is not None:
            self.form.focus(lacking[0])
            raise UserError("Something is missing", lacking[1])
        url = self.url.text().strip()
        drafts.values_of(url, self.spec)
        name = self.name.text().strip()
        saving = self.save.isChecked() or self._mode is Mode.EDIT
        if saving and not name:
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)
            raise UserError("Name", "A connection that is saved needs a name.")
        if saving and name in self._taken:
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)
            raise UserError("Name", f"There is a saved connection called “{name}” already.")
        password = self.form.password
        return ConnectionDraft(
            url=url,
            name=name or drafts.suggested_name(self.spec, values),
            password=Secret(password) if password else None,
            save=saving,
            production=self.production.isChecked(),
        )

    def _new_form(self, spec: EngineSpec) -> EngineForm:
        form = EngineForm(spec, creating=self._creating, parent=self)
        form.edited.connect(self._on_form_edited)
        return form

    def _show_engine(self, spec: EngineSpec) -> None:
        if spec is self.form.spec:
            return
        self._place.removeWidget(self.form)
        self.form.hide()
        self.form.deleteLater()
        self.form = self._new_form(spec)
        self._place.addWidget(self.form)
        self.engine.setCurrentIndex(self._engines.index(spec))
        self._rest = {}

    def _on_engine_chosen(self, index: int) -> None:
        kept = self.form.values()
        if self._engines[index] is self.spec:
            return
        self._show_engine(self._engines[index])
        shared = {"host", "database", "user", drafts.READ_ONLY}
        self.form.set_values({where: text for where, text in kept.items() if where in shared})
        self._scheme = ""
        self._on_form_edited()

    def _on_form_edited(self) -> None:
        self.test.forget()
        self._write_url()

    def _write_url(self) -> None:
        values = self.form.values()
        rest = dict(self._rest)
        if self._creating:
            rest[drafts.CREATE] = "1"
        try:
            self.url.setText(drafts.url_of(self.spec, values, rest, self._scheme))
        except UserError as error:
            self._complain(error.message)
            return
        self._complain("")
        self.name.setPlaceholderText(drafts.suggested_name(self.spec, values))

    def _on_url_edited(self, text: str) -> None:
        self.test.forget()
        spec = drafts.engine_of(text, self._engines)
        if spec is None:
            schemes = ", ".join(f"{s.schemes[0]}://" for s in self._engines)
            self._complain(f"A URL begins with one of: {schemes}", url=True)
            return
        self._show_engine(spec)
        try:
            values, self._rest, password = drafts.values_of(text, spec)
        except UserError as error:
            self._complain(error.message, url=True)
            return
        self._scheme = text.strip().partition("://")[0].lower()
        self.form.set_values(values)
        if password:
            self._set_password(password)
        self.name.setPlaceholderText(drafts.suggested_name(spec, values))
        self._complain("")

    def _on_url_left(self) -> None:
        """A password typed into the URL moves to its field: URLs are shown and kept."""
        if self.problem.text():
            return
        _values, _rest, password = drafts.values_of(self.url.text(), self.spec)
        if password:
            self._write_url()

    def _set_password(self, password: Secret) -> None:
        editor = self.form.editors.get("password")
        if editor is not None:
            editor.text = password.reveal()

    def _complain(self, text: str, *, url: bool = False) -> None:
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
        self.problem.setAccessibleName(text)
        theme.set_property(self.url, "invalid", url)

    def _checked(self) -> ConnectionDraft | None:
        try:
            draft = self.draft()
        except UserError as error:
            self._complain(error.message)
            return None
        self._complain("")
        return draft

    def _on_confirmed(self) -> None:
        draft = self._checked()
        if draft is not None:
            self.answer(draft)

    def _on_test_wanted(self, _number: int) -> None:
        draft = self._checked()
        if draft is not None:
            self.test_wanted.emit(draft, self.test.begin())


def _form(*rows: tuple[str, QWidget]) -> QFormLayout:
    form = QFormLayout()
    form.setHorizontalSpacing(12)
    form.setVerticalSpacing(8)
    for text, widget in rows:
        label = QLabel(text)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setBuddy(widget)
        form.addRow(label, widget)
    return form


def _rule(parent: QWidget) -> QFrame:
    rule = QFrame(parent)
    rule.setFrameShape(QFrame.Shape.HLine)
    rule.setProperty("rank", "rule")
    return rule

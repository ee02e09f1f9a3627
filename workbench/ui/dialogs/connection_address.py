"""Where a connection leads: an engine, its fields, and a URL, which say the same at all times.

GUI thread only. Made from the engines' specs alone; opens no connection and no file.
"""

from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from workbench.core.adapter.contract import EngineSpec
from workbench.core.adapter.target import Secret
from workbench.core.errors import UserError
from workbench.ui.dialogs import connection_draft as drafts
from workbench.ui.dialogs.connection_draft import Values
from workbench.ui.dialogs.connection_fields import EngineForm
from workbench.ui.dialogs.question import plain
from workbench.ui.theme import theme

_SHARED = ("host", "database", "user", drafts.READ_ONLY)  # kept when another engine is chosen


class AddressForm(QWidget):
    """Engine, fields, URL, and what is wrong with them.

    Signals: `edited()` by the user; `resized()` when it needs another height.
    """

    edited = Signal()
    resized = Signal()

    def __init__(self, engines: tuple[EngineSpec, ...], *, creating: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._engines = engines
        self._creating = creating
        self._rest: Values = {}
        self._scheme = ""
        self._labels: list[QLabel] = []
        self.engine = QComboBox(self)
        self.engine.setObjectName("connectionEngine")
        self.engine.setAccessibleName("Engine")
        for spec in engines:
            self.engine.addItem(spec.title)
        self.url = QLineEdit(self)
        self.url.setObjectName("connectionUrl")
        self.url.setAccessibleName("URL")
        self.problem = plain("", self, "danger")
        self.problem.setObjectName("connectionProblem")
        self.problem.hide()
        self.form = self._new_form(engines[0])
        self._lay_out()
        self.engine.activated.connect(self._on_engine_chosen)
        self.url.textEdited.connect(self.read_url)
        self.url.editingFinished.connect(self._on_url_left)
        self._write_url()

    def _lay_out(self) -> None:
        self._place = QVBoxLayout()
        self._place.addWidget(self.form)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(8)
        lines.addLayout(self.rows(("Engine", self.engine)))
        lines.addLayout(self._place)
        lines.addLayout(self.rows(("URL", self.url)))
        lines.addWidget(self.problem)
        self._order_stops()

    def _order_stops(self) -> None:
        """The tab key goes down the form: engine, its fields, URL."""
        fields = [stop for editor in self.form.editors.values() for stop in editor.stops]
        for before, after in pairwise((self.engine, *fields, self.url)):
            QWidget.setTabOrder(before, after)

    def rows(self, *rows: tuple[str, QWidget]) -> QFormLayout:
        """A form whose labels are as wide as all the others here."""
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(8)
        for text, widget in rows:
            label = QLabel(text, self)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setBuddy(widget)
            self._labels.append(label)
            form.addRow(label, widget)
        self._align_labels()
        return form

    def _align_labels(self) -> None:
        labels = [*self._labels, *self.form.labels]
        widest = max(label.sizeHint().width() for label in labels)
        for label in labels:
            label.setMinimumWidth(widest)

    @property
    def spec(self) -> EngineSpec:
        """The engine chosen."""
        return self.form.spec

    @property
    def password(self) -> Secret | None:
        """What the password field holds, None if it is empty or there is none."""
        return Secret(self.form.password) if self.form.password else None

    @property
    def suggested_name(self) -> str:
        """What it may be called; "" while a new database has no place yet."""
        values = self.form.values()
        unplaced = self._creating and not values.get("database", "").strip()
        return "" if unplaced else drafts.suggested_name(self.spec, values)

    def checked_url(self) -> str:
        """The URL. Raises UserError naming what is missing or wrong, the caret put there."""
        lacking = drafts.missing(self.spec, self.form.values(), creating=self._creating)
        if lacking is not None:
            self.form.focus(lacking[0])
            raise UserError("Something is missing", lacking[1])
        url = self.url.text().strip()
        if drafts.engine_of(url, self._engines) is not self.spec:
            self.url.setFocus(Qt.FocusReason.OtherFocusReason)
            raise UserError("Bad URL", self._schemes())
        drafts.values_of(url, self.spec)
        return url

    def complain(self, text: str, *, url: bool = False) -> None:
        """Say what is wrong, "" for nothing; `url`: it is the URL."""
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
        self.problem.setAccessibleName(text)
        theme.set_property(self.url, "invalid", url)
        self.resized.emit()

    def fill(self, url: str, password: Secret | None) -> None:
        """Describe `url`."""
        self.url.setText(url)
        self.read_url(url)
        if password:
            self._set_password(password)

    def focus_first(self) -> None:
        """Put the caret where one begins."""
        first = next(iter(self.form.editors), "")
        if first:
            self.form.focus(first)
        else:
            self.url.setFocus(Qt.FocusReason.OtherFocusReason)

    def read_url(self, text: str) -> None:
        """Take the engine and the fields from a URL."""
        spec = drafts.engine_of(text, self._engines)
        if spec is None:
            self.complain(self._schemes(), url=True)
        else:
            self._show_engine(spec)
            self._read_fields(text)
        self.edited.emit()

    def _read_fields(self, text: str) -> None:
        try:
            values, self._rest, password = drafts.values_of(text, self.spec)
        except UserError as error:
            self.complain(error.message, url=True)
            return
        self._scheme = text.strip().partition("://")[0].lower()
        self.form.set_values(values)
        if password:
            self._set_password(password)
        self.complain("")

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
        self.form.show()  # now, not with the next event: the caret may go there at once
        self._align_labels()
        self._order_stops()
        self.engine.setCurrentIndex(self._engines.index(spec))
        self._rest = {}
        self._scheme = ""
        self.resized.emit()

    def _on_engine_chosen(self, index: int) -> None:
        kept = self.form.values()
        if self._engines[index] is self.spec:
            return
        self._show_engine(self._engines[index])
        self.form.set_values({where: kept[where] for where in _SHARED if where in kept})
        self._on_form_edited()

    def _on_form_edited(self) -> None:
        self._write_url()
        self.edited.emit()

    def _write_url(self) -> None:
        rest = dict(self._rest)
        if self._creating:
            rest[drafts.CREATE] = "1"
        try:
            url = drafts.url_of(self.spec, self.form.values(), rest, self._scheme)
        except UserError as error:
            self.complain(error.message)
            return
        self.url.setText(url)
        self.complain("")

    def _on_url_left(self) -> None:
        """A password typed into the URL moves to its field: URLs are shown and kept."""
        text = self.url.text()
        if drafts.engine_of(text, self._engines) is not self.spec or self.problem.text():
            return
        _values, _rest, password = drafts.values_of(text, self.spec)
        if password:
            self._write_url()

    def _set_password(self, password: Secret) -> None:
        editor = self.form.editors.get("password")
        if editor is not None:
            editor.text = password.reveal()

    def _schemes(self) -> str:
        schemes = ", ".join(f"{spec.schemes[0]}://" for spec in self._engines)
        return f"A URL begins with one of: {schemes}."

"""The fields of the connection form, made from an engine's `FormField`s and nothing else.

GUI thread only. Opens no file: Browse only finds a path.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from workbench.core.adapter.contract import EngineSpec, FormField
from workbench.ui.dialogs.connection_draft import Values
from workbench.ui.widgets.tips import plain_tip


class FieldEditor(QWidget):
    """One field: a line, a password, a number, a file, a check box or a choice.

    Signals: `edited()` when the user changed it.
    """

    edited = Signal()

    def __init__(self, field: FormField, suffixes: tuple[str, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self._field = field
        self._suffixes = suffixes
        self.creating = False
        self.line: QLineEdit | None = None
        self.box: QCheckBox | None = None
        self.combo: QComboBox | None = None
        self.browse: QPushButton | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        if field.kind == "flag":
            self._make_box(row)
        elif field.kind == "choice":
            self._make_combo(row)
        else:
            self._make_line(row)
        self.text = field.default

    def _make_box(self, row: QHBoxLayout) -> None:
        self.box = QCheckBox(self._field.label, self)
        self.box.setObjectName(f"field_{self._field.where}")
        self.box.setAccessibleName(self._field.label)
        self.box.setToolTip(plain_tip(self._field.help))
        self.box.toggled.connect(lambda _on: self.edited.emit())
        row.addWidget(self.box, 1)

    def _make_combo(self, row: QHBoxLayout) -> None:
        self.combo = QComboBox(self)
        self.combo.setObjectName(f"field_{self._field.where}")
        self.combo.setAccessibleName(self._field.label)
        self.combo.addItems(self._field.choices)
        self.combo.activated.connect(lambda _index: self.edited.emit())
        row.addWidget(self.combo, 1)

    def _make_line(self, row: QHBoxLayout) -> None:
        line = QLineEdit(self)
        line.setObjectName(f"field_{self._field.where}")
        line.setAccessibleName(self._field.label)
        line.setAccessibleDescription(self._field.help)
        line.setPlaceholderText(self._field.help)
        if self._field.kind == "password":
            line.setEchoMode(QLineEdit.EchoMode.Password)
        if self._field.kind == "number":
            line.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        line.textEdited.connect(lambda _text: self.edited.emit())
        row.addWidget(line, 1)
        self.line = line
        if self._field.kind == "file":
            self.browse = QPushButton("Browse…", self)
            self.browse.setObjectName(f"browse_{self._field.where}")
            self.browse.setAccessibleName(f"Browse for the {self._field.label.lower()}")
            self.browse.setAutoDefault(False)
            self.browse.clicked.connect(self._on_browse_clicked)
            row.addWidget(self.browse)

    @property
    def text(self) -> str:
        """What is in it; a check box says "1" or "0"."""
        if self.box is not None:
            return "1" if self.box.isChecked() else "0"
        if self.combo is not None:
            return self.combo.currentText()
        return self.line.text() if self.line is not None else ""

    @text.setter
    def text(self, text: str) -> None:
        if text == self.text:
            return  # also: the caret of a line that is being typed in stays
        if self.box is not None:
            self.box.blockSignals(True)
            self.box.setChecked(text.strip().lower() in ("1", "true", "yes", "on"))
            self.box.blockSignals(False)
        elif self.combo is not None:
            self.combo.setCurrentText(text)
        elif self.line is not None:
            self.line.setText(text)

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """What the tab key stops at, in order."""
        parts = (self.line, self.browse, self.box, self.combo)
        return tuple(part for part in parts if part is not None)

    def _on_browse_clicked(self) -> None:
        dialog = QFileDialog(self.window(), f"{self._field.label}")
        dialog.setObjectName("browseDialog")
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        if self.creating:
            dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)  # an existing one is opened
            dialog.setDefaultSuffix(self._suffixes[0].lstrip(".") if self._suffixes else "")
        else:
            dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        patterns = " ".join(f"*{suffix}" for suffix in self._suffixes)
        dialog.setNameFilters(
            [*([f"Database files ({patterns})"] if patterns else []), "All files (*)"]
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._on_file_selected)
        dialog.open()

    def _on_file_selected(self, path: str) -> None:
        self.text = path
        self.edited.emit()


class EngineForm(QWidget):
    """The fields of one engine.

    Signals: `edited()`.
    """

    edited = Signal()

    def __init__(self, spec: EngineSpec, *, creating: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.spec = spec
        self.editors: dict[str, FieldEditor] = {}
        self.labels: list[QLabel] = []
        self.form = QFormLayout(self)
        self.form.setContentsMargins(0, 0, 0, 0)
        self.form.setHorizontalSpacing(12)
        self.form.setVerticalSpacing(8)
        for field in spec.fields:
            if creating and field.where == "readonly":
                continue  # a database that is being made must be written to
            editor = FieldEditor(field, spec.file_suffixes, self)
            editor.creating = creating
            if creating and field.where == "database" and editor.line is not None:
                editor.line.setPlaceholderText("where to make it")
            editor.edited.connect(self.edited)
            self.editors[field.where] = editor
            label = QLabel("" if field.kind == "flag" else field.label, self)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setBuddy(editor.stops[0])
            self.labels.append(label)
            self.form.addRow(label, editor)

    @property
    def password(self) -> str:
        """The password field's text, "" without one."""
        editor = self.editors.get("password")
        return editor.text if editor else ""

    def values(self) -> Values:
        """All fields but the password."""
        return {where: editor.text for where, editor in self.editors.items() if where != "password"}

    def set_values(self, values: Values) -> None:
        """Fill the fields; one that `values` leaves out gets its default."""
        for where, editor in self.editors.items():
            if where != "password":
                default = next(f.default for f in self.spec.fields if f.where == where)
                editor.text = values.get(where, default)

    def focus(self, where: str) -> None:
        """Put the caret into the field `where`."""
        if where in self.editors:
            self.editors[where].stops[0].setFocus(Qt.FocusReason.OtherFocusReason)

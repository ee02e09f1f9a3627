"""The one style sheet, made from a theme's tokens.

Pure text. Only what the palette can't say: radii, heights, focus rings, the filled
button, tab bars that keep left, combo boxes whose arrow has no frame.

Hooks for widgets: `#runButton` or property `primary` = the filled button; property
`danger` = it is red; property `compact` on a tool button = icon only, small; property `card` on a
frame = panel ground with a line round it; property `rank` = "muted" | "danger" | "ok" |
"warning" on a label; property `banner` = "error" | "warning" | "ok" on a frame.
"""

from pathlib import Path
from string import Template

from workbench.ui.theme.tokens import Tokens

_CHEVRON = Path(__file__).with_name("chevron.svg").as_posix()
_CHECK = Path(__file__).with_name("check.svg").as_posix()

_SHEET = Template("""
QToolTip { color: $text; background: $panel; border: 1px solid $line; padding: 4px 6px; }
QToolBar { background: $background; border: 0; min-height: 40px; max-height: 40px;
    spacing: 4px; padding: 0 8px; }
QToolBar::separator { background: $line; width: 1px; margin: 6px 8px; }
QStatusBar { background: $background; }
QStatusBar::item { border: 0; }
QMainWindow::separator { background: $background; width: 4px; height: 4px; }
QSplitter::handle { background: $background; }
QSplitter::handle:hover { background: $selection; }
QSplitter::handle:vertical { height: 5px; }
QSplitter::handle:horizontal { width: 5px; }
QDockWidget::title { background: $background; padding: 6px 8px; text-align: left; }

QFrame[card="true"], QPlainTextEdit, QTextEdit, QTreeView, QListView, QTableView,
QAbstractScrollArea[card="true"]
  { background: $panel; border: 1px solid $line; border-radius: 6px; }
QPlainTextEdit:focus, QTextEdit:focus, QTreeView:focus, QListView:focus, QTableView:focus,
QAbstractScrollArea[card="true"]:focus { border-color: $accent; }
QTreeView, QListView, QTableView { selection-background-color: $selection;
    selection-color: $text; outline: 0; }
QTreeView::item, QListView::item { min-height: 26px; max-height: 26px; border: 0; }
QTreeView::item:hover, QListView::item:hover { background: $hover; }
QTreeView::item:selected, QListView::item:selected { background: $selection; color: $text; }
QHeaderView::section { background: $panel; color: $muted; border: 0;
    border-bottom: 1px solid $line; padding: 4px 8px; text-align: left; }

QLineEdit, QAbstractSpinBox, QComboBox, QPushButton
  { background: $panel; color: $text; border: 1px solid $line; border-radius: 6px;
    min-height: 20px; padding: 3px 8px; }
QLineEdit:hover, QAbstractSpinBox:hover, QComboBox:hover, QPushButton:hover
  { border-color: $control_line; }
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus, QPushButton:focus
  { border-color: $accent; }
QLineEdit[invalid="true"] { border-color: $danger; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $selection; }
QPushButton:disabled, QLineEdit:disabled, QComboBox:disabled { color: $muted; }
QPushButton { padding: 3px 14px; }
QComboBox { padding-right: 4px; }
QComboBox::drop-down { border: 0; width: 24px; subcontrol-position: center right; }
QComboBox::down-arrow { image: url("$chevron"); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: $panel; border: 1px solid $line; outline: 0;
    selection-background-color: $selection; selection-color: $text; }

QCheckBox { spacing: 8px; }
QCheckBox::indicator { width: 14px; height: 14px; background: $panel;
    border: 1px solid $control_line; border-radius: 3px; }
QCheckBox::indicator:hover, QCheckBox::indicator:focus { border-color: $accent; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent;
    image: url("$check"); }
QCheckBox::indicator:checked:focus { border-color: $text; }
QCheckBox::indicator:disabled { background: $hover; border-color: $line; }

QToolButton { background: transparent; color: $text; border: 1px solid transparent;
    border-radius: 6px; padding: 4px 8px; min-height: 18px; }
QToolButton[compact="true"] { padding: 4px; }
QToolButton#qt_toolbar_ext_button { padding: 0; border: 0; }
QToolButton:hover { background: $hover; }
QToolButton:pressed, QToolButton:checked { background: $selection; }
QToolButton:focus { border-color: $accent; }
QToolButton:disabled { color: $muted; }
QToolButton::menu-indicator { image: none; }

#runButton, *[primary="true"] { background: $accent; color: $on_accent; font-weight: 600;
    border: 1px solid $accent; border-radius: 6px; padding: 3px 14px; min-height: 20px; }
#runButton:hover, *[primary="true"]:hover { background: $accent_hover;
    border-color: $accent_hover; }
#runButton:focus, *[primary="true"]:focus { border: 2px solid $text; padding: 2px 13px; }
#runButton:disabled, *[primary="true"]:disabled { background: $hover; color: $muted;
    border-color: $line; }
#runButton[danger="true"], *[primary="true"][danger="true"]
  { background: $danger; color: $on_danger; border-color: $danger; }
#runButton[danger="true"]:hover, *[primary="true"][danger="true"]:hover
  { background: $danger_hover; border-color: $danger_hover; }
#runButton[danger="true"]:focus, *[primary="true"][danger="true"]:focus
  { border-color: $text; }

QTabWidget::pane { border: 0; }
QTabBar { qproperty-drawBase: 0; qproperty-expanding: 0; background: $background; }
QTabBar::tab { background: transparent; color: $muted; border: 0; padding: 6px 12px;
    min-height: 20px; border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: $text; background: $hover; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:selected:focus { background: $selection; }
QTabBar::tear { width: 0; border: 0; }
QTabBar::scroller { width: 40px; }
QTabBar QToolButton { background: $background; border: 0; border-radius: 0; padding: 0;
    min-height: 0; }

QMenu { background: $panel; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 12px; border-radius: 4px; color: $text; }
QMenu::item:selected { background: $selection; }
QMenu::item:disabled { color: $muted; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }

QProgressBar { background: $line; border: 0; border-radius: 2px; min-height: 4px;
    max-height: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }

QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: $line; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $control_line; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: 0; }

QLabel[rank="muted"] { color: $muted; }
QLabel[rank="danger"] { color: $danger; }
QLabel[rank="ok"] { color: $ok; }
QLabel[rank="warning"] { color: $warning; }
QFrame[banner="error"] { background: $error_ground; border-radius: 6px; }
QFrame[banner="warning"] { background: $warning_ground; border-radius: 6px; }
QFrame[banner="ok"] { background: $ok_ground; border-radius: 6px; }
""")


def sheet(t: Tokens) -> str:
    """The style sheet for theme `t`."""
    names = {name: getattr(t, name) for name in t.__slots__}
    return _SHEET.substitute(names, chevron=_CHEVRON, check=_CHECK)

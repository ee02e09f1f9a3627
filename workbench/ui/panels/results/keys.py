"""Which key does what in a grid.

GUI thread only. Translates; the grid and its commands act.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from workbench.ui.panels.results.commands import GridCommands
from workbench.ui.panels.results.painting import HEADER_HEIGHT
from workbench.ui.panels.results.selection import Selection, Span, Step, stepped
from workbench.ui.panels.results.surface import GridSurface

_Key = Qt.Key
_STEPS = {
    _Key.Key_Left: Step.LEFT,
    _Key.Key_Right: Step.RIGHT,
    _Key.Key_Up: Step.UP,
    _Key.Key_Down: Step.DOWN,
    _Key.Key_PageUp: Step.PAGE_UP,
    _Key.Key_PageDown: Step.PAGE_DOWN,
    _Key.Key_Home: Step.ROW_START,
    _Key.Key_End: Step.ROW_END,
}
_STEPS_WITH_CONTROL = {
    _Key.Key_Left: Step.ROW_START,
    _Key.Key_Right: Step.ROW_END,
    _Key.Key_Up: Step.COLUMN_START,
    _Key.Key_Down: Step.COLUMN_END,
    _Key.Key_Home: Step.TOP,
    _Key.Key_End: Step.BOTTOM,
}


def press_key(grid: GridSurface, commands: GridCommands, event: QKeyEvent) -> bool:
    """Do what the key says; False if it says nothing here."""
    held = event.modifiers()
    if held & (Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier):
        return False
    shift = bool(held & Qt.KeyboardModifier.ShiftModifier)
    control = bool(held & Qt.KeyboardModifier.ControlModifier)
    key = Qt.Key(event.key())
    step = (_STEPS_WITH_CONTROL if control else _STEPS).get(key)
    if step is not None:
        _take(grid, step, extend=shift)
    elif event.matches(QKeySequence.StandardKey.SelectAll):
        grid.select(0, 0, extend=False, span=Span.ALL)
    elif key == _Key.Key_C and control:
        commands.copy(header=shift)
    elif key == _Key.Key_Space and shift != control:
        here = grid.selection
        span = Span.ROWS if shift else Span.COLUMNS
        grid.select(here.row, here.column, extend=False, span=span)
    elif key in (_Key.Key_Return, _Key.Key_Enter, _Key.Key_F2) and not (shift or control):
        commands.view_value()
    else:
        return False
    return True


def _take(grid: GridSurface, step: Step, *, extend: bool) -> None:
    here: Selection = grid.selection
    view = grid.view()
    page = max(1, (view.height - HEADER_HEIGHT) // view.row_height - 1)
    size = (grid.rows, len(grid.results.columns))
    row, column = stepped(here.row, here.column, step, size, page)
    # Rows stay rows while they are extended; everything is left for a cell.
    span = here.span if extend and here.span is not Span.ALL else Span.CELLS
    grid.select(row, column, extend=extend, span=span)

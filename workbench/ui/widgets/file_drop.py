"""Takes files dropped anywhere on a widget. GUI thread only; looks at no file.

What a child accepts by itself (text into an editor or a field) stays the child's.
"""

from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget


class FileDrop(QObject):
    """Watches one widget. Signals: `dropped(list[str])`, the paths of local files."""

    dropped = Signal(object)

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Accept files, and tell of them when they are let go."""
        if isinstance(event, QDragEnterEvent) and event.type() == QEvent.Type.DragEnter:
            if local_files(event.mimeData()):
                event.acceptProposedAction()
                return True
        elif isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop:
            paths = local_files(event.mimeData())
            if paths:
                event.acceptProposedAction()
                self.dropped.emit(paths)
                return True
        return super().eventFilter(watched, event)


def local_files(data: QMimeData) -> list[str]:
    """The paths of the local files that are dragged; none for anything else."""
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile()]

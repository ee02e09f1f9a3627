"""The keys that the editor and its tabs handle by themselves, for a list of shortcuts.

Pure data. Keys that are an action's too (`ui/actions.py`) are not repeated here. A test
presses every one.
"""

# (what it does, keys)
KEYS: tuple[tuple[str, str], ...] = (
    ("Indent the selected lines", "Tab"),
    ("Unindent the lines", "Shift+Tab"),
    ("Duplicate the line or the selection", "Ctrl+D"),
    ("Move the lines up", "Alt+Up"),
    ("Move the lines down", "Alt+Down"),
    ("Next hit", "F3"),
    ("Previous hit", "Shift+F3"),
    ("Larger code", "Ctrl++"),
    ("Smaller code", "Ctrl+-"),
    ("Code in its usual size", "Ctrl+0"),
    ("Rename the tab", "F2"),
    ("Go to the next tab", "Ctrl+Tab"),
    ("Go to the tab before", "Ctrl+Shift+Tab"),
    ("Move the tab right", "Ctrl+Shift+PgDown"),
    ("Move the tab left", "Ctrl+Shift+PgUp"),
)

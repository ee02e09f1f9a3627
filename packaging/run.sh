#!/bin/sh
# `make run`: the window on the sample database, or without a display the same tour headless.
# Runs inside .venv/env.sh. Leaves screenshots and a protocol of the tour in build/tour/.
set -eu

cd "$(dirname "$0")/.."

# Set is not reachable: a display of another user, a tunnel that is gone. Qt aborts there, so a
# process of its own finds out.
display() {
    [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || return 1
    case ${QT_QPA_PLATFORM:-} in offscreen | minimal | vnc) return 1 ;; esac
    timeout 30 python -c 'from PySide6.QtGui import QGuiApplication; QGuiApplication([])' \
        >/dev/null 2>&1
}

if display; then
    exec python -m workbench "$@"
fi
mkdir -p build/tour
echo "no display: the tour runs headless (open, run, cancel, receipt); screenshots go to build/tour/"
# The offscreen plugin warns for every window that it cannot hint sizes to a window manager.
QT_LOGGING_RULES='default.warning=false' QT_QPA_PLATFORM=offscreen exec python -m workbench --tour build/tour "$@"

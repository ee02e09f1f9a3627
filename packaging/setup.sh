#!/bin/sh
# Makes .venv: Python packages, Workbench itself (editable), and what Qt needs of the system.
# Called by every make target; does nothing when nothing changed since the last time.
#
# Works on a bare Debian 12 or later, as root or as anyone:
#   - root, or sudo without a password: what is missing is installed with apt-get;
#   - otherwise the packages are downloaded with apt's own unprivileged mode and unpacked
#     under .venv/syslibs, and .venv/env.sh points the loader, fontconfig and xkb there.
# Settings of pip (PIP_*, pip.conf) and of apt are respected: neither is given an address here.
# PYTHON=/path/to/python chooses the interpreter.
#
# Exit status: 0 done, 2 something is missing that only you can install, 1 a step failed.
set -eu

cd "$(dirname "$0")/.."
root=$PWD
venv=$root/.venv
syslibs=$venv/syslibs
log=$root/build/setup.log
debs=$root/build/debs

# What Qt's libraries and its offscreen, X11 and Wayland plugins link to, fonts, keyboard data.
QT_PACKAGES="libegl1 libgl1 libopengl0 libfontconfig1 libfreetype6 libdbus-1-3 libglib2.0-0
    libxkbcommon0 libxkbcommon-x11-0 libx11-xcb1 libxcb-cursor0 libxcb-icccm4 libxcb-image0
    libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-shm0 libxcb-sync1
    libxcb-xfixes0 libxcb-xkb1 libwayland-client0 libwayland-cursor0 libwayland-egl1
    xkb-data fontconfig-config fonts-dejavu-core tzdata"
# Graphics drivers: hundreds of megabytes that a window drawn in memory never loads.
DRIVERS='^(libllvm|libz3|mesa|libgl1-mesa|libglx-mesa|libegl-mesa|libgbm|libgallium|libdrm|libsensors|libelf|libvulkan)'

# ------------------------------------------------------------------------------ telling

say() { printf '%s\n' "$*" >&2; }

step() { say "setup: $*"; printf '\n== %s\n' "$*" >>"$log"; }

# run COMMAND...: its output goes to the log; a failure shows the log's end and ends the set-up.
run() {
    if ! "$@" >>"$log" 2>&1; then
        say "setup: this failed: $*"
        tail -n 25 "$log" | sed 's/^/  | /' >&2
        say "setup: the whole log is $log"
        exit 1
    fi
}

# missing WHAT PACKAGES...: only the user can go on from here.
missing() {
    what=$1
    shift
    say "setup: $what"
    if command -v apt-get >/dev/null 2>&1; then
        say "setup: install it as root, then run make again:  apt-get install $*"
    else
        say "setup: install it with this system's package tool, then run make again (Debian calls it: $*)"
    fi
    exit 2
}

# -------------------------------------------------------------------------- Debian, as root

# as_root COMMAND...: fails where we are not root and may not become it without a password.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo -n "$@"
    fi
}

may_install() {
    command -v apt-get >/dev/null 2>&1 || return 1
    [ "$(id -u)" = 0 ] && return 0
    command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null
}

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 \
        -y -q --no-install-recommends install "$@"
}

# install PACKAGES...: lists that are absent or out of date are fetched first.
install() {
    # shellcheck disable=SC2012  # only whether there is any matters
    if ls /var/lib/apt/lists/*_Packages* >/dev/null 2>&1 && apt_install "$@" >>"$log" 2>&1; then
        return
    fi
    run as_root apt-get -q -o DPkg::Lock::Timeout=300 update
    run apt_install "$@"
}

# ------------------------------------------------------------------------ Debian, as anyone

apt_private() {
    command=$1
    shift
    apt-get -q -o Dir::State="$debs/state" -o Dir::State::status=/var/lib/dpkg/status \
        -o Dir::Cache="$debs/cache" -o Debug::NoLocking=true "$command" "$@"
}

# unpack PACKAGES...: them and what they need beyond what is installed, into .venv/syslibs.
unpack() {
    mkdir -p "$debs/state/lists/partial" "$debs/cache/archives/partial" "$syslibs"
    # Its own status does not matter: hooks of the system may fail without root.
    apt_private update >>"$log" 2>&1 || true
    # Inst NAME (VERSION ...) is new; Inst NAME [OLD] (...) would be an upgrade: left alone.
    wanted=$(apt_private install -s --no-install-recommends "$@" 2>>"$log" |
        awk '$1 == "Inst" && $3 !~ /^\[/ { print $2 }' | grep -vE "$DRIVERS" || true)
    if [ -z "$wanted" ]; then
        say "setup: apt knows no way to get: $*"
        tail -n 25 "$log" | sed 's/^/  | /' >&2
        exit 1
    fi
    # shellcheck disable=SC2086  # a list of names
    run download $wanted
    for deb in "$debs"/*.deb; do
        run dpkg-deb -x "$deb" "$syslibs"
        rm -f "$deb"
    done
}

download() { (cd "$debs" && apt_private download "$@"); }

# --------------------------------------------------------------------------------- Python

usable() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
    for name in ${PYTHON:-} python3.13 python3.12 python3.11 python3; do
        if usable "$name"; then
            echo "$name"
            return
        fi
    done
}

# has_pip: a Debian without python3-venv has the module venv but nothing to put into it.
has_pip() { "$python" -c 'import venv, ensurepip' >/dev/null 2>&1; }

make_venv() {
    python=$(find_python)
    if [ -z "$python" ]; then
        may_install || missing "Workbench needs Python 3.11 or later, and there is none here." \
            python3 python3-venv
        step "installing Python"
        install python3 python3-venv
        python=$(find_python)
        [ -n "$python" ] || missing "Workbench needs Python 3.11 or later; this system's is older." \
            python3.11 python3.11-venv
    fi
    package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    if ! has_pip && may_install; then
        step "installing $package"
        install "$package"
    fi
    step "making .venv with $("$python" --version 2>&1)"
    rm -rf "$venv/bin" "$venv/lib" "$venv/lib64" "$venv/include" "$venv/pyvenv.cfg"
    if has_pip; then
        run "$python" -m venv "$venv"
    else
        "$python" -c 'import venv' 2>/dev/null || missing "Python's standard library is not complete." \
            python3 "$package"
        command -v apt-get >/dev/null 2>&1 || missing "Python has no ensurepip." "$package"
        step "downloading pip ($package is not installed)"
        run "$python" -m venv --without-pip "$venv"
        unpack python3-pip-whl
        wheel=$(ls "$syslibs"/usr/share/python-wheels/pip-*.whl)
        run env PYTHONPATH="$wheel" "$venv/bin/python" -m pip install -q --no-index "$wheel"
    fi
}

install_packages() {
    step "installing the Python packages (some 350 MB; minutes the first time)"
    run "$venv/bin/python" -m pip install --no-input -c constraints.txt setuptools
    # setuptools is there, at our version: no second one is fetched to build with.
    run "$venv/bin/python" -m pip install --no-input -c constraints.txt \
        --no-build-isolation -e '.[all,dev]'
}

# ------------------------------------------------------------------------------ Qt's needs

# What the loader does not find for the parts of Qt that the window uses.
lost_libraries() {
    qt=$(echo "$venv"/lib/python3*/site-packages/PySide6)
    paths=$(unpacked)${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
    for file in "$qt"/QtWidgets.abi3.so "$qt"/QtSvg.abi3.so "$qt"/Qt/lib/libQt6Widgets.so.6 \
        "$qt"/Qt/plugins/platforms/libqoffscreen.so "$qt"/Qt/plugins/platforms/libqxcb.so \
        "$qt"/Qt/plugins/platforms/libqwayland*.so; do
        [ -e "$file" ] && LD_LIBRARY_PATH=$paths ldd "$file" 2>/dev/null
    done | awk '/not found/ { print $1 }' | sort -u
}

# Where libraries were unpacked, whatever this machine calls its architecture.
unpacked() {
    for directory in "$syslibs"/usr/lib/*-linux-gnu* "$syslibs"/lib/*-linux-gnu*; do
        [ -d "$directory" ] && printf '%s\n' "$directory"
    done | paste -sd :
}

has_fonts() {
    [ -n "$(find /usr/share/fonts /usr/local/share/fonts "${HOME:-/nonexistent}/.local/share/fonts" \
        "$syslibs/usr/share/fonts" \( -name '*.ttf' -o -name '*.otf' -o -name '*.ttc' \) \
        2>/dev/null | head -n 1)" ]
}

has_zones() { [ -e /usr/share/zoneinfo/UTC ] || [ -e "$syslibs/usr/share/zoneinfo/UTC" ]; }

complete() { [ -z "$(lost_libraries)" ] && has_fonts && has_zones; }

install_qt_needs() {
    [ "$(uname -s)" = Linux ] || return 0
    complete && return
    if may_install; then
        step "installing the system libraries Qt needs"
        # shellcheck disable=SC2086  # a list of names
        install $QT_PACKAGES
    elif command -v apt-get >/dev/null 2>&1; then
        step "unpacking the system libraries Qt needs into .venv/syslibs"
        # shellcheck disable=SC2086  # a list of names
        unpack $QT_PACKAGES
    fi
    complete && return
    # shellcheck disable=SC2086  # a list of names
    missing "Qt needs libraries or fonts that are not here: $(lost_libraries | tr '\n' ' ')" $QT_PACKAGES
}

# --------------------------------------------------------------------------------- env.sh

# What make's recipes run in. Sourced by sh; changes nothing of the caller's shell.
write_env() {
    {
        echo "# Written by packaging/setup.sh. For a shell of your own: . .venv/env.sh"
        echo "export VIRTUAL_ENV='$venv' PATH='$venv/bin':\"\$PATH\""
        if [ -n "$(unpacked)" ]; then
            # No empty part: the loader would take it for the current folder.
            echo "export LD_LIBRARY_PATH='$(unpacked)'\"\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}\""
        fi
        if [ -d "$syslibs/usr/share/fonts" ]; then
            write_fonts_conf
            echo "export FONTCONFIG_FILE='$syslibs/fonts.conf'"
        fi
        if [ -d "$syslibs/usr/share/X11/xkb" ]; then
            echo "export XKB_CONFIG_ROOT='$syslibs/usr/share/X11/xkb'"
        fi
        if [ -d "$syslibs/usr/share/zoneinfo" ]; then
            echo "export TZDIR='$syslibs/usr/share/zoneinfo' PYTHONTZPATH='$syslibs/usr/share/zoneinfo'"
        fi
    } >"$venv/env.sh"
}

write_fonts_conf() {
    # The package's own file would be completed by its install script, which does not run here.
    cat >"$syslibs/fonts.conf" <<END
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>$syslibs/usr/share/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <dir prefix="xdg">fonts</dir>
  <cachedir>$syslibs/fontcache</cachedir>
  <alias><family>sans-serif</family><prefer><family>DejaVu Sans</family></prefer></alias>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
</fontconfig>
END
}

# ----------------------------------------------------------------------------------- main

key() { { echo "$root"; cat pyproject.toml constraints.txt packaging/setup.sh; } | sha256sum; }

# A system upgrade may have put another Python below the environment.
up_to_date() {
    [ -e "$venv/env.sh" ] && [ "$(cat "$venv/stamp" 2>/dev/null)" = "$(key)" ] &&
        "$venv/bin/python" -c 'import importlib.util as u, sys; sys.exit(not u.find_spec("PySide6"))' \
            2>/dev/null
}

# An environment does not survive a move (its scripts name their interpreter), nor half a making.
reusable() {
    [ "$(cat "$venv/place" 2>/dev/null || echo "$root")" = "$root" ] &&
        usable "$venv/bin/python" && "$venv/bin/python" -m pip --version >/dev/null 2>&1
}

main() {
    up_to_date && return
    mkdir -p build
    exec 9>build/setup.lock
    ! command -v flock >/dev/null 2>&1 || flock 9 # two makes at once: the second one waits
    up_to_date && return
    : >"$log"
    rm -f "$venv/stamp"
    reusable || make_venv
    echo "$root" >"$venv/place"
    install_packages
    install_qt_needs
    write_env
    rm -rf "$debs"
    key >"$venv/stamp"
    step "ready"
}

main

#!/usr/bin/env bash
# Makes this folder ready: system libraries, a Python 3.11 to 3.13, .venv with all packages. Does only what is missing.
#   .ci/setup.sh run     what the programme needs
#   .ci/setup.sh test    and what the tests need
# PYTHON=/path/to/python chooses another interpreter. As root on Debian, Ubuntu and their kin it installs system packages
# itself (LIANDONG_NO_APT=1 forbids it); everybody else is told what to type.
set -euo pipefail
cd "$(dirname "$0")/.."
level=${1:-run}
case "$level" in run|test) ;; *) echo "usage: .ci/setup.sh [run|test]" >&2; exit 2 ;; esac

venv=.venv
say() { printf '[setup] %s\n' "$*"; }
fail() { printf '[setup] %s\n' "$*" >&2; exit 1; }

may_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null && [ -z "${LIANDONG_NO_APT:-}" ]; }
apt_updated=
apt_install() {  # one call for all; a package this release does not have is passed over, its absence is told later
    local have=() name
    if [ -z "$apt_updated" ]; then
        say "apt-get update"
        apt-get update -qq </dev/null >/dev/null || say "apt-get update failed; going on with the lists that are there"
        apt_updated=1
    fi
    for name in "$@"; do
        if apt-cache show "$name" >/dev/null 2>&1; then have+=("$name"); fi
    done
    [ ${#have[@]} -gt 0 ] || return 0
    say "apt-get install ${have[*]}"
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "${have[@]}" </dev/null >/dev/null 2>"$apt_log" || { cat "$apt_log" >&2; return 1; }
}
apt_log=$(mktemp); trap 'rm -f "$apt_log"' EXIT

# --- one set-up at a time in this folder
if command -v flock >/dev/null; then exec 9>.setup.lock; flock 9; fi

# --- Python
fits() { "$1" -c 'import sys, venv, ensurepip; raise SystemExit(not (3, 11) <= sys.version_info[:2] < (3, 14))' >/dev/null 2>&1; }
find_python() {
    local candidate
    for candidate in ${PYTHON:-} python3.11 python3.12 python3.13 python3; do
        if command -v "$candidate" >/dev/null && fits "$candidate"; then command -v "$candidate"; return; fi
    done
    return 1
}
if ! [ -x $venv/bin/python ] || ! $venv/bin/python -c 'import pip' 2>/dev/null; then
    if ! python=$(find_python); then
        if may_apt; then
            apt_install python3 python3-venv
            python=$(find_python) || { apt_install python3.11 python3.11-venv || true; python=$(find_python) || true; }
        fi
        [ -n "${python:-}" ] || fail "Python 3.11, 3.12 or 3.13 with its venv module is missing. Type:
        sudo apt-get install python3 python3-venv
        or install one from your system's packages and call:  PYTHON=/path/to/python3.11 make $level"
    fi
    say "new environment $venv with $python"
    rm -rf $venv
    "$python" -m venv $venv
fi

# --- system libraries, asked for by what the loader finds, not by package names
missing_libraries() {
    $venv/bin/python - "$@" <<'PY'
import ctypes, sys
for name in sys.argv[1:]:
    try:
        ctypes.CDLL(name)
    except OSError:
        print(name)
PY
}
packages=() missing=()
if [ "$(uname -s)" = Linux ]; then
    absent=$(missing_libraries libGL.so.1 libEGL.so.1 libxkbcommon.so.0 libdbus-1.so.3 libfontconfig.so.1 libfreetype.so.6 \
        libglib-2.0.so.0 libxkbcommon-x11.so.0 libxcb-cursor.so.0 libxcb-icccm.so.4 libxcb-image.so.0 libxcb-keysyms.so.1 \
        libxcb-randr.so.0 libxcb-render-util.so.0 libxcb-shape.so.0 libxcb-shm.so.0 libxcb-sync.so.1 libxcb-xfixes.so.0 \
        libxcb-xkb.so.1 libX11-xcb.so.1)
    if [ -n "$absent" ]; then
        missing+=($absent)
        packages+=(libgl1 libegl1 libxkbcommon0 libdbus-1-3 libfontconfig1 libfreetype6 libglib2.0-0 libglib2.0-0t64 libxkbcommon-x11-0
            libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-shm0
            libxcb-sync1 libxcb-xfixes0 libxcb-xkb1 libx11-xcb1)
    fi
    if ! command -v fc-list >/dev/null || [ -z "$(fc-list :lang=zh-cn file 2>/dev/null | head -n 1)" ]; then
        missing+=("a Chinese font"); packages+=(fontconfig fonts-noto-cjk)
    fi
    if [ "$level" = test ]; then
        # the tests of the hub start their own PostgreSQL; the wheel of setup.cfg serves where this is not installed
        ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || { missing+=(postgresql); packages+=(postgresql); }
        command -v Xvfb >/dev/null || { missing+=(Xvfb); packages+=(xvfb); }
        command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
            || { missing+=(chromium); packages+=(chromium); }
    fi
fi
if [ ${#packages[@]} -gt 0 ]; then
    if may_apt; then
        apt_install "${packages[@]}" || say "not everything could be installed; tests that need the rest are skipped and say so"
    elif command -v apt-get >/dev/null; then
        say "missing: ${missing[*]}. Type:"
        say "  sudo apt-get install $(for p in "${packages[@]}"; do apt-cache show "$p" >/dev/null 2>&1 && printf '%s ' "$p"; done)"
    else
        say "missing: ${missing[*]}. Install the packages of your system that provide them."
    fi
fi

# --- Python packages, when what is asked for has changed
stamp=$($venv/bin/python - <<'PY'
import hashlib, pathlib, sys
text = pathlib.Path("setup.cfg").read_text("utf-8").split("[options.entry_points]")[0]
print(hashlib.sha256((text + pathlib.Path("pyproject.toml").read_text("utf-8").split("[tool.")[0] + sys.version).encode()).hexdigest())
PY
)
done_for() { [ -f "$venv/.ready-$1" ] && [ "$(cat "$venv/.ready-$1")" = "$stamp" ]; }
if done_for "$level" || { [ "$level" = run ] && done_for test; }; then exit 0; fi
if [ "$level" = test ]; then what='.[test]'; else what='.'; fi
say "installing the Python packages (a few minutes on first use)"
$venv/bin/python -m pip install -q --disable-pip-version-check --no-input --prefer-binary -e "$what" </dev/null \
    || fail "pip could not install the packages: see above. Is there a network, and does pip reach its index?"
printf '%s' "$stamp" > "$venv/.ready-$level"
say "ready"

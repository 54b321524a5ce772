#!/usr/bin/env bash
# desktop-session.sh COMMAND...: runs COMMAND in a desktop session of its own: X display with a window manager, private
# D-Bus, unlocked real keyring, accessibility bus, fresh home. Ends all of it afterwards.
set -euo pipefail

if [ "${FARTHING_IN_SESSION:-}" != 1 ]; then
  home=$(mktemp -d /tmp/farthing-session-XXXXXX)
  mkdir -m 700 "$home/runtime" "$home/home"
  # ccache keeps its files in the real home.
  export CCACHE_DIR=${CCACHE_DIR:-$HOME/.cache/ccache}
  status=0
  env -u DISPLAY -u WAYLAND_DISPLAY FARTHING_IN_SESSION=1 HOME="$home/home" XDG_RUNTIME_DIR="$home/runtime" \
    XDG_CONFIG_HOME="$home/home/.config" XDG_DATA_HOME="$home/home/.local/share" XDG_CACHE_HOME="$home/home/.cache" \
    NO_AT_BRIDGE=0 QT_LINUX_ACCESSIBILITY_ALWAYS_ON=1 \
    dbus-run-session -- xvfb-run -a -s '-screen 0 1600x1000x24' bash "$0" "$@" </dev/null || status=$?
  rm -rf "$home"
  exit $status
fi

openbox >/dev/null 2>&1 &
openbox=$!
. "$(dirname "$0")/keyring.sh"
status=0
"$@" || status=$?
kill $openbox $keyring 2>/dev/null || true
wait 2>/dev/null || true
exit $status

#!/usr/bin/env bash
# with-keyring.sh COMMAND...: runs COMMAND with a private D-Bus and a real, unlocked keyring in the folder named by
# KEYRING_HOME (default: a fresh one). The same folder again gives the same keys. Ends all of it afterwards.
set -euo pipefail

if [ -z "${FARTHING_KEYRING_BUS:-}" ]; then
  home=${KEYRING_HOME:-$(mktemp -d /tmp/farthing-keyring-XXXXXX)}
  mkdir -p -m 700 "$home/home" "$home/runtime"
  status=0
  env FARTHING_KEYRING_BUS=1 HOME="$home/home" XDG_RUNTIME_DIR="$home/runtime" XDG_CONFIG_HOME="$home/home/.config" \
    XDG_DATA_HOME="$home/home/.local/share" XDG_CACHE_HOME="$home/home/.cache" \
    dbus-run-session -- bash "$0" "$@" </dev/null || status=$?
  [ -n "${KEYRING_HOME:-}" ] || rm -rf "$home"
  exit $status
fi

. "$(dirname "$0")/keyring.sh"
status=0
"$@" || status=$?
kill $keyring 2>/dev/null || true
wait 2>/dev/null || true
exit $status

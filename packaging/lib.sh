# shellcheck shell=bash
# Shared by packaging/run and packaging/test: what is needed, and how it is installed. Sourced, not run.

say() { printf '\n== %s\n' "$*"; }
die() { printf 'farthing: %s\n' "$*" >&2; exit 1; }

root_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
jobs=$(nproc 2>/dev/null || echo 2)

build_packages=(
  ca-certificates cmake ninja-build ccache clang pkg-config
  qt6-base-dev libqt6opengl6-dev qt6-charts-dev qt6-svg-dev libqt6svg6-dev qt6-svg-plugins libqt6sql6-sqlite qt6-image-formats-plugins
  qtkeychain-qt6-dev libsimdjson-dev libmd4c-dev libsource-highlight-dev libsqlite3-dev zlib1g-dev
  qt6-tools-dev qt6-l10n-tools
)
run_packages=(fonts-inter fonts-jetbrains-mono fonts-noto-color-emoji)
test_packages=(
  llvm mold xvfb xauth openbox xdotool dbus dbus-x11 gnome-keyring at-spi2-core python3-gi gir1.2-atspi-2.0 openssl procps
  fonts-noto-core fonts-noto-cjk binutils
)
# For what npm brings to be tested against; on Debian some 350 packages, so that only packaging/test --long installs them.
peer_packages=(nodejs npm)

# Names differ between releases of Debian: a package that this release does not know is left out, and the build says
# what is missing, if it is. Grep reads to the end: with -q it would leave first, and the broken pipe, which pipefail
# makes a failure, would now and then take a package for unknown. Apt translates the word that is looked for: in C it
# does not.
known_packages() {
  local name
  for name in "$@"; do
    if LC_ALL=C LANGUAGE='' apt-cache policy "$name" 2>/dev/null | grep 'Candidate: [^(]' >/dev/null; then echo "$name"; fi
  done
}

missing_packages() {
  local name
  for name in "$@"; do
    dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep 'install ok installed' >/dev/null || echo "$name"
  done
}

install_packages() {
  local missing
  if ! command -v apt-get >/dev/null; then
    printf 'No apt-get here: what Debian calls these must be there.\n%s\n' "$*"
    return 0
  fi
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} -eq 0 ] && return 0
  # What this release does not have is no reason to ask the network at each run.
  if apt-cache show cmake >/dev/null 2>&1; then
    mapfile -t missing < <(known_packages "${missing[@]}")
    [ ${#missing[@]} -eq 0 ] && return 0
  fi
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || die "These packages are missing and there is no sudo: ${missing[*]}"
    as_root=(sudo)
  fi
  say "Installing ${#missing[@]} packages"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  mapfile -t missing < <(known_packages "${missing[@]}")
  [ ${#missing[@]} -eq 0 ] && return 0
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null \
    || die "apt-get could not install: ${missing[*]}"
}

# What sanitized programs and libFuzzer's are linked with, of the clang that is installed.
sanitizer_package() {
  local major
  major=$(clang --version 2>/dev/null | sed -n 's/.*version \([0-9]*\).*/\1/p' | head -1)
  [ -n "$major" ] && echo "libclang-rt-$major-dev"
}

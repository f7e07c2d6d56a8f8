# Shared by the scripts: installs what is missing, and nothing else. Debian 12, root or sudo.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit 1

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }
die() { printf '%s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif have sudo; then sudo "$@"; else die "need root or sudo for: $*"; fi
}

# apt PACKAGE...: installs Debian packages that are missing.
apt() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} = 0 ] && return
  say "installing ${missing[*]}"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
}

# A C compiler for SQLite and ring, and the Rust toolchain that rust-toolchain.toml names.
need_rust() {
  have cc || apt gcc libc6-dev
  export PATH="$HOME/.cargo/bin:$PATH"
  if ! have cargo; then
    apt curl ca-certificates
    say "installing Rust by rustup into $HOME/.cargo"
    # Debian 12 has no rustup package; this is the official installer.
    curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --no-modify-path --default-toolchain none >&2 ||
      die "Rust could not be installed: install it with rustup, then call this again"
  fi
}

# A JDK (the launcher is compiled at install) and Maven for the ActiveMQ engine.
need_java() {
  if ! have javac; then apt openjdk-17-jdk-headless; fi
  if ! have mvn; then apt maven; fi
}

# Network namespaces and rules, for the tests of network modes. Only root can use them; without they are skipped.
need_network() {
  if [ "$(id -u)" = 0 ]; then
    [ -x /usr/sbin/ip ] || [ -x /sbin/ip ] || apt iproute2
    [ -x /usr/sbin/nft ] || [ -x /sbin/nft ] || apt nftables
  fi
}

# Where downloads are kept. As root every broker has a user of its own, who has to get through to the engines; root's home is
# closed to it.
if [ "$(id -u)" = 0 ]; then
  cache="${XDG_CACHE_HOME:-/var/cache}/postern"
else
  cache="${XDG_CACHE_HOME:-$HOME/.cache}/postern"
fi

# The clients of the tests: AWS CLI, boto3 and messaging clients, pinned in script/requirements.txt, in a virtual
# environment outside the checkout, so that a new checkout need not install them again.
venv="${POSTERN_VENV:-$cache/venv}"
# The service refuses variables of its prefix that it does not know.
export -n POSTERN_VENV
need_clients() {
  have python3 || apt python3
  python3 -c 'import venv, ensurepip' 2>/dev/null || apt python3-venv
  # The AMQP 1.0 client is compiled against OpenSSL.
  [ -e /usr/include/openssl/ssl.h ] || apt libssl-dev
  have pkg-config || apt pkg-config
  python3 -c 'import os, sysconfig; raise SystemExit(not os.path.exists(sysconfig.get_path("include") + "/Python.h"))' || apt python3-dev
  local stamp
  stamp=$(sha256sum script/requirements.txt | cut -d' ' -f1)
  if [ "$(cat "$venv/stamp" 2>/dev/null)" != "$stamp" ]; then
    say "installing AWS CLI, boto3 and messaging clients into $venv"
    mkdir -p "$(dirname "$venv")"
    python3 -m venv --clear "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r script/requirements.txt >&2
    echo "$stamp" >"$venv/stamp"
  fi
  export POSTERN_TEST_PYTHON="$venv/bin/python"
}

# Engines are kept outside the checkout: they are large and the same for every one.
engines="${POSTERN_TEST_ENGINES:-$cache/engines}"

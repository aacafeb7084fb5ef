# What the scripts in ci/ share; each of them sources this file first.
# shellcheck shell=bash
set -euo pipefail
unset CDPATH
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

# Ends the script with a message on standard error.
die() {
  printf '%s: %s\n' "$(basename -- "$0")" "$*" >&2
  exit 1
}

# Prints the comment at the head of the script, which is its help.
help() { sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "ci/$(basename -- "$0")"; }

# Ends the script after a wrong command line.
usage_error() {
  printf '%s: %s\n\n' "$(basename -- "$0")" "$*" >&2
  help >&2
  exit 2
}

# For scripts that take no argument but --help.
no_arguments() {
  case "${1-}" in
    '') ;;
    -h | --help) help && exit 0 ;;
    *) usage_error "unknown argument '$1'" ;;
  esac
}

step() { printf '\n== %s\n' "$*"; }

# configure PRESET: makes build/PRESET ready. ccache is used where it is installed.
configure() {
  if command -v ccache >/dev/null; then
    export CMAKE_C_COMPILER_LAUNCHER="${CMAKE_C_COMPILER_LAUNCHER-ccache}"
    export CMAKE_CXX_COMPILER_LAUNCHER="${CMAKE_CXX_COMPILER_LAUNCHER-ccache}"
    export CCACHE_BASEDIR="${CCACHE_BASEDIR-$PWD}" CCACHE_NOHASHDIR="${CCACHE_NOHASHDIR-1}"
  fi
  step "configure ($1)"
  cmake --preset "$1"
}

# build PRESET [TARGET...]: configures and builds it, on all processors or on $WHEATSTONE_JOBS of them.
build() {
  local preset=$1
  shift
  configure "$preset"
  step "build ($preset)"
  cmake --build --preset "$preset" -j "${WHEATSTONE_JOBS:-$(nproc)}" ${1:+--target "$@"}
}

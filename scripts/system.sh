#!/bin/sh
# System packages that Python packages cannot bring. Installs them where it may (root, Debian);
# otherwise prints the one line to run. "start" goes on without them, as only PDF needs them.
set -eu

missing=""
need() { # need PACKAGE TEST...
    package=$1
    shift
    "$@" >/dev/null 2>&1 || missing="$missing $package"
}
postgresql() { ls /usr/lib/postgresql/*/bin/initdb || command -v initdb; }
library() { ldconfig -p 2>/dev/null | grep -q "$1"; }
font() { command -v fc-list >/dev/null && fc-list | grep -qi "$1"; }
java17() { [ "$(java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p')" -ge 17 ]; }

case "$1" in
venv)
    need python3-venv python3 -c "import venv, ensurepip"
    ;;
start)
    need libpango-1.0-0 library libpango-1.0
    need libpangoft2-1.0-0 library libpangoft2-1.0
    need libharfbuzz-subset0 library libharfbuzz-subset
    ;;
test)
    need libpango-1.0-0 library libpango-1.0
    need libpangoft2-1.0-0 library libpangoft2-1.0
    need libharfbuzz-subset0 library libharfbuzz-subset
    need chromium command -v chromium
    need default-jre-headless java17 # for Spark; without it its tests are skipped
    need nodejs command -v node
    need npm command -v npm
    need postgresql postgresql # the database tests run on it too
    need poppler-utils command -v pdftoppm
    need fonts-noto-core font "NotoSansArabic"
    need libreoffice-calc-nogui command -v soffice # recalculates and re-saves workbooks; without it these tests are skipped
    ;;
esac

[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing:$missing"
    apt-get update -qq
    # shellcheck disable=SC2086  # the list is meant to be split
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
    exit 0
fi
echo "Missing system packages. Run:  sudo apt-get install$missing" >&2
[ "$1" = start ] && echo "Until then everything works except PDF." >&2 && exit 0
exit 1

# Sourced by bin/cache-image and bin/run-tests, with $root, $program, and the exit codes $failure and $usage set.
#
# The usual case, nothing to build, costs one `find` besides this shell.
. "$root/ci/stamp.sh"

if [ "${1-}" = --no-install ]; then
    shift
    CACHE_IMAGE_NO_INSTALL=1
fi
if ! is_current "$program"; then
    CACHE_IMAGE_NO_INSTALL=${CACHE_IMAGE_NO_INSTALL-} "$root/ci/build" >&2 </dev/null
    case $? in
    0) ;;
    2) exit "$usage" ;;
    *) exit "$failure" ;;
    esac
fi
# Where podman is on PATH, nothing could be installed that would help: no question is asked.
if ! command -v podman >/dev/null; then
    . "$root/ci/engine.sh"
    CACHE_IMAGE_NO_INSTALL=${CACHE_IMAGE_NO_INSTALL-}
    export CACHE_IMAGE_NO_INSTALL
    ensure_engine_for "$program" "$@" || exit "$usage"
fi
exec "$root/.build/bin/$program" "$@"

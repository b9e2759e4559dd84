# Sourced by the programs of bin, with $root, $program, and the exit codes $failure and $usage set; $needs is `engine` or
# `os`.
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
if [ "$needs" = os ]; then
    # The command itself says what a template needs beyond these.
    if ! { command -v mmdebstrap && command -v qemu-img && command -v mcopy && command -v mksquashfs; } >/dev/null; then
        "$root/ci/install-packages" os >&2 </dev/null || exit "$usage"
    fi
# Where podman is on PATH, nothing could be installed that would help: no question is asked.
elif ! command -v podman >/dev/null; then
    . "$root/ci/engine.sh"
    CACHE_IMAGE_NO_INSTALL=${CACHE_IMAGE_NO_INSTALL-}
    export CACHE_IMAGE_NO_INSTALL
    ensure_engine_for "$program" "$@" || exit "$usage"
fi
exec "$root/.build/bin/$program" "$@"

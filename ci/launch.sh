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
if [ "$program" = run-tests ] && ! has_engine; then
    CACHE_IMAGE_NO_INSTALL=${CACHE_IMAGE_NO_INSTALL-} "$root/ci/install-packages" engine >&2 </dev/null || exit "$usage"
fi
exec "$root/.build/bin/$program" "$@"

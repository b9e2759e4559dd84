# Sourced: makes sure that a container engine answers. Needs $root, and the programs built.
#
# Which engine is used is decided by `cache-image engine` alone; here only what it misses is installed.

# ensure_engine [FLAG…]: with the flags of the command that is to run; fails where something is missing and not installed.
ensure_engine() {
    # What is wrong otherwise, the command itself says.
    absent=$("$root/.build/bin/cache-image" engine --absent "$@" 2>/dev/null) || return 0
    [ -z "$absent" ] || "$root/ci/install-packages" "$absent" >&2 </dev/null
}

# ensure_engine_for PROGRAM [WORD…]: the same for a whole command line, where the command needs an engine.
#
# Where podman is on PATH nothing could be installed that would help, so that nobody is asked.
ensure_engine_for() {
    wanted=$1 command= list= flags_end=
    shift
    # The flags that decide the engine are kept as "$@": each word that is none of them is dropped from the front.
    count=$#
    while [ "$count" -gt 0 ]; do
        word=$1
        shift
        count=$((count - 1))
        [ -z "$flags_end" ] || continue
        case $word in
        --) flags_end=1 ;;
        -C | --config | --engine)
            [ "$count" -gt 0 ] || return 0
            set -- "$@" "$word" "$1"
            shift
            count=$((count - 1))
            ;;
        -C* | --config=* | --engine=* | --docker) set -- "$@" "$word" ;;
        --color | --progress | --lock-timeout | --type | --tag | --log-level | --options)
            [ "$count" -gt 0 ] || return 0
            shift
            count=$((count - 1))
            ;;
        --list | --help | -h | --version | --check) list=1 ;;
        -*) ;;
        *) command=${command:-$word} ;;
        esac
    done
    [ -z "$list" ] || return 0
    case $wanted:$command in
    run-tests:*) ;;
    cache-image:update | cache-image:build | cache-image:load | cache-image:save) ;;
    *) return 0 ;;
    esac
    ensure_engine "$@"
}

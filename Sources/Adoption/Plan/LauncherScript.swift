/// The small scripts of an adopting repository that find the installed programs.
public enum LauncherScript {
    /// The programs that get one, each with the status of a failure of its own.
    static let programs = [(name: "cache-image", failure: 1), (name: "run-tests", failure: 125)]

    /// What marks a script as written by `init`.
    static let mark = "# Written by cache-image init"

    /// Whether a script is one that some version of `init` wrote.
    public static func isOwn(_ bytes: [UInt8]) -> Bool {
        String(decoding: bytes.prefix(400), as: UTF8.self).contains(mark)
    }

    /// The script that runs a program, wherever it is installed.
    public static func text(_ program: String, failure: Int) -> String {
        """
        #!/bin/sh
        \(mark): it runs the installed \(program), or says how to install it.
        program=\(program) failure=\(failure)
        set -f
        IFS=:
        for folder in $PATH ${HOME:+"$HOME/.local/bin"} /usr/local/bin; do
            case $folder in /*) ;; *) continue ;; esac
            file=$folder/$program
            if [ ! -f "$file" ] || [ ! -x "$file" ]; then continue; fi
            # This script, and its like in other repositories, are not the program.
            first=
            { IFS= read -r first || :; } 2>/dev/null <"$file"
            case $first in '#!'*) if grep -q '^\(mark)' "$file"; then continue; fi ;; esac
            unset IFS
            exec "$file" "$@"
        done
        say() {
            echo >&2 "$program: cannot run $program: $1"
            echo >&2 "hint: $2"
            exit "$failure"
        }
        case $(uname -s) in
        Linux) ;;
        Darwin) say 'it runs on Linux, and this is macOS' \\
            'podman machine init --now && podman machine ssh; install it there and work in this folder' ;;
        CYGWIN* | MINGW* | MSYS*) say 'it runs on Linux, and this is Windows' \\
            'wsl --install; install it in that Linux and clone the repository there' ;;
        *) say "it runs on Linux, and this is $(uname -s)" 'work in a virtual machine with Linux' ;;
        esac
        say 'it is not installed, neither on PATH nor in ~/.local/bin or /usr/local/bin' \\
            'apt install ./cache-image_*.deb, or its tarball'\\''s ./install, or make install in its checkout'

        """
    }
}

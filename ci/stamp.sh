# Sourced: whether the built programs are as new as their sources. Needs $root.

# The stamp's time is that of the build's start; its content names the toolchain.
stamp=$root/.build/bin/stamp

# is_current PROGRAM: nothing was changed, added or removed since PROGRAM was built, and the toolchain is the same.
#
# ctime is compared, since a copy or an unpacked archive may bring an old mtime; a folder's ctime tells of added and removed
# files. Without a toolchain on PATH what is built stays good.
is_current() {
    [ -x "$root/.build/bin/$1" ] && [ -r "$stamp" ] || return 1
    read -r built_with <"$stamp" || return 1
    swift=$(command -v swift) || swift=
    [ -z "$swift" ] || [ "$swift" = "$built_with" ] || return 1
    changed=$(find -H "$root/Package.swift" "$root/Sources" ${swift:+"$swift"} -cnewer "$stamp" -print -quit 2>&1) || return 1
    [ -z "$changed" ]
}

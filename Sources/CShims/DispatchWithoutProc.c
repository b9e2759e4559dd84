// libdispatch counts once a second which of its workers run, in /proc/TID/stat, and ends the program where that cannot be opened.
// It has no switch for it, so its `open` is this one: where /proc is not there, that file is empty, which it takes for a worker
// that waits. All other calls are the system's.
#undef _FORTIFY_SOURCE
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

/// Whether a path is /proc/NUMBER/stat.
static int is_thread_status(const char *path) {
    if (path == NULL || strncmp(path, "/proc/", 6) != 0) return 0;
    const char *number = path + 6;
    size_t digits = strspn(number, "0123456789");
    return digits > 0 && strcmp(number + digits, "/stat") == 0;
}

int open(const char *path, int flags, ...) {
    mode_t mode = 0;
    if ((flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE) {
        va_list rest;
        va_start(rest, flags);
        mode = va_arg(rest, mode_t);
        va_end(rest);
    }
    int descriptor = openat(AT_FDCWD, path, flags, mode);
    if (descriptor >= 0 || !is_thread_status(path)) return descriptor;
    int reason = errno;
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        errno = reason;
        return -1;
    }
    close(ends[1]);
    return ends[0];
}

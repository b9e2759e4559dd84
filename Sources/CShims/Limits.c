// Limits of this process that are too low to work with. With them Swift's runtime, or a library, hangs or crashes before `main`, so
// they are looked at before any library's own start: functions of .preinit_array run as soon as the libraries are loaded.
#include "CShims.h"
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/// With so many every command works: open files, and megabytes.
enum { needed_files = 64, wanted_files = 1024, needed_address_space = 320, needed_data = 128 };

/// Says what is too little and ends the program with the status of an error of usage.
static void refuse(const char *argument, const char *what, unsigned long long found, const char *option, int needed) {
    const char *path = cshims_program_path();
    if (path == NULL) path = argument == NULL ? "cache-image" : argument;
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    char text[PATH_MAX];
    int length = snprintf(
        text, sizeof text, "%s: cannot start %s: no more than %llu %s (ulimit %s), %d are needed\n", name, name, found, what, option,
        needed);
    if (length > 0 && (size_t)length < sizeof text && write(2, text, (size_t)length) < 0) _exit(1);
    _exit(strcmp(name, "run-tests") == 0 ? 125 : 2);
}

static void check_memory(const char *argument, int resource, const char *option, int needed) {
    struct rlimit limit;
    if (getrlimit(resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur >> 20 >= (rlim_t)needed) return;
    refuse(argument, "MB of memory may be used", limit.rlim_cur >> 20, option, needed);
}

/// A low limit of open files is raised as far as it may be.
static void check_files(const char *argument) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted_files) return;
    if (limit.rlim_cur < limit.rlim_max) {
        struct rlimit raised = {limit.rlim_max < wanted_files ? limit.rlim_max : wanted_files, limit.rlim_max};
        if (setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
    }
    if (limit.rlim_cur < needed_files) refuse(argument, "files may be open", limit.rlim_cur, "-n", needed_files);
}

static void check(int argc, char **argv, char **environment) {
    (void)environment;
    const char *argument = argc > 0 ? argv[0] : NULL;
    check_files(argument);
    check_memory(argument, RLIMIT_AS, "-v", needed_address_space);
    check_memory(argument, RLIMIT_DATA, "-d", needed_data);
}

__attribute__((section(".preinit_array"), used)) static void (*const first)(int, char **, char **) = check;

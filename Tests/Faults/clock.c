/* A clock that is set while a program runs, for Tests/Faults/faults: loaded before libc, it changes the time of day that the
   program reads by CLOCK_STEP seconds from its reading number CLOCK_AT on, or up to that one where CLOCK_AT is negative.
   Programs that it starts have the right time. CLOCK_COUNT is a file that gets the number of readings. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long at, step;
static atomic_long readings;
static int count_file = -1;

static long number(const char *name) {
    const char *text = getenv(name);
    return text ? atol(text) : 0;
}

__attribute__((constructor)) static void start(void) {
    at = number("CLOCK_AT");
    step = number("CLOCK_STEP");
    const char *path = getenv("CLOCK_COUNT");
    if (path) count_file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    unsetenv("LD_PRELOAD");
}

static long offset(void) {
    long now = atomic_fetch_add(&readings, 1) + 1;
    if (count_file >= 0) {
        char text[32];
        int length = snprintf(text, sizeof text, "%ld\n", now);
        if (pwrite(count_file, text, (size_t)length, 0) < 0) abort();
    }
    return at >= 0 ? (now >= at ? step : 0) : (now < -at ? step : 0);
}

int clock_gettime(clockid_t clock, struct timespec *result) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int status = real(clock, result);
    if (status == 0 && clock == CLOCK_REALTIME) result->tv_sec += offset();
    return status;
}

int gettimeofday(struct timeval *result, void *zone) {
    static int (*real)(struct timeval *, void *);
    if (!real) real = (int (*)(struct timeval *, void *))dlsym(RTLD_NEXT, "gettimeofday");
    int status = real(result, zone);
    if (status == 0 && result) result->tv_sec += offset();
    return status;
}

time_t time(time_t *result) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (result) *result = now.tv_sec;
    return now.tv_sec;
}

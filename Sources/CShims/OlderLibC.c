// Functions that a newer C library has and the one of 2.34 has not, or not in this version: the programs run there, too, whatever
// they were built with. Where the tarball of ci/dist brings libraries that need one of them, these take the programs' own.
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/random.h>

/// 2.35 has another version, which only sets no errno. A double holds the square of every float.
float hypotf(float x, float y) {
    if (__builtin_isinf(x) || __builtin_isinf(y)) return __builtin_inff();
    return (float)__builtin_sqrt((double)x * x + (double)y * y);
}

/// Of 2.36.
void arc4random_buf(void *bytes, size_t size) {
    char *next = bytes;
    while (size > 0) {
        ssize_t count = getrandom(next, size, 0);
        if (count < 0 && errno == EINTR) continue;
        // Whoever calls it counts on it.
        if (count < 0) abort();
        next += count;
        size -= (size_t)count;
    }
}

/// Of 2.36.
uint32_t arc4random(void) {
    uint32_t number;
    arc4random_buf(&number, sizeof number);
    return number;
}

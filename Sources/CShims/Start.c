// What has to be done or seen before anything else of the program runs: the C library hands the command line to functions of
// .init_array, and no file may be opened before the descriptors 0, 1 and 2 are taken.
#define _GNU_SOURCE
#include "CShims.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/auxv.h>
#include <unistd.h>

static int word_count;
static char **words;
static unsigned closed;

int cshims_argument_count(void) { return word_count; }

const char *cshims_argument(int index) { return index >= 0 && index < word_count ? words[index] : NULL; }

const char *cshims_program_path(void) { return (const char *)getauxval(AT_EXECFN); }

int cshims_was_closed(int descriptor) { return descriptor >= 0 && descriptor < 3 && (closed & (1u << descriptor)) != 0; }

int cshims_open_placeholder(int is_input) {
    int descriptor = open("/dev/null", is_input ? O_WRONLY : O_RDONLY);
    if (descriptor >= 0) return descriptor;
    int ends[2];
    if (pipe(ends) != 0) return -1;
    int kept = ends[is_input ? 1 : 0];
    // The lowest free number is wanted, and the end that is not kept may have it.
    close(ends[is_input ? 0 : 1]);
    int lower = fcntl(kept, F_DUPFD, 0);
    if (lower < 0 || lower > kept) {
        if (lower >= 0) close(lower);
        return kept;
    }
    close(kept);
    return lower;
}

/// A closed descriptor 0, 1 or 2 would be given to the next file that is opened, and what belongs on stdout be written into it.
/// It is taken by one that cannot be read (0) or written (1, 2): such a use stays the error that it was.
static void take_standard_descriptors(void) {
    for (int descriptor = 0; descriptor < 3; descriptor++) {
        if (fcntl(descriptor, F_GETFD) != -1 || errno != EBADF) continue;
        if (cshims_open_placeholder(descriptor == 0) != descriptor) _exit(2);
        closed |= 1u << descriptor;
    }
}

__attribute__((constructor(101))) static void start(int argc, char **argv) {
    word_count = argc;
    words = argv;
    take_standard_descriptors();
}

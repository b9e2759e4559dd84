// Functions of a shared library that is loaded at the first call of one of them. Included once per library; before it stand LIBRARY,
// the library's names, the wanted one first, and LOAD, the name of the function that loads it.
//
// libgit2 and libarchive bring 20 more libraries (Kerberos, ICU …): loading them takes longer than everything else that a command
// with nothing to do does, and such a command calls neither. A library that the machine lacks is an error of the command that
// needs it, not the end of every command in the dynamic loader.
#include "CLazy.h"
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

static void *lazy_library;
static char lazy_problem[512];
static pthread_once_t lazy_once = PTHREAD_ONCE_INIT;

static void lazy_load(void) {
    static const char *const names[] = {LIBRARY};
    for (size_t index = 0; index < sizeof names / sizeof *names && lazy_library == NULL; index++) {
        lazy_library = dlopen(names[index], RTLD_NOW | RTLD_LOCAL);
        // The first name is the one whose absence is worth telling.
        const char *problem = lazy_library == NULL ? dlerror() : NULL;
        if (problem != NULL && lazy_problem[0] == '\0') snprintf(lazy_problem, sizeof lazy_problem, "%s", problem);
    }
    if (lazy_library != NULL) lazy_problem[0] = '\0';
}

const char *LOAD(void) {
    pthread_once(&lazy_once, lazy_load);
    return lazy_library == NULL ? lazy_problem : NULL;
}

/// The address of a function.
///
/// Callers have asked LOAD before. Only a library of the right name that lacks the function gets to the end here.
static void *lazy_find(const char *name) {
    const char *problem = LOAD();
    void *function = problem == NULL ? dlsym(lazy_library, name) : NULL;
    if (function == NULL) {
        fprintf(stderr, "%s: cannot load %s: %s\n", program_invocation_short_name, name, problem != NULL ? problem : dlerror());
        _exit(2);
    }
    return function;
}

#define LAZY_FUNCTION(name)                                                                                            \
    static __typeof__(name) *_Atomic known;                                                                            \
    __typeof__(name) *function = atomic_load_explicit(&known, memory_order_relaxed);                                   \
    if (function == NULL) {                                                                                            \
        function = (__typeof__(name) *)lazy_find(#name);                                                               \
        atomic_store_explicit(&known, function, memory_order_relaxed);                                                 \
    }

/// Defines a function of the library, with the types of its header.
#define LAZY(result, name, parameters, arguments)                                                                      \
    result name parameters {                                                                                           \
        LAZY_FUNCTION(name)                                                                                            \
        return function arguments;                                                                                     \
    }

/// The same for one that returns nothing.
#define LAZY_VOID(name, parameters, arguments)                                                                         \
    void name parameters {                                                                                             \
        LAZY_FUNCTION(name)                                                                                            \
        function arguments;                                                                                            \
    }

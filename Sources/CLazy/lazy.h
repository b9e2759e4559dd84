// Functions of a shared library that is loaded at the first call of one of them. Included once per library, which LIBRARY names.
//
// libgit2 and libarchive bring 20 more libraries (Kerberos, ICU …): loading them takes longer than everything else that a command
// with nothing to do does, and such a command calls neither.
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

static void *lazy_library;
static pthread_once_t lazy_once = PTHREAD_ONCE_INIT;

static void lazy_load(void) {
    lazy_library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
}

/// The address of a function; without it the program ends, as it would at its start if the library were linked.
static void *lazy_find(const char *name) {
    pthread_once(&lazy_once, lazy_load);
    void *function = lazy_library == NULL ? NULL : dlsym(lazy_library, name);
    if (function == NULL) {
        fprintf(stderr, "cache-image: cannot load %s from the library " LIBRARY ": %s\n", name, dlerror());
        _exit(127);
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

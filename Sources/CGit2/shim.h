// libgit2 as Swift sees it: the headers, and shims for what Swift cannot call (variadic functions).
#include <git2.h>
#include <git2/sys/filter.h>
#include <git2/sys/repository.h>
#include <git2/sys/index.h>
#include <git2/sys/odb_backend.h>

static inline int cgit2_set_owner_validation(int on) {
    return git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, on);
}
static inline int cgit2_set_extensions(const char **extensions, size_t count) {
    return git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions, count);
}

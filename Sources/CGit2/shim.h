// libgit2 as Swift sees it: the headers, and shims for what Swift cannot call (variadic functions). CLazy defines what is called.
#include <git2.h>
#include <git2/sys/filter.h>
#include <git2/sys/repository.h>
#include <git2/sys/index.h>
#include <git2/sys/odb_backend.h>

/// `git_libgit2_opts` with GIT_OPT_SET_OWNER_VALIDATION.
int cgit2_set_owner_validation(int on);
/// `git_libgit2_opts` with GIT_OPT_SET_SEARCH_PATH: no configuration file of this level is looked for.
int cgit2_ignore_level(int level);
/// `git_libgit2_opts` with GIT_OPT_SET_EXTENSIONS.
int cgit2_set_extensions(const char **extensions, size_t count);

// The calls of libgit2 that this package makes; a call that is missing here would link the library after all.
//
// Between 1.5 and 1.9 none of these calls changed its types, nor what is used of their structures and numbers (below): any of
// these versions will do, whichever the programs were built with. One that is not listed was not looked at, and is not loaded.
#define _GNU_SOURCE
#include <git2.h>
#include <git2/sys/index.h>
#include <git2/sys/repository.h>
#include <stddef.h>

#define LIBRARY                                                                                                        \
    "libgit2.so." LIBGIT2_SOVERSION, "libgit2.so.1.9", "libgit2.so.1.8", "libgit2.so.1.7", "libgit2.so.1.6",             \
        "libgit2.so.1.5"
#define LOAD clazy_load_git2
#include "lazy.h"

LAZY(int, git_blob_create_from_buffer, (git_oid *a, git_repository *b, const void *c, size_t d), (a, b, c, d))
LAZY(int, git_blob_create_from_workdir, (git_oid *a, git_repository *b, const char *c), (a, b, c))
LAZY_VOID(git_blob_free, (git_blob *a), (a))
LAZY(int, git_blob_lookup, (git_blob **a, git_repository *b, const git_oid *c), (a, b, c))
LAZY_VOID(git_buf_dispose, (git_buf *a), (a))
LAZY(const git_signature *, git_commit_author, (const git_commit *a), (a))
LAZY_VOID(git_commit_free, (git_commit *a), (a))
LAZY(int, git_commit_lookup, (git_commit **a, git_repository *b, const git_oid *c), (a, b, c))
LAZY(const git_oid *, git_commit_parent_id, (const git_commit *a, unsigned int b), (a, b))
LAZY(unsigned int, git_commit_parentcount, (const git_commit *a), (a))
LAZY(const char *, git_commit_summary, (git_commit *a), (a))
LAZY(git_time_t, git_commit_time, (const git_commit *a), (a))
LAZY(int, git_config_delete_multivar, (git_config *a, const char *b, const char *c), (a, b, c))
LAZY_VOID(git_config_free, (git_config *a), (a))
LAZY(int, git_config_open_ondisk, (git_config **a, const char *b), (a, b))
LAZY(int, git_config_set_string, (git_config *a, const char *b, const char *c), (a, b, c))
LAZY(const git_error *, git_error_last, (void), ())
LAZY(int, git_index_add, (git_index *a, const git_index_entry *b), (a, b))
LAZY_VOID(git_index_free, (git_index *a), (a))
LAZY(const git_index_entry *, git_index_get_bypath, (git_index *a, const char *b, int c), (a, b, c))
LAZY(int, git_index_open, (git_index **a, const char *b), (a, b))
LAZY(int, git_index_remove, (git_index *a, const char *b, int c), (a, b, c))
LAZY(int, git_index_write, (git_index *a), (a))
LAZY(int, git_libgit2_init, (void), ())
LAZY_VOID(git_object_free, (git_object *a), (a))
LAZY(const git_oid *, git_object_id, (const git_object *a), (a))
LAZY(int, git_object_lookup, (git_object **a, git_repository *b, const git_oid *c, git_object_t d), (a, b, c, d))
LAZY(int, git_object_peel, (git_object **a, const git_object *b, git_object_t c), (a, b, c))
LAZY(int, git_odb_add_disk_alternate, (git_odb *a, const char *b), (a, b))
LAZY(int, git_odb_exists, (git_odb *a, const git_oid *b), (a, b))
LAZY_VOID(git_odb_free, (git_odb *a), (a))
LAZY(const void *, git_odb_object_data, (git_odb_object *a), (a))
LAZY_VOID(git_odb_object_free, (git_odb_object *a), (a))
LAZY(size_t, git_odb_object_size, (git_odb_object *a), (a))
LAZY(int, git_odb_open, (git_odb **a, const char *b), (a, b))
LAZY(int, git_odb_read, (git_odb_object **a, git_odb *b, const git_oid *c), (a, b, c))
LAZY(int, git_odb_read_header, (size_t *a, git_object_t *b, git_odb *c, const git_oid *d), (a, b, c, d))
LAZY_VOID(git_patch_free, (git_patch *a), (a))
LAZY(int, git_patch_from_blob_and_buffer,
     (git_patch **a, const git_blob *b, const char *c, const void *d, size_t e, const char *f, const
      git_diff_options *g), (a, b, c, d, e, f, g))
LAZY(size_t, git_patch_num_hunks, (const git_patch *a), (a))
LAZY(int, git_patch_to_buf, (git_buf *a, git_patch *b), (a, b))
LAZY_VOID(git_reference_free, (git_reference *a), (a))
LAZY_VOID(git_reference_iterator_free, (git_reference_iterator *a), (a))
LAZY(int, git_reference_iterator_glob_new, (git_reference_iterator **a, git_repository *b, const char *c), (a, b, c))
LAZY(int, git_reference_lookup, (git_reference **a, git_repository *b, const char *c), (a, b, c))
LAZY(const char *, git_reference_name, (const git_reference *a), (a))
LAZY(int, git_reference_next, (git_reference **a, git_reference_iterator *b), (a, b))
LAZY(int, git_reference_peel, (git_object **a, const git_reference *b, git_object_t c), (a, b, c))
LAZY(const char *, git_reference_symbolic_target, (const git_reference *a), (a))
LAZY_VOID(git_repository_free, (git_repository *a), (a))
LAZY(int, git_repository_odb, (git_odb **a, git_repository *b), (a, b))
LAZY(int, git_repository_open_ext, (git_repository **a, const char *b, unsigned int c, const char *d), (a, b, c, d))
LAZY(int, git_repository_set_index, (git_repository *a, git_index *b), (a, b))
LAZY(int, git_repository_set_odb, (git_repository *a, git_odb *b), (a, b))
LAZY(int, git_repository_set_workdir, (git_repository *a, const char *b, int c), (a, b, c))
LAZY(int, git_revparse_single, (git_object **a, git_repository *b, const char *c), (a, b, c))
LAZY_VOID(git_revwalk_free, (git_revwalk *a), (a))
LAZY(int, git_revwalk_hide, (git_revwalk *a, const git_oid *b), (a, b))
LAZY(int, git_revwalk_new, (git_revwalk **a, git_repository *b), (a, b))
LAZY(int, git_revwalk_next, (git_oid *a, git_revwalk *b), (a, b))
LAZY(int, git_revwalk_push, (git_revwalk *a, const git_oid *b), (a, b))
LAZY(int, git_revwalk_sorting, (git_revwalk *a, unsigned int b), (a, b))
LAZY(const git_tree_entry *, git_tree_entry_byindex, (const git_tree *a, size_t b), (a, b))
LAZY(int, git_tree_entry_bypath, (git_tree_entry **a, const git_tree *b, const char *c), (a, b, c))
LAZY(git_filemode_t, git_tree_entry_filemode_raw, (const git_tree_entry *a), (a))
LAZY_VOID(git_tree_entry_free, (git_tree_entry *a), (a))
LAZY(const git_oid *, git_tree_entry_id, (const git_tree_entry *a), (a))
LAZY(const char *, git_tree_entry_name, (const git_tree_entry *a), (a))
LAZY(size_t, git_tree_entrycount, (const git_tree *a), (a))
LAZY_VOID(git_tree_free, (git_tree *a), (a))
LAZY(int, git_tree_lookup, (git_tree **a, git_repository *b, const git_oid *c), (a, b, c))

int cgit2_set_owner_validation(int on) {
    __typeof__(git_libgit2_opts) *function = lazy_find("git_libgit2_opts");
    return function(GIT_OPT_SET_OWNER_VALIDATION, on);
}

int cgit2_ignore_level(int level) {
    __typeof__(git_libgit2_opts) *function = lazy_find("git_libgit2_opts");
    return function(GIT_OPT_SET_SEARCH_PATH, level, "");
}

int cgit2_set_extensions(const char **extensions, size_t count) {
    __typeof__(git_libgit2_opts) *function = lazy_find("git_libgit2_opts");
    return function(GIT_OPT_SET_EXTENSIONS, extensions, count);
}

const char *clazy_git2_version(void) { return LIBGIT2_SOVERSION; }

#define SAME(value, wanted) _Static_assert((value) == (wanted), "this libgit2 differs from those of the list above")
SAME(sizeof(git_oid), 20);
SAME(sizeof(git_index_entry), 72);
SAME(offsetof(git_index_entry, id), 40);
SAME(offsetof(git_index_entry, flags_extended), 62);
SAME(offsetof(git_index_entry, path), 64);
SAME(offsetof(git_buf, ptr), 0);
SAME(offsetof(git_buf, size), 16);
SAME(sizeof(git_buf), 24);
SAME(offsetof(git_error, message), 0);
SAME(offsetof(git_signature, email), 8);
SAME(offsetof(git_signature, when), 16);
SAME(GIT_OBJECT_TREE, 2);
SAME(GIT_OBJECT_BLOB, 3);
SAME(GIT_SORT_TOPOLOGICAL, 1);
SAME(GIT_SORT_TIME, 2);
SAME(GIT_ENOTFOUND, -3);
SAME(GIT_EUNBORNBRANCH, -9);
SAME(GIT_EINVALIDSPEC, -12);
SAME(GIT_ELOCKED, -14);
SAME(GIT_ITEROVER, -31);
SAME(GIT_INDEX_ENTRY_UPTODATE, 4);
SAME(GIT_OPT_SET_SEARCH_PATH, 5);
SAME(GIT_OPT_SET_EXTENSIONS, 34);
SAME(GIT_OPT_SET_OWNER_VALIDATION, 36);
SAME(GIT_REPOSITORY_OPEN_NO_SEARCH, 1);
SAME(GIT_CONFIG_LEVEL_SYSTEM, 2);
SAME(GIT_CONFIG_LEVEL_XDG, 3);
SAME(GIT_CONFIG_LEVEL_GLOBAL, 4);

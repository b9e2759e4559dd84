// The calls of libarchive that this package makes; a call that is missing here would link the library after all.
#define _GNU_SOURCE
#include <archive.h>
#include <archive_entry.h>

#define LIBRARY "libarchive.so.13"
#define LOAD clazy_load_archive
#include "lazy.h"

LAZY(mode_t, archive_entry_filetype, (struct archive_entry *a), (a))
LAZY_VOID(archive_entry_free, (struct archive_entry *a), (a))
LAZY(const char *, archive_entry_hardlink, (struct archive_entry *a), (a))
LAZY(struct archive_entry *, archive_entry_new2, (struct archive *a), (a))
LAZY(const char *, archive_entry_pathname, (struct archive_entry *a), (a))
LAZY(const char *, archive_entry_pathname_utf8, (struct archive_entry *a), (a))
LAZY_VOID(archive_entry_set_filetype, (struct archive_entry *a, unsigned int b), (a, b))
LAZY(la_int64_t, archive_entry_size, (struct archive_entry *a), (a))
LAZY(int, archive_entry_sparse_count, (struct archive_entry *a), (a))
LAZY(const char *, archive_entry_symlink, (struct archive_entry *a), (a))
LAZY(const char *, archive_error_string, (struct archive *a), (a))
LAZY(la_int64_t, archive_filter_bytes, (struct archive *a, int b), (a, b))
LAZY(int, archive_read_append_filter, (struct archive *a, int b), (a, b))
LAZY(la_ssize_t, archive_read_data, (struct archive *a, void *b, size_t c), (a, b, c))
LAZY(int, archive_read_free, (struct archive *a), (a))
LAZY(struct archive *, archive_read_new, (void), ())
LAZY(int, archive_read_next_header, (struct archive *a, struct archive_entry **b), (a, b))
LAZY(int, archive_read_open2,
     (struct archive *a, void *b, archive_open_callback *c, archive_read_callback *d, archive_skip_callback *e,
      archive_close_callback *f), (a, b, c, d, e, f))
LAZY(int, archive_read_support_format_empty, (struct archive *a), (a))
LAZY(int, archive_read_support_format_raw, (struct archive *a), (a))
LAZY(int, archive_read_support_format_tar, (struct archive *a), (a))
LAZY(int, archive_write_add_filter_gzip, (struct archive *a), (a))
LAZY(int, archive_write_add_filter_zstd, (struct archive *a), (a))
LAZY(int, archive_write_close, (struct archive *a), (a))
LAZY(la_ssize_t, archive_write_data, (struct archive *a, const void *b, size_t c), (a, b, c))
LAZY(int, archive_write_free, (struct archive *a), (a))
LAZY(int, archive_write_header, (struct archive *a, struct archive_entry *b), (a, b))
LAZY(struct archive *, archive_write_new, (void), ())
LAZY(int, archive_write_open2,
     (struct archive *a, void *b, archive_open_callback *c, archive_write_callback *d, archive_close_callback
      *e, archive_free_callback *f), (a, b, c, d, e, f))
LAZY(int, archive_write_set_bytes_in_last_block, (struct archive *a, int b), (a, b))
LAZY(int, archive_write_set_bytes_per_block, (struct archive *a, int b), (a, b))
LAZY(int, archive_write_set_filter_option,
     (struct archive *a, const char *b, const char *c, const char *d), (a, b, c, d))
LAZY(int, archive_write_set_format_raw, (struct archive *a), (a))

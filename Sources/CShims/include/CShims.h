// The few calls of Linux and the GNU C library that Swift's Glibc module lacks.
#ifndef CSHIMS_H
#define CSHIMS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// Opens a pipe whose ends are closed on exec; ends[0] reads. 0, or -1 with errno.
int cshims_pipe_cloexec(int ends[2]);
/// Asks for a pipe buffer of `size` bytes; the size in force, or -1 with errno.
int cshims_set_pipe_size(int descriptor, int size);
/// Makes `destination` share all blocks of `source` (FICLONE); 0, or -1 with errno.
int cshims_reflink(int source, int destination);
/// Copies up to `length` bytes inside the kernel; bytes copied, or -1 with errno.
ssize_t cshims_copy_file_range(int source, int destination, size_t length);
/// The same from a place of the source, which stays where it stands.
ssize_t cshims_copy_file_range_from(int source, int64_t offset, int destination, size_t length);
/// Starts writing a range back to disk without waiting, so that a later fsync has less to do.
int cshims_start_writeback(int descriptor, int64_t offset, int64_t length);
/// Creates a temporary file from a template ending in XXXXXX, closed on exec; a descriptor, or -1 with errno.
int cshims_mkostemp(char *path);
/// Sets the access and modification time of `path` (no following of links); 0, or -1 with errno.
int cshims_set_times(const char *path, int64_t seconds, int64_t nanoseconds);
/// The exit status, or -1, of a wait status; the signal, or 0.
int cshims_exit_status(int status);
int cshims_termination_signal(int status);
/// Sets up the C library's allocator for a short-lived process: one heap that grows in large steps and is not given back.
void cshims_tune_allocator(void);
/// Asks the kernel to send `signal` to this process when its parent dies.
int cshims_set_parent_death_signal(int signal);
/// The words of the command line as `main` gets them, the program's name first; they need no /proc.
int cshims_argument_count(void);
/// One of these words; NULL where there is none.
const char *cshims_argument(int index);
/// The path by which the kernel was asked to run this program, as it was given; NULL where it does not say.
const char *cshims_program_path(void);
/// Whether this process was started with descriptor 0, 1 or 2 closed.
int cshims_was_closed(int descriptor);
/// Opens what stands for a closed descriptor: one that cannot be read (input) or not be written; -1 with errno.
int cshims_open_placeholder(int is_input);
/// The hard limits of open files and of processes; UINT64_MAX where there is none.
uint64_t cshims_file_limit(void);
uint64_t cshims_process_limit(void);
/// The limit in force of the size of files; UINT64_MAX where there is none.
uint64_t cshims_file_size_limit(void);
/// Gives the calling thread a file mode creation mask (and current folder) of its own; 0, or -1 with errno.
int cshims_own_creation_mask(void);
/// Whether this process has a capability in effect (CAP_SYS_RESOURCE is 24); 1, 0, or -1 with errno.
int cshims_has_capability(int capability);

#endif

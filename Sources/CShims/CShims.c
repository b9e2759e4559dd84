#define _GNU_SOURCE
#include <sched.h>
#include "CShims.h"
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/fs.h>
#include <malloc.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int cshims_pipe_cloexec(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

int cshims_set_pipe_size(int descriptor, int size) { return fcntl(descriptor, F_SETPIPE_SZ, size); }

int cshims_reflink(int source, int destination) { return ioctl(destination, FICLONE, source); }

ssize_t cshims_copy_file_range(int source, int destination, size_t length) {
    return copy_file_range(source, NULL, destination, NULL, length, 0);
}

ssize_t cshims_copy_file_range_from(int source, int64_t offset, int destination, size_t length) {
    off64_t place = offset;
    return copy_file_range(source, &place, destination, NULL, length, 0);
}

int cshims_start_writeback(int descriptor, int64_t offset, int64_t length) {
    return sync_file_range(descriptor, offset, length, SYNC_FILE_RANGE_WRITE);
}

int cshims_mkostemp(char *path) { return mkostemp(path, O_CLOEXEC); }

int cshims_set_times(const char *path, int64_t seconds, int64_t nanoseconds) {
    struct timespec times[2] = {{seconds, nanoseconds}, {seconds, nanoseconds}};
    return utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW);
}

int cshims_exit_status(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : -1; }

int cshims_termination_signal(int status) { return WIFSIGNALED(status) ? WTERMSIG(status) : 0; }

void cshims_tune_allocator(void) {
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_TOP_PAD, 4 << 20);
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
    mallopt(M_MMAP_THRESHOLD, 256 << 20);
}

int cshims_set_parent_death_signal(int signal) { return prctl(PR_SET_PDEATHSIG, signal); }

int cshims_own_creation_mask(void) { return unshare(CLONE_FS); }

int cshims_has_capability(int capability) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {{0}};
    if (syscall(SYS_capget, &header, data) != 0) return -1;
    return (data[capability / 32].effective >> (capability % 32)) & 1;
}

static uint64_t hard_limit(int resource) {
    struct rlimit limit;
    return getrlimit(resource, &limit) != 0 || limit.rlim_max == RLIM_INFINITY ? UINT64_MAX : limit.rlim_max;
}

uint64_t cshims_file_limit(void) { return hard_limit(RLIMIT_NOFILE); }

uint64_t cshims_process_limit(void) { return hard_limit(RLIMIT_NPROC); }

uint64_t cshims_file_size_limit(void) {
    struct rlimit limit;
    return getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY ? UINT64_MAX : limit.rlim_cur;
}

/*
 * A library to preload: counts the calls by which a program reads or changes the files below one folder, or sends
 * something, and strikes at the n-th; sets its wall clock. FAULTS_FOLDER is the folder, FAULTS_CONTROL a file that holds a struct
 * control; whoever runs the program may write to it at any time.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { OPEN = 1, WRITE = 2, SYNC = 4, NAME = 8, TRUNCATE = 16, SEND = 32, READ = 64 };
enum { KILL = 1, CUT_POWER = 2, FAIL = 3, WRITE_HALF = 4, TEAR = 5, LIE = 6 };

struct control {
    _Atomic int64_t calls;  /* counted so far */
    _Atomic int64_t first;  /* the first call to strike; 0 for none */
    _Atomic int64_t last;   /* the last */
    _Atomic int64_t action; /* KILL and so on */
    _Atomic int64_t error;  /* errno, for FAIL */
    _Atomic int64_t kinds;  /* those that count, added up */
    _Atomic int64_t struck; /* how often */
    _Atomic int64_t ahead;  /* by how many seconds the wall clock is ahead; negative for behind */
    char where[200];        /* the call that was struck first */
};

static struct control *control;
static char folder[PATH_MAX];
static size_t folder_length;

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("FAULTS_CONTROL"), *below = getenv("FAULTS_FOLDER");
    int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0 || !below) return;
    void *memory = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    snprintf(folder, sizeof folder, "%s", below);
    folder_length = strlen(folder);
    if (memory != MAP_FAILED) control = memory;
}

/* Everything that was not synced is gone, as when the plug is pulled: EXT4_IOC_SHUTDOWN, and the same for XFS. */
static void cut_power(void)
{
    uint32_t without_flush = 2;
    int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0 || ioctl(file, _IOR('X', 125, uint32_t), &without_flush) != 0) abort();
}

/* Counts a call. Returns the action if it is to be struck and this process still runs. */
static int strike(int kind, const char *call, const char *path)
{
    if (!(control->kinds & kind)) return 0;
    int64_t number = atomic_fetch_add(&control->calls, 1) + 1;
    if (!control->first || number < control->first || number > control->last) return 0;
    if (atomic_fetch_add(&control->struck, 1) == 0)
        snprintf(control->where, sizeof control->where, "%s %s", call, path);
    int action = (int)control->action;
    if (action == CUT_POWER) cut_power();
    if (action == KILL || action == CUT_POWER) kill(getpid(), SIGKILL);
    if (action == FAIL) errno = (int)control->error;
    return action;
}

static int is_below(const char *path) { return !strncmp(path, folder, folder_length); }

static int on_file(int kind, const char *call, int file)
{
    if (!control) return 0;
    char link[40], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    if (is_below(path)) return strike(kind, call, path);
    return kind == WRITE && !strncmp(path, "socket:", 7) ? strike(SEND, call, path) : 0;
}

static int on_name(int kind, const char *call, int directory, const char *name)
{
    if (!control) return 0;
    if (name[0] == '/' || directory == AT_FDCWD) return is_below(name) ? strike(kind, call, name) : 0;
    return on_file(kind, call, directory);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define FAILS(action) if ((action) == FAIL) return -1

static mode_t mode_of(int flags, va_list arguments) { return flags & O_CREAT ? va_arg(arguments, mode_t) : 0; }

#define OPENING(name)                                                                      \
    int name(const char *path, int flags, ...)                                             \
    {                                                                                      \
        va_list arguments;                                                                 \
        va_start(arguments, flags);                                                        \
        mode_t mode = mode_of(flags, arguments);                                           \
        va_end(arguments);                                                                 \
        FAILS(on_name(OPEN, flags & O_CREAT ? "create" : "open", AT_FDCWD, path));         \
        return REAL(name)(path, flags, mode);                                              \
    }
OPENING(open)
OPENING(open64)

#define OPENING_AT(name)                                                                   \
    int name(int directory, const char *path, int flags, ...)                              \
    {                                                                                      \
        va_list arguments;                                                                 \
        va_start(arguments, flags);                                                        \
        mode_t mode = mode_of(flags, arguments);                                           \
        va_end(arguments);                                                                 \
        FAILS(on_name(OPEN, flags & O_CREAT ? "create" : "open", directory, path));        \
        return REAL(name)(directory, path, flags, mode);                                   \
    }
OPENING_AT(openat)
OPENING_AT(openat64)

/* WRITE_HALF writes half of what it was given, as the system may; TEAR does so and kills. */
#define WRITING(name, parameters, half, all)                                               \
    ssize_t name parameters                                                                \
    {                                                                                      \
        int action = on_file(WRITE, #name, file);                                          \
        FAILS(action);                                                                     \
        if ((action == WRITE_HALF || action == TEAR) && count > 1) {                       \
            ssize_t written = REAL(name) half;                                             \
            if (action == TEAR) kill(getpid(), SIGKILL);                                                    \
            return written;                                                                \
        }                                                                                  \
        return REAL(name) all;                                                             \
    }
WRITING(write, (int file, const void *data, size_t count), (file, data, count / 2), (file, data, count))
WRITING(pwrite, (int file, const void *data, size_t count, off_t at), (file, data, count / 2, at), (file, data, count, at))
WRITING(pwrite64, (int file, const void *data, size_t count, off64_t at), (file, data, count / 2, at), (file, data, count, at))
WRITING(writev, (int file, const struct iovec *data, int count), (file, data, count / 2), (file, data, count))
WRITING(sendfile, (int file, int from, off_t *at, size_t count), (file, from, at, count / 2), (file, from, at, count))
WRITING(send, (int file, const void *data, size_t count, int flags), (file, data, count / 2, flags), (file, data, count, flags))

#define READING(name, parameters, all)                                                     \
    ssize_t name parameters                                                                \
    {                                                                                      \
        FAILS(on_file(READ, #name, file));                                                 \
        return REAL(name) all;                                                             \
    }
READING(read, (int file, void *data, size_t count), (file, data, count))
READING(pread, (int file, void *data, size_t count, off_t at), (file, data, count, at))
READING(pread64, (int file, void *data, size_t count, off64_t at), (file, data, count, at))

ssize_t sendmsg(int file, const struct msghdr *message, int flags)
{
    FAILS(on_file(WRITE, "sendmsg", file));
    return REAL(sendmsg)(file, message, flags);
}

/* LIE says that it is done. */
#define ON_FILE(kind, name, parameters, all)                                               \
    int name parameters                                                                    \
    {                                                                                      \
        int action = on_file(kind, #name, file);                                           \
        FAILS(action);                                                                     \
        if (action == LIE) return 0;                                                       \
        return REAL(name) all;                                                             \
    }
ON_FILE(SYNC, fsync, (int file), (file))
ON_FILE(SYNC, fdatasync, (int file), (file))
ON_FILE(TRUNCATE, ftruncate, (int file, off_t length), (file, length))
ON_FILE(TRUNCATE, ftruncate64, (int file, off64_t length), (file, length))

#define ON_NAME(name, parameters, directory, path, all)                                    \
    int name parameters                                                                    \
    {                                                                                      \
        FAILS(on_name(NAME, #name, directory, path));                                      \
        return REAL(name) all;                                                             \
    }
ON_NAME(mkdir, (const char *path, mode_t mode), AT_FDCWD, path, (path, mode))
ON_NAME(mkdirat, (int directory, const char *path, mode_t mode), directory, path, (directory, path, mode))
ON_NAME(unlink, (const char *path), AT_FDCWD, path, (path))
ON_NAME(unlinkat, (int directory, const char *path, int flags), directory, path, (directory, path, flags))
ON_NAME(rename, (const char *from, const char *to), AT_FDCWD, to, (from, to))
ON_NAME(link, (const char *from, const char *to), AT_FDCWD, to, (from, to))
ON_NAME(linkat, (int old, const char *from, int new, const char *to, int flags), new, to, (old, from, new, to, flags))
ON_NAME(renameat, (int old, const char *from, int new, const char *to), new, to, (old, from, new, to))
ON_NAME(renameat2, (int old, const char *from, int new, const char *to, unsigned flags), new, to, (old, from, new, to, flags))

static int64_t ahead(void) { return control ? control->ahead : 0; }

int clock_gettime(clockid_t clock, struct timespec *time)
{
    int result = REAL(clock_gettime)(clock, time);
    if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) time->tv_sec += ahead();
    return result;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone)
{
    int result = REAL(gettimeofday)(time, zone);
    time->tv_sec += ahead();
    return result;
}

time_t time(time_t *place)
{
    time_t now = REAL(time)(NULL) + ahead();
    if (place) *place = now;
    return now;
}

#ifndef MARTLET_LINUX_FILES_H
#define MARTLET_LINUX_FILES_H

#include <spawn.h>
#include <sys/types.h>

/* System calls of Linux that glibc declares only under _GNU_SOURCE, which Swift's Glibc module does not set. */

int renameat2(int old_folder, const char *old_path, int new_folder, const char *new_path, unsigned int flags);
int sync_file_range(int file, off_t offset, off_t length, unsigned int flags);
int syncfs(int file);
ssize_t sendfile(int destination, int source, off_t *offset, size_t length);
int pipe2(int ends[2], int flags);
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int first);
int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);

/* The environment of this process, which Swift takes for a variable that anybody may change. */
static inline char **martlet_environment(void) {
    extern char **environ;
    return environ;
}

enum {
    MARTLET_RENAME_NOREPLACE = 1,
    MARTLET_SYNC_FILE_RANGE_WRITE = 2,
};

#endif

/* A disk that goes bad: after `armed` calls that write below `prefix`, every one of them fails.
   Preloaded; does nothing until baddisk_arm() is called. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static char prefix[4096];
static long left = -1;
static long seen = 0;
static int failure = 0;

void baddisk_arm(const char *where, long after, int error) {
    strncpy(prefix, where, sizeof prefix - 1);
    left = after;
    seen = 0;
    failure = error;
}

long baddisk_seen(void) { return seen; }

static int fails_at(const char *path) {
    if (!failure || strncmp(path, prefix, strlen(prefix)) != 0) return 0;
    long now = __sync_add_and_fetch(&seen, 1);
    return now > left;
}

static int fails(int fd) {
    char name[64], path[4096];
    if (!failure) return 0;
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(name, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return fails_at(path);
}

#define BAD(result) do { errno = failure; return result; } while (0)
#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

ssize_t write(int fd, const void *data, size_t size) {
    REAL(ssize_t, "write", int, const void *, size_t);
    if (fails(fd)) BAD(-1);
    return real(fd, data, size);
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
    REAL(ssize_t, "pwrite", int, const void *, size_t, off_t);
    if (fails(fd)) BAD(-1);
    return real(fd, data, size, at);
}
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
    if (fails(fd)) BAD(-1);
    return real(fd, data, size, at);
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
    REAL(ssize_t, "writev", int, const struct iovec *, int);
    if (fails(fd)) BAD(-1);
    return real(fd, parts, count);
}
int fsync(int fd) {
    REAL(int, "fsync", int);
    if (fails(fd)) BAD(-1);
    return real(fd);
}
int fdatasync(int fd) {
    REAL(int, "fdatasync", int);
    if (fails(fd)) BAD(-1);
    return real(fd);
}
int ftruncate(int fd, off_t size) {
    REAL(int, "ftruncate", int, off_t);
    if (fails(fd)) BAD(-1);
    return real(fd, size);
}
int ftruncate64(int fd, off64_t size) {
    REAL(int, "ftruncate64", int, off64_t);
    if (fails(fd)) BAD(-1);
    return real(fd, size);
}
int mkdir(const char *path, mode_t mode) {
    REAL(int, "mkdir", const char *, mode_t);
    if (fails_at(path)) BAD(-1);
    return real(path, mode);
}
int rename(const char *from, const char *to) {
    REAL(int, "rename", const char *, const char *);
    if (fails_at(to)) BAD(-1);
    return real(from, to);
}

/* Shows the thread sanitizer how Swift's Mutex orders threads. Where nobody waits, lock and unlock are compiled into our
 * code and the sanitizer sees them; where somebody does, they happen in libswiftSynchronization, which is not
 * instrumented, and everything the mutex guards looks like a race. Loaded before that library, this says
 * so in front of the unlock and behind the lock. `self` of both functions, the mutex, comes in r13. */
#define _GNU_SOURCE
#include <dlfcn.h>

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

extern void __tsan_acquire(void *) __attribute__((weak));
extern void __tsan_release(void *) __attribute__((weak));

void *sanitizer_lock, *sanitizer_unlock;

__attribute__((constructor)) static void find(void) {
    sanitizer_lock = dlsym(RTLD_NEXT, LOCK);
    sanitizer_unlock = dlsym(RTLD_NEXT, UNLOCK);
}

void sanitizer_acquired(void *mutex) {
    if (__tsan_acquire) __tsan_acquire(mutex);
}

void sanitizer_releases(void *mutex) {
    if (__tsan_release) __tsan_release(mutex);
}

#define FUNCTION(name) ".globl \"" name "\"\n.type \"" name "\", @function\n\"" name "\":\n"

__asm__(FUNCTION(LOCK)
        "push %r13\n"
        "mov sanitizer_lock@GOTPCREL(%rip), %rax\n"
        "call *(%rax)\n"
        "mov (%rsp), %rdi\n"
        "call sanitizer_acquired@PLT\n"
        "pop %r13\n"
        "ret\n" FUNCTION(UNLOCK)
        "push %r13\n"
        "mov %r13, %rdi\n"
        "call sanitizer_releases@PLT\n"
        "mov (%rsp), %r13\n"
        "mov sanitizer_unlock@GOTPCREL(%rip), %rax\n"
        "call *(%rax)\n"
        "pop %r13\n"
        "ret\n");

// How a Mutex of Swift's standard library is taken while another thread has it, where the thread
// sanitizer is to see it. The library's own way is built without the sanitizer, so whatever such a
// Mutex guards looked unguarded. Whoever waits here never sleeps in the kernel, so unlocking, which
// is compiled into its callers, is always the simple case.
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>

__attribute__((swiftcall)) void lock_slowly(
    uint32_t thread, __attribute__((swift_context)) _Atomic(uint32_t) *owner)
    __asm__("$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");

__attribute__((swiftcall)) void lock_slowly(
    uint32_t thread, __attribute__((swift_context)) _Atomic(uint32_t) *owner) {
    for (;;) {
        uint32_t nobody = 0;
        if (atomic_compare_exchange_weak_explicit(
                owner, &nobody, thread, memory_order_acquire, memory_order_relaxed))
            return;
        sched_yield();
    }
}

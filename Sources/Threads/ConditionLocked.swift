// A value behind a lock that threads can wait on (a monitor).

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Guards a value with a mutex and a condition.
///
/// `@unchecked Sendable`: the value is only touched while the mutex is held.
package final class ConditionLocked<Value>: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var value: Value

    package init(_ value: sending Value) {
        self.value = value
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    package func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body(&value)
    }

    /// Waits until `isReady` holds, then runs `body` under the same lock.
    package func wait<Result>(
        until isReady: (Value) -> Bool, _ body: (inout Value) -> Result
    ) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while !isReady(value) { pthread_cond_wait(condition, mutex) }
        return body(&value)
    }

    /// Waits until `isReady` holds, but no longer than to a moment of the wall clock, then runs `body`
    /// under the same lock.
    package func wait<Result>(
        until isReady: (Value) -> Bool, orMicroseconds moment: Int64,
        _ body: (inout Value) -> Result
    ) -> Result {
        var time = timespec(
            tv_sec: Int(moment / 1_000_000), tv_nsec: Int(moment % 1_000_000) * 1_000)
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while !isReady(value) {
            guard pthread_cond_timedwait(condition, mutex, &time) == 0 else { break }
        }
        return body(&value)
    }

    package func broadcast() { pthread_cond_broadcast(condition) }
}

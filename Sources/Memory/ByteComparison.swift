// memcmp and memcpy for the modules above, which import no C library.

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

@inline(always)
package func bytesAreEqual(
    _ left: UnsafeRawPointer, _ right: UnsafeRawPointer, _ count: Int
) -> Bool {
    memcmp(left, right, count) == 0
}

/// Orders as memcmp does.
@inline(always)
package func compareBytes(
    _ left: UnsafeRawPointer, _ right: UnsafeRawPointer, _ count: Int
) -> Int {
    Int(memcmp(left, right, count))
}

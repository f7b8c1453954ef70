import CPlatform

/// Finds the first place of bytes, which are not none, at or behind `start`.
package func firstPlace(
    of pattern: UnsafeRawBufferPointer, in text: UnsafeRawBufferPointer, from start: Int
) -> Int? {
    guard let needle = pattern.baseAddress, let bytes = text.baseAddress, start >= 0,
        start <= text.count
    else { return nil }
    let found = starling_find_bytes(
        (bytes + start).assumingMemoryBound(to: UInt8.self), text.count - start,
        needle.assumingMemoryBound(to: UInt8.self), pattern.count)
    return found < 0 ? nil : start + found
}

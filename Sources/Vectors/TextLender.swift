// Owners whose memory may be kept: who collects strings need not copy them then, where the memory
// is hardly more than the texts in it.

import StarlingMemory

/// Owns bytes that strings refer to and that nobody writes any more.
package protocol TextLender: AnyObject, Sendable {
    /// Where the texts lie; nil where that is more than one place.
    var texts: UnsafeRawBufferPointer? { get }
}

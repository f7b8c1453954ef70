import StarlingMemory
import StarlingRows

/// Lists groups of one partition by address.
///
/// `@unchecked Sendable`: one worker appends; others read after it has been handed on.
final class GroupList: @unchecked Sendable {
    private var buffer: Buffer
    /// Lies in the buffer; kept so that an append counts no references.
    private(set) var addresses: UnsafeMutablePointer<RowAddress>
    private(set) var count = 0
    private var capacity = 0

    init() {
        buffer = Buffer(byteCount: 0)
        addresses = buffer.pointer(to: RowAddress.self)
    }

    @inline(__always)
    func append(_ address: RowAddress) {
        if count == capacity { grow() }
        addresses[count] = address
        count &+= 1
    }

    var byteCount: Int { capacity * 8 }

    private func grow() {
        capacity = max(64, capacity * 2)
        let larger = Buffer(byteCount: capacity * 8)
        larger.pointer(to: RowAddress.self).update(from: addresses, count: count)
        buffer = larger
        addresses = larger.pointer(to: RowAddress.self)
    }
}

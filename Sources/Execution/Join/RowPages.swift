// Gives build rows numbers that fit 32 bits, without moving the rows: a number is a page (a block
// of a row store) and a place in it.

import StarlingMemory
import StarlingRows

/// Finds rows of several stores by number. Numbers begin at 1; 0 stands for no row.
struct RowPages: Sendable {
    static let shift = 17
    static let pageRowCount = 1 << shift

    /// Gives the rows of a store's largest blocks: a page at most, and about two megabytes.
    static func blockRowCountMaximum(rowByteCount: Int) -> Int {
        min(pageRowCount, max(1_024, (2 << 20) / rowByteCount))
    }

    let blocks: [RowStoreBlock]
    let rowByteCount: Int
    private let addresses: Buffer

    init(_ stores: [RowStore], rowByteCount: Int) {
        blocks = stores.flatMap(\.blocks)
        precondition(blocks.allSatisfy { $0.capacity <= Self.pageRowCount })
        self.rowByteCount = rowByteCount
        addresses = Buffer(byteCount: max(1, blocks.count) * MemoryLayout<RowAddress>.stride)
        let pointer = addresses.pointer(to: RowAddress.self)
        for (page, block) in blocks.enumerated() { pointer[page] = block.baseAddress }
    }

    /// Numbers below this one are in use, if not all of them.
    var numberEnd: Int { blocks.count << Self.shift + 1 }

    var lookup: Lookup {
        Lookup(pages: UnsafePointer(addresses.pointer(to: RowAddress.self)), width: rowByteCount)
    }

    /// Computes addresses in loops; valid while the pages live.
    struct Lookup {
        let pages: UnsafePointer<RowAddress>
        let width: Int

        @inline(__always)
        func address(of number: UInt32) -> RowAddress {
            let place = number &- 1
            let page = pages[Int(place &>> UInt32(RowPages.shift))]
            return page + Int(place & UInt32(RowPages.pageRowCount - 1)) &* width
        }
    }
}

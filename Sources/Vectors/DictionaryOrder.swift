// Whether a file's dictionary can be shared as it is: codes stand for values only where no value
// occurs twice, which the format does not promise.

/// Tells how the values of a dictionary follow each other.
package enum DictionaryOrder {
    case ascending, distinct, hasDuplicates

    package init(_ values: Vector) {
        let strings = values.pointer(to: StringReference.self)
        var isAscending = true
        for index in 1..<max(1, values.count) where !(strings[index - 1] < strings[index]) {
            isAscending = false
            break
        }
        if isAscending {
            self = .ascending
            return
        }
        var mask = 15
        while mask < values.count * 2 { mask = mask * 2 + 1 }
        // Open addressing; 0 is a free place.
        var places = [UInt32](repeating: 0, count: mask + 1)
        for index in 0..<values.count {
            var place = Int(truncatingIfNeeded: Self.hash(strings[index])) & mask
            while places[place] != 0 {
                if strings[Int(places[place]) - 1] == strings[index] {
                    self = .hasDuplicates
                    return
                }
                place = (place + 1) & mask
            }
            places[place] = UInt32(index) + 1
        }
        self = .distinct
    }

    private static func hash(_ string: StringReference) -> UInt64 {
        var hash = string.head &* 0x9E37_79B9_7F4A_7C15
        if string.isInline {
            hash = (hash ^ string.tail) &* 0xC2B2_AE3D_27D4_EB4F
        } else {
            var offset = 4
            let bytes = string.address
            while offset + 8 <= string.count {
                let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                hash = ((hash ^ word) &* 0xC2B2_AE3D_27D4_EB4F) ^ (hash &>> 29)
                offset += 8
            }
            let word = bytes.loadUnaligned(fromByteOffset: string.count - 8, as: UInt64.self)
            hash = ((hash ^ word) &* 0xC2B2_AE3D_27D4_EB4F) ^ (hash &>> 29)
        }
        return hash ^ (hash &>> 32)
    }
}

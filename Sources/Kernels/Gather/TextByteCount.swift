// How much text a vector refers to, for who has to see how long work on it takes.

import CPlatform
import StarlingTypes
import StarlingVectors

extension Vector {
    /// The bytes of a flat vector's texts; 0 for what has none.
    package var textByteCount: Int {
        guard physicalType == .string, dictionary == nil else { return 0 }
        return starling_count_text_bytes(pointer(to: UInt8.self), count).all
    }
}

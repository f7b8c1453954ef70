// What functions of bitmaps have in common: arguments read from their stored form, results written
// to it. A stored bitmap that is damaged reads as NULL.

import StarlingBitmaps
import StarlingErrors
import StarlingTypes
import StarlingVectors

extension DecodedVector {
    /// Reads a BITMAP argument.
    func bitmap(_ row: Int) -> Bitmap? { text(row).withBytes { StoredBitmap($0).read() } }
}

/// Makes a bitmap of a row of arguments, all of them valid.
protocol BitmapOperation: TextOperation {
    /// Gives the result, or nil for NULL.
    func bitmap(_ arguments: TextArguments, _ row: Int) -> Bitmap?
}

extension BitmapOperation {
    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        guard let bitmap = bitmap(arguments, row) else { return false }
        bitmap.serialize(into: &output)
        return output.count <= Int(Int32.max)
    }
}

extension Int128 {
    /// The value as an element of a bitmap; nil where it is none.
    var bitmapElement: UInt64? { UInt64(exactly: self) }
}

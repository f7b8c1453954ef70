// What CSV and JSON do differently with one value: the text of NULL, quotes, and what in a string
// can't stay as it is.

import StarlingTypes

/// Says how a format writes values.
protocol TextForm {
    /// What stands for NULL.
    var nullText: [UInt8] { get }

    /// The quote around the numbers of a type that no other characters are in; nil for none.
    func quote(ofNumbers type: LogicalType) -> UInt8?

    /// The quote around dates; nil for none.
    var quoteOfDates: UInt8? { get }

    /// The quote around strings that `isPlain` finds nothing in; nil for none.
    var quoteOfTexts: UInt8? { get }

    /// Finds lanes with bytes that a string can't have as they are, or may not have.
    func suspects(_ block: SIMD16<UInt8>) -> SIMDMask<SIMD16<Int8>>

    /// False for strings that need a look for reasons other than a byte that is a suspect.
    func isPlain(_ text: UnsafeMutablePointer<UInt8>, _ count: Int) -> Bool

    /// Writes any value that is not NULL.
    func append(_ field: FieldText, _ row: Int, to text: inout [UInt8])
}

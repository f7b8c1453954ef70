// What turns the values of pages into vectors. A column reader takes care of rows, NULLs and
// pages; a decoder sees only values that are there, in order.

import StarlingMemory
import StarlingVectors

/// Decodes the values of one column of a row group; subclasses know the types.
class ColumnDecoder {
    /// Takes a dictionary; the pages that follow may refer to it.
    func openDictionary(_ page: OpenPage) throws(ParquetDamage) {}

    /// Lets go of the current page, so that its memory can be used for the next.
    func close() {}

    /// Turns to a data page.
    func open(_ page: OpenPage) throws(ParquetDamage) {}

    /// Passes over `count` values of the page.
    func skip(_ count: Int) throws(ParquetDamage) {}

    /// Begins a vector of `count` rows.
    func start(count: Int) {}

    /// Decodes the next `count` values to `position` of the vector.
    func decode(_ count: Int, at position: Int) throws(ParquetDamage) {}

    /// Decodes those of the next `span` values that `rows` lists, each minus `base`.
    func decode(
        rows: UnsafePointer<UInt16>, base: Int, count: Int, span: Int, at position: Int
    ) throws(ParquetDamage) {}

    /// Spreads `valueCount` values at `position` over `count` rows, those whose bits are set.
    func spread(
        _ valueCount: Int, over count: Int, at position: Int, validity: UnsafePointer<UInt64>
    ) {}

    /// Ends the vector.
    func finish(validity: Validity?) throws(ParquetDamage) -> Vector {
        throw ParquetDamage("there is no decoder")
    }

    /// Counts the decoded values, since the last call, of which digits were cut off.
    func takeCutCount() -> Int { 0 }

    /// Returns the dictionary where there is one that can be asked.
    var vectorDictionary: VectorDictionary? { nil }

    static let noDictionary = ParquetDamage("a page needs a dictionary, and there is none")
    static let badCode = ParquetDamage("a page refers to a value that its dictionary doesn't have")
    static let tooShort = ParquetDamage("a page has fewer values than its header says")
    static let misfit = ParquetDamage(
        "a value is a decimal of more than 38 digits, which cannot be read, or lies outside of its "
            + "type or of the bounds in the file's statistics, so that the file contradicts itself; "
            + "write it again")
    static func unknownEncoding(_ encoding: Int) -> ParquetDamage {
        .unsupported("pages with encoding \(encoding) can't be read for this type")
    }
}

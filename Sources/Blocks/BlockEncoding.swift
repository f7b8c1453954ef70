/// Names how the values of a block lie in it. The numbers stand in files.
package enum BlockEncoding: UInt8, Sendable {
    /// Values as they lie in memory.
    case plain = 0
    /// Integers in a sequence.
    case integers = 1
    /// The distinct integers, ascending, and a code a row.
    case integerDictionary = 2
    /// Integers that repeat: their values, and where each ends.
    case integerRuns = 3
    /// Floating-point numbers that are decimals: integers to be scaled.
    case decimals = 4
    /// Strings one behind the other.
    case texts = 5
    /// The distinct strings, ascending, and a code a row.
    case textDictionary = 6
    /// Strings one behind the other, compressed in frames.
    case textFrames = 7
    /// Counts of elements, and a block of each kind of them.
    case lists = 8
    /// A block a field.
    case structures = 9
    /// Strings put together from pieces that often occur.
    case textPieces = 10
    /// How far integers lie from those of another column.
    case differences = 11
    /// What integers of another column are multiplied by.
    case products = 12
    /// Strings of one length, by which of the few bytes at each place they have. 13 stands for blocks
    /// that are compressed once more.
    case textForm = 14
}

extension BlockEncoding {
    /// Tells whether values are made of those of another block.
    var isRelation: Bool { self == .differences || self == .products }
}

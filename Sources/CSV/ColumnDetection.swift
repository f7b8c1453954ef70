// The type of a column, and the words that stand for missing values there: a column of numbers or
// dates in which the sample has some of them is still one of numbers or dates. Among texts they are
// words like others.

import StarlingFields
import StarlingTypes

/// Sees the values of one column of a sample.
struct ColumnDetection {
    /// Written in small letters; files write them in any.
    private static let nullWords: Set<[UInt8]> = Set(
        ["null", "(null)", "<null>", "na", "<na>", "n/a", "#n/a", "none", "nil", "-", "--", "?"]
            .map { Array($0.utf8) })

    private let findsNullWords: Bool
    private var values: TypeDetection
    /// The words that were found, as they are written.
    private var words: Set<[UInt8]> = []

    init(findsNullWords: Bool, forms: [NamedForm]) {
        self.findsNullWords = findsNullWords
        values = TypeDetection(forms: forms, ignoresBlanks: true)
    }

    mutating func add(_ bytes: [UInt8], isQuoted: Bool) {
        if findsNullWords, !isQuoted, bytes.count <= 6,
            Self.nullWords.contains(bytes.map { isCapital($0) ? $0 | 0x20 : $0 })
        {
            words.insert(bytes)
        } else {
            values.add(bytes)
        }
    }

    private func isCapital(_ byte: UInt8) -> Bool {
        UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
    }

    /// The type of all values but the words, which are texts where there is nothing else.
    var result: DetectedType { values.result }

    /// The words that stand for NULL in a column of `type`.
    func nullTexts(of type: LogicalType) -> [[UInt8]] {
        type.widestPhysicalType == .string ? [] : words.sorted { $0.lexicographicallyPrecedes($1) }
    }
}

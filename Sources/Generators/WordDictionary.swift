import StarlingTypes
import StarlingVectors

/// Pairs a list of words, in the order of the reference generator, with a sorted dictionary.
struct WordDictionary: Sendable {
    let words: [String]
    let dictionary: VectorDictionary
    /// The dictionary's code of each word of the list.
    let codes: [UInt32]

    init(_ words: [String]) {
        let order = words.indices.sorted {
            words[$0].utf8.lexicographicallyPrecedes(words[$1].utf8)
        }
        var codes = [UInt32](repeating: 0, count: words.count)
        for (code, index) in order.enumerated() { codes[index] = UInt32(code) }
        self.words = words
        self.codes = codes
        dictionary = VectorDictionary(
            values: Vector(.string, values: order.map { .text(words[$0]) }), isSorted: true)
    }

    /// Crosses lists of words: every first word with every second one, and so on.
    init(crossing lists: [String]...) {
        self.init(
            lists.dropFirst().reduce(lists[0]) { left, right in
                left.flatMap { first in right.map { "\(first) \($0)" } }
            })
    }

    /// Makes a column from positions in the list.
    func column(_ indices: [Int64]) -> GeneratedColumn {
        .words(indices.map { codes[Int($0)] }, self)
    }

    /// Makes a column of words drawn with equal chances.
    func column(_ window: PositionWindow, seed: UInt32) -> GeneratedColumn {
        column(window.uniform(seed: seed, 0, words.count - 1))
    }
}

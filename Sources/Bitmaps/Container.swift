// The values of a bitmap that share all but their lowest 16 bits: a sorted list while they are
// few, a bit each once they are more than 4,096, when the list would take more room (Lemire et
// al., "Roaring Bitmaps: Implementation of an Optimized Software Library", SPE 2018). The third
// form of the paper, runs, is for storage only (`Bitmap+Writing`): sets are computed of two forms.

/// Holds a set of 16-bit values.
struct Container: Sendable, Equatable {
    static let listCountMaximum = 4_096
    static let wordCount = 1_024

    /// The values in order; empty where they are bits.
    private(set) var values: [UInt16]
    /// 1,024 words; empty where the values are listed.
    private(set) var words: [UInt64]
    private(set) var count: Int

    var isDense: Bool { !words.isEmpty }

    init() { self.init(values: []) }

    /// Takes values in order, each once.
    init(values: [UInt16]) {
        self.values = values
        words = []
        count = values.count
        if count > Self.listCountMaximum { makeDense() }
    }

    /// Takes 1,024 words and chooses the form that fits their count.
    init(words: [UInt64]) {
        values = []
        self.words = words
        count = 0
        for word in words { count &+= word.nonzeroBitCount }
        if count <= Self.listCountMaximum { makeSparse() }
    }

    mutating func makeDense() {
        if isDense { return }
        words = [UInt64](repeating: 0, count: Self.wordCount)
        for value in values { words[Int(value >> 6)] |= 1 &<< UInt64(value & 63) }
        values = []
    }

    private mutating func makeSparse() {
        values = listed
        words = []
    }

    /// The values in order, whatever the form.
    var listed: [UInt16] {
        if !isDense { return values }
        var list: [UInt16] = []
        list.reserveCapacity(count)
        for (number, word) in words.enumerated() {
            var rest = word
            while rest != 0 {
                list.append(UInt16(number &* 64 &+ rest.trailingZeroBitCount))
                rest &= rest &- 1
            }
        }
        return list
    }

    /// The number of listed values below `value`.
    private func place(of value: UInt16) -> Int {
        var (low, high) = (0, values.count)
        while low < high {
            let middle = (low &+ high) / 2
            if values[middle] < value { low = middle &+ 1 } else { high = middle }
        }
        return low
    }

    func contains(_ value: UInt16) -> Bool {
        if isDense { return words[Int(value >> 6)] >> UInt64(value & 63) & 1 == 1 }
        let place = place(of: value)
        return place < values.count && values[place] == value
    }

    mutating func insert(_ value: UInt16) {
        if isDense {
            let bit: UInt64 = 1 &<< UInt64(value & 63)
            let word = words[Int(value >> 6)]
            count &+= word & bit == 0 ? 1 : 0
            words[Int(value >> 6)] = word | bit
            return
        }
        // Values often come in order.
        if let last = values.last, last >= value {
            let place = place(of: value)
            if values[place] == value { return }
            values.insert(value, at: place)
        } else {
            values.append(value)
        }
        count &+= 1
        if count > Self.listCountMaximum { makeDense() }
    }

    mutating func remove(_ value: UInt16) {
        guard contains(value) else { return }
        count &-= 1
        if isDense {
            words[Int(value >> 6)] &= ~(1 &<< UInt64(value & 63))
            if count <= Self.listCountMaximum { makeSparse() }
        } else {
            values.remove(at: place(of: value))
        }
    }

    /// The least value; only of containers that are not empty.
    var least: UInt16 {
        if !isDense { return values[0] }
        let number = words.firstIndex { $0 != 0 } ?? 0
        return UInt16(number &* 64 &+ words[number].trailingZeroBitCount)
    }

    /// The greatest value; only of containers that are not empty.
    var greatest: UInt16 {
        if !isDense { return values[values.count - 1] }
        let number = words.lastIndex { $0 != 0 } ?? 0
        return UInt16(number &* 64 &+ 63 &- words[number].leadingZeroBitCount)
    }

    /// Keeps the values at these places of their order.
    mutating func keep(places: Range<Int>) {
        self = Container(values: Array(listed[places]))
    }

    /// Counts the values below `value`.
    func countBelow(_ value: UInt16) -> Int {
        if !isDense { return place(of: value) }
        var below = 0
        for word in words[..<Int(value >> 6)] { below &+= word.nonzeroBitCount }
        let rest = words[Int(value >> 6)] & ((1 &<< UInt64(value & 63)) &- 1)
        return below &+ rest.nonzeroBitCount
    }
}

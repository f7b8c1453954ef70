// Sorting of (word, row) pairs: insertion sort for a few, merge sort for some, and for many a
// radix sort from the lowest byte up that leaves out bytes in which all words agree. All are
// stable; the one for many can be stopped.

import StarlingErrors
import StarlingMemory

/// Pairs a row with the word of its key that counts at the moment.
struct SortEntry: BitwiseCopyable {
    var word: UInt64
    var row: RowNumber
    // Keeps the stride at 16, so that merges can tell runs apart by nothing but the address.
    var unused: UInt32 = 0

    init(word: UInt64, row: RowNumber) {
        self.word = word
        self.row = row
    }
}

/// Sorts entries by their words. `scratch` has room for as many.
func sortByWord(
    _ entries: UnsafeMutablePointer<SortEntry>, _ scratch: UnsafeMutablePointer<SortEntry>,
    count: Int, _ pace: SortPace
) throws(StarlingError) {
    if count <= 24 {
        insertionSort(entries, count: count)
    } else if count <= 512 {
        mergeSort(entries, scratch, count: count)
    } else if !isAscending(entries, count: count) {
        try radixSort(entries, scratch, count: count, pace)
    }
}

/// Tells whether entries are in order as they came. Those that are not show it soon.
private func isAscending(_ entries: UnsafeMutablePointer<SortEntry>, count: Int) -> Bool {
    for position in 1..<max(count, 1) where entries[position &- 1].word > entries[position].word {
        return false
    }
    return true
}

private func insertionSort(_ entries: UnsafeMutablePointer<SortEntry>, count: Int) {
    guard count > 1 else { return }
    for position in 1..<count {
        let entry = entries[position]
        var place = position
        while place > 0, entries[place &- 1].word > entry.word {
            entries[place] = entries[place &- 1]
            place &-= 1
        }
        entries[place] = entry
    }
}

private func mergeSort(
    _ entries: UnsafeMutablePointer<SortEntry>, _ scratch: UnsafeMutablePointer<SortEntry>,
    count: Int
) {
    var start = 0
    while start < count {
        insertionSort(entries + start, count: min(16, count - start))
        start += 16
    }
    var (source, target) = (entries, scratch)
    var width = 16
    while width < count {
        var start = 0
        while start < count {
            let middle = min(start + width, count)
            let end = min(middle + width, count)
            mergeByWord(source, start, middle, end, into: target)
            start = end
        }
        swap(&source, &target)
        width *= 2
    }
    if source != entries { entries.update(from: source, count: count) }
}

private func mergeByWord(
    _ source: UnsafeMutablePointer<SortEntry>, _ start: Int, _ middle: Int, _ end: Int,
    into target: UnsafeMutablePointer<SortEntry>
) {
    var (left, right) = (start, middle)
    for place in start..<end {
        let takesLeft =
            left < middle && (right >= end || source[left].word <= source[right].word)
        target[place] = source[takesLeft ? left : right]
        left &+= takesLeft ? 1 : 0
        right &+= takesLeft ? 0 : 1
    }
}

private func radixSort(
    _ entries: UnsafeMutablePointer<SortEntry>, _ scratch: UnsafeMutablePointer<SortEntry>,
    count: Int, _ pace: SortPace
) throws(StarlingError) {
    let histogramBuffer = Buffer.zeroed(byteCount: 8 * 256 * 8)
    let histograms = histogramBuffer.pointer(to: Int.self)
    try pace.inPieces(of: count) { piece in
        for position in piece {
            let word = entries[position].word
            for digit in 0..<8 {
                let byte = Int(truncatingIfNeeded: (word &>> UInt64(8 &* digit)) & 255)
                histograms[digit &* 256 &+ byte] &+= 1
            }
        }
    }
    var (source, target) = (entries, scratch)
    for digit in 0..<8 {
        let places = histograms + digit * 256
        let shift = UInt64(8 * digit)
        if places[Int(truncatingIfNeeded: (source[0].word &>> shift) & 255)] == count { continue }
        var total = 0
        for byte in 0..<256 {
            let size = places[byte]
            places[byte] = total
            total &+= size
        }
        let (from, to) = (source, target)
        try pace.inPieces(of: count) { piece in
            for position in piece {
                let entry = from[position]
                let byte = Int(truncatingIfNeeded: (entry.word &>> shift) & 255)
                to[places[byte]] = entry
                places[byte] &+= 1
            }
        }
        swap(&source, &target)
    }
    if source != entries { entries.update(from: source, count: count) }
}

// Phrases: terms that stand at certain distances from each other. With a slop of n they may stand
// otherwise, as long as the shifts of all terms against their places in the phrase lie within n of
// each other: one word between two costs 1, two words in the other order 2. That is what Lucene means.

/// Is a term of a phrase, and its place in it.
package struct PhraseTerm: Sendable, Hashable {
    package var matcher: TermMatcher
    package var offset: Int

    package init(matcher: TermMatcher, offset: Int) {
        self.matcher = matcher
        self.offset = offset
    }
}

/// Finds phrases among positions of terms.
package struct PhraseFinder: Sendable {
    /// For each term of the phrase which of the lists of positions is its own.
    private let lists: [Int]
    private let offsets: [Int]
    private let slop: Int
    /// The terms that share a list, in the order of their offsets.
    private let groups: [[Int]]

    /// `numbers` say which list of positions each term has.
    package init(_ terms: [PhraseTerm], slop: Int, lists numbers: [Int]) {
        lists = numbers
        offsets = terms.map(\.offset)
        self.slop = slop
        var byList: [Int: [Int]] = [:]
        for (term, list) in numbers.enumerated() { byList[list, default: []].append(term) }
        groups = byList.values.map { terms0 in
            terms0.sorted { terms[$0].offset < terms[$1].offset }
        }
    }

    /// Tells whether the phrase stands somewhere; positions ascend.
    package func isFound(in positions: [[UInt32]]) -> Bool {
        if slop == 0 { return isExact(in: positions) }
        // The least shift of all is one of those that some position gives.
        for (term, list) in lists.enumerated() {
            for position in positions[list] {
                let shift = Int(position) - offsets[term]
                if groups.allSatisfy({ isServed($0, from: shift, positions) }) { return true }
            }
        }
        return false
    }

    private func isExact(in positions: [[UInt32]]) -> Bool {
        guard
            let rarest = lists.indices.min(by: {
                positions[lists[$0]].count < positions[lists[$1]].count
            })
        else { return false }
        return positions[lists[rarest]].contains { position in
            let shift = Int(position) - offsets[rarest]
            return lists.indices.allSatisfy { term in
                let wanted = shift + offsets[term]
                let list = positions[lists[term]]
                let place = Self.place(of: wanted, in: list)
                return place < list.count && Int(list[place]) == wanted
            }
        }
    }

    /// Gives each term of a group a position of its own whose shift lies within the slop.
    private func isServed(_ group: [Int], from shift: Int, _ positions: [[UInt32]]) -> Bool {
        let list = positions[lists[group[0]]]
        var next = 0
        for term in group {
            let low = shift + offsets[term]
            next = max(next, Self.place(of: low, in: list))
            guard next < list.count, Int(list[next]) <= low + slop else { return false }
            next += 1
        }
        return true
    }

    /// Counts the positions below one.
    private static func place(of position: Int, in list: [UInt32]) -> Int {
        var (low, high) = (0, list.count)
        while low < high {
            let middle = (low + high) / 2
            if Int(list[middle]) < position { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

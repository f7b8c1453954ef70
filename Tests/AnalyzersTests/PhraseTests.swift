// Phrases against their definition: every way to give each term a position of its own is tried.

import StarlingAnalyzers
import Testing

@Suite struct PhraseTests {
    /// Tries all choices of positions; equal terms take different ones.
    private func isFound(
        _ terms: [(list: Int, offset: Int)], slop: Int, _ positions: [[UInt32]]
    ) -> Bool {
        func choose(_ number: Int, _ shifts: [Int], _ taken: Set<[Int]>) -> Bool {
            if number == terms.count { return shifts.max()! - shifts.min()! <= slop }
            let term = terms[number]
            return positions[term.list].contains { position in
                let place = [term.list, Int(position)]
                guard !taken.contains(place) else { return false }
                return choose(
                    number + 1, shifts + [Int(position) - term.offset], taken.union([place]))
            }
        }
        return choose(0, [], [])
    }

    @Test func findsWhatTheDefinitionFinds() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            let count = Int.random(in: 2...4, using: &random)
            var offset = 0
            let terms = (0..<count).map { _ -> (list: Int, offset: Int) in
                defer { offset += Int.random(in: 1...2, using: &random) }
                return (Int.random(in: 0...2, using: &random), offset)
            }
            let positions = (0...2).map { _ in
                (0..<10).filter { _ in Int.random(in: 0...3, using: &random) == 0 }.map(UInt32.init)
            }
            let slop = Int.random(in: 0...4, using: &random)
            let finder = PhraseFinder(
                terms.map {
                    PhraseTerm(matcher: .exact([UInt8($0.list)]), offset: $0.offset)
                }, slop: slop, lists: terms.map(\.list))
            #expect(
                finder.isFound(in: positions) == isFound(terms, slop: slop, positions),
                "\(terms) ~\(slop) in \(positions)")
        }
    }
}

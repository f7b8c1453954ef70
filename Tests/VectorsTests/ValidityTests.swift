import StarlingTestSupport
import StarlingVectors
import Testing

@Suite struct ValidityTests {
    @Test(arguments: [0, 1, 63, 64, 65, 200, 2_048])
    func rowsAreCounted(count: Int) {
        #expect(Validity(count: count, allValid: true).validCount(of: count) == count)
        #expect(Validity(count: count, allValid: false).validCount(of: count) == 0)
        var generator = SeededGenerator(seed: UInt64(count))
        let flags = (0..<count).map { _ in generator.chance(0.6) }
        #expect(mask(flags).validCount(of: count) == flags.filter { $0 }.count)
    }

    @Test func rowsAreSetOneByOne() {
        let validity = Validity(count: 130, allValid: true)
        for row in [0, 63, 64, 129] { validity.setNull(row) }
        #expect((0..<130).filter { !validity.isValid($0) } == [0, 63, 64, 129])
        validity.setValid(64)
        #expect(validity.isValid(64) && validity.validCount(of: 130) == 127)
    }

    @Test func intersectionsTakeNilForAllValid() {
        var generator = SeededGenerator(seed: 6)
        let left = (0..<150).map { _ in generator.chance(0.5) }
        let right = (0..<150).map { _ in generator.chance(0.5) }
        #expect(flags(Validity.intersection(mask(left), nil, count: 150)) == left)
        #expect(flags(Validity.intersection(nil, mask(right), count: 150)) == right)
        #expect(Validity.intersection(nil, nil, count: 150) == nil)
        #expect(
            flags(Validity.intersection(mask(left), mask(right), count: 150))
                == zip(left, right).map { $0 && $1 })
    }

    @Test func suffixesBeginAtWholeWords() {
        let flags = (0..<256).map { $0 % 3 != 0 }
        let suffix = mask(flags).suffix(from: 64).suffix(from: 64)
        #expect((0..<128).map(suffix.isValid) == Array(flags[128...]))
    }

    private func mask(_ flags: [Bool]) -> Validity {
        let validity = Validity(count: flags.count, allValid: true)
        for (row, flag) in flags.enumerated() where !flag { validity.setNull(row) }
        return validity
    }

    private func flags(_ validity: Validity?) -> [Bool]? {
        validity.map { validity in (0..<150).map(validity.isValid) }
    }
}

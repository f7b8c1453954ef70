import StarlingTestSupport
import StarlingTypes
import StarlingVectors
import Testing

@Suite struct DictionaryTests {
    private func strings(_ texts: [String]) -> Vector {
        Vector(.string, values: texts.map { .text($0) })
    }

    @Test(arguments: [
        ([], DictionaryOrder.ascending), (["one"], .ascending), (["a", "b", "c"], .ascending),
        (["b", "a", "c"], .distinct), (["b", "a", "b"], .hasDuplicates),
        (["a", "a"], .hasDuplicates),
        (["the longer text 2", "the longer text 1", "the longer text 2"], .hasDuplicates),
        (["the longer text 2", "the longer text 1", "the longer text 3"], .distinct),
    ])
    func ordersAreTold(texts: [String], order: DictionaryOrder) {
        #expect(DictionaryOrder(strings(texts)) == order)
    }

    @Test func manyDistinctValuesAreDistinct() {
        let texts = (0..<5_000).map { "value \($0 * 7_919 % 5_000) of many" }
        #expect(DictionaryOrder(strings(texts)) == .distinct)
        #expect(DictionaryOrder(strings(texts + [texts[17]])) == .hasDuplicates)
    }

    /// Two parts with the same values in another order share one dictionary, and their codes are
    /// translated.
    @Test func poolsShareSortedDictionaries() throws {
        let pool = DictionaryPool()
        let (first, firstCodes) = try #require(pool.share(strings(["oak", "ash", "elm"])))
        let (second, secondCodes) = try #require(pool.share(strings(["elm", "oak"])))
        #expect(first === second && first.isSorted)
        #expect(first.values.allValues == ["ash", "elm", "oak"].map { .text($0) })
        let codes = firstCodes.pointer(to: UInt32.self)
        #expect((0..<3).map { codes[$0] } == [2, 0, 1])
        #expect((0..<2).map { secondCodes.pointer(to: UInt32.self)[$0] } == [1, 2])
    }

    @Test func poolsMakeAnotherDictionaryForOtherValues() throws {
        let pool = DictionaryPool()
        let (first, _) = try #require(pool.share(strings(["oak", "ash"])))
        let (second, _) = try #require(pool.share(strings(["oak", "yew"])))
        #expect(first !== second)
        #expect(pool.share(strings(["oak", "oak"])) == nil)
    }

    @Test func ownersAreJoinedOnce() {
        final class Memory: Sendable {}
        let (first, second) = (Memory(), Memory())
        let isNobody = OwnerList.joining(nil, nil) == nil
        let isAlone = OwnerList.joining(first, nil) === first
        let isOne = OwnerList.joining(first, first) === first
        #expect(isNobody && isAlone && isOne)
        let both = OwnerList.joining(first, second)
        #expect((both as? OwnerList)?.owners.count == 2)
        let isKnown = OwnerList.joining(both, second) === both
        #expect(isKnown)
    }
}

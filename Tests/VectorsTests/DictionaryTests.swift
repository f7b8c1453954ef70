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

    private func codes(_ shared: SharedDictionary) -> [UInt32] {
        let map = shared.codes?.pointer(to: UInt32.self)
        return (0..<shared.own.count).map { map?[$0] ?? UInt32($0) }
    }

    /// Parts with the same values in another order share one dictionary.
    @Test func poolsShareSortedDictionaries() throws {
        let pool = DictionaryPool()
        let first = try #require(pool.share(strings(["oak", "ash", "elm"])))
        let second = try #require(pool.share(strings(["elm", "oak"])))
        let isOne = first.all === second.all
        #expect(isOne && first.all.isSorted)
        #expect(first.all.values.allValues == ["ash", "elm", "oak"].map { .text($0) })
        #expect(codes(first) == [2, 0, 1] && codes(second) == [1, 2])
        #expect(second.own.values.allValues == ["elm", "oak"].map { .text($0) })
    }

    /// Who brings other values makes the dictionary grow; who has the old one asks again.
    @Test func poolsGrow() throws {
        let pool = DictionaryPool()
        let long = "a tree of the longer names"
        let first = try #require(pool.share(strings(["ash", "oak"])))
        let version = pool.version
        let second = try #require(pool.share(strings([long, "oak", "yew"])))
        #expect(pool.version != version)
        #expect(second.all.values.allValues == [long, "ash", "oak", "yew"].map { .text($0) })
        #expect(codes(second) == [0, 2, 3])
        let again = try #require(pool.share(first.own.values))
        let isNewer = again.all === second.all && again.all !== first.all
        #expect(isNewer && codes(again) == [1, 2])
        #expect(pool.share(strings(["oak", "oak"])) == nil)
        let same = try #require(pool.share(strings([long, "ash", "oak", "yew"])))
        #expect(same.codes == nil)
    }

    @Test func whatDoesNotFitStaysAlone() throws {
        let pool = DictionaryPool()
        let many = strings((0..<4_000).map { "a\(1_000_000 + $0)" })
        let more = strings((0..<4_000).map { "b\(1_000_000 + $0)" })
        let first = try #require(pool.share(many))
        let second = try #require(pool.share(more))
        let isAlone = second.all === second.own && second.all !== first.all
        #expect(isAlone && second.codes == nil && first.all.count == 4_000)
        let third = try #require(pool.share(strings(["a1000007"])))
        let isShared = third.all === first.all
        #expect(isShared && codes(third) == [7])
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

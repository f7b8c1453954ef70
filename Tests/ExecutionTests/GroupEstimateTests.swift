import StarlingExecution
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

@Suite struct GroupEstimateTests {
    /// Of G groups n rows meet G(1 - 1/G)^n less than all on average.
    @Test(arguments: [(40_000, 60_000), (100_000, 40_000), (100_000, 400_000), (250_000, 35_000)])
    func findsTheCount(groupCount: Int, rowCount: Int) {
        let groups = Double(groupCount)
        let seen = groups * (1 - pow(1 - 1 / groups, Double(rowCount)))
        let estimate = expectedGroupCount(seen: Int(seen), rowCount: rowCount)
        #expect(abs(estimate - groups) < groups * 0.02)
    }

    @Test func hasNoBoundWhereEachRowIsAGroup() {
        #expect(expectedGroupCount(seen: 32_768, rowCount: 32_768) > 1_000_000)
    }

    @Test func isWhatWasSeenWhereRowsAreMany() {
        #expect(abs(expectedGroupCount(seen: 33_000, rowCount: 10_000_000) - 33_000) < 1)
    }
}

// TPC-H's 22 queries are right, whatever the configuration.

import SQLLogic
import Testing

@Suite struct TPCHTests {
    @Test(arguments: LogicConfiguration.ofOneProcess)
    func queriesAreRight(configuration: LogicConfiguration) throws {
        try check(TPCHQueries(under: configuration))
    }

    /// At the scale of the tests less than half of what 256 MB are at scale 1.
    @Test func queriesAreRightShortOfMemory() throws {
        try check(TPCHQueries(under: .plain, memoryLimit: 1 << 20))
    }

    private func check(_ queries: TPCHQueries) throws {
        for number in 1...22 {
            let difference = try queries.difference(inQuery: number)
            #expect(difference == nil, "query \(number)")
        }
    }
}

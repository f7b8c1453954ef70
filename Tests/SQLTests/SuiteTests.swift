// The queries of the suites are right, whatever the configuration.

import SQLLogic
import Testing

@Suite struct SuiteTests {
    @Test(arguments: GeneratedSuite.allCases, LogicConfiguration.allCases)
    func queriesAreRight(suite: GeneratedSuite, configuration: LogicConfiguration) throws {
        try check(SuiteQueries(suite, under: configuration))
    }

    /// At the scale of the tests less than half of what 256 MB are at scale 1.
    @Test(arguments: GeneratedSuite.allCases)
    func queriesAreRightShortOfMemory(suite: GeneratedSuite) throws {
        try check(SuiteQueries(suite, under: .plain, memoryLimit: 4 << 20))
    }

    @Test(arguments: LogicConfiguration.allCases)
    func queriesOfTPCDSRunOverEmptyTables(configuration: LogicConfiguration) throws {
        #expect(try SuiteQueries.errorOverEmptyTables(under: configuration) == nil)
    }

    private func check(_ queries: SuiteQueries) throws {
        for name in try queries.names {
            let difference = try queries.difference(inQuery: name)
            #expect(difference == nil, "query \(name)")
        }
    }
}

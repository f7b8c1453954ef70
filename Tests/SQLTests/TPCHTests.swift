// TPC-H's 22 queries are right, whatever the configuration.

import SQLLogic
import Testing

@Suite struct TPCHTests {
    @Test(arguments: LogicConfiguration.ofOneProcess)
    func queriesAreRight(configuration: LogicConfiguration) throws {
        let queries = try TPCHQueries(under: configuration)
        for number in 1...22 {
            let difference = try queries.difference(inQuery: number)
            #expect(difference == nil, "query \(number)")
        }
    }
}

import Foundation

/// Names a suite whose tables Starling generates itself.
public enum GeneratedSuite: String, CaseIterable, Sendable {
    case tpch
    case ssb

    var tables: [String] {
        switch self {
        case .tpch:
            [
                "region", "nation", "supplier", "customer", "part", "partsupp", "orders",
                "lineitem",
            ]
        case .ssb: ["dates", "supplier", "customer", "part", "lineorder"]
        }
    }

    /// Gives the statement that makes a table at the scale of the answers.
    func definition(of table: String, isStored: Bool) throws -> String {
        switch self {
        case .tpch:
            return "CREATE \(isStored ? "TABLE" : "VIEW") \(table) AS "
                + "SELECT * FROM tpch('\(table)', 0.01)"
        case .ssb:
            let text = try SuiteQueries.text(of: "Benchmarks/suites/ssb/\(table).sql")
            return "CREATE TABLE \(table) AS "
                + text.replacingOccurrences(of: "{scale}", with: "0.01")
        }
    }
}

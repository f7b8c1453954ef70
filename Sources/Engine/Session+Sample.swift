// The sample: TPC-H at a small scale as Parquet files, with views over them.

import StarlingErrors
import StarlingGenerators

extension Session {
    /// Writes TPC-H's tables into a folder and makes views over them; returns their names.
    ///
    /// Each table is a statement, which `cancel` stops like any other.
    public func writeSample(
        folder: String, scale: Double
    ) throws(DatabaseError) -> [String] {
        let quoted = folder.split(separator: "\\", omittingEmptySubsequences: false)
            .joined(separator: "\\\\").split(separator: "'", omittingEmptySubsequences: false)
            .joined(separator: "\\'")
        let names = TPCHTable.allCases.map(\.rawValue)
        for name in names {
            _ = try execute(
                "INSERT OVERWRITE FILES ('path' = '\(quoted)/\(name).parquet', 'format' = 'parquet') "
                    + "SELECT * FROM tpch('\(name)', \(scale))")
        }
        for name in names {
            _ = try execute(
                "CREATE OR REPLACE VIEW \(name) AS SELECT * FROM '\(quoted)/\(name).parquet'")
        }
        return names
    }
}

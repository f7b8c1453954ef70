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
        let names = TPCHTable.allCases.map(\.rawValue)
        func path(_ name: String) -> String { quotedText("\(folder)/\(name).parquet") }
        let shares = try sampleShares(scale)
        defer { makeWhole(nil) }
        var start = 0.0
        for (name, share) in zip(names, shares) {
            makeWhole(start..<(start + share))
            start += share
            _ = try execute(
                "INSERT OVERWRITE FILES ('path' = \(path(name)), 'format' = 'parquet') "
                    + "SELECT * FROM tpch('\(name)', \(scale))")
        }
        for name in names {
            _ = try execute(
                "CREATE OR REPLACE VIEW \(name) AS SELECT * FROM \(path(name))")
        }
        return names
    }

    /// The share that each table has in the rows of all. The first one needs the pool of texts,
    /// which is made then.
    private func sampleShares(_ scale: Double) throws(DatabaseError) -> [Double] {
        do throws(StarlingError) {
            let scale = try TPCHScale(factor: scale)
            var counts = TPCHTable.allCases.map {
                Double(GeneratedTable($0, scale: scale).statistics.rowCount)
            }
            counts[0] += Double(TextPool.equivalentRowCount)
            let whole = counts.reduce(0, +)
            return counts.map { $0 / whole }
        } catch {
            throw DatabaseError(error, in: "")
        }
    }
}

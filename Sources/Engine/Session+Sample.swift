// The sample: TPC-H at a small scale as Parquet files, with views over them.

import StarlingErrors

extension Session {
    /// Writes TPC-H's tables into a folder and makes views over them; returns their names.
    public func writeSample(
        folder: String, scale: Double
    ) throws(DatabaseError) -> [String] {
        throw DatabaseError(
            StarlingError(.unsupported, "the sample comes with the generator"), in: "")
    }
}

// Keys that objects have and no column or field, since no object of the sample had them. A query that
// reads all fields of an object would lose what they hold in silence: they are faults of the record,
// or counted where the user wants it so. One that reads some fields does not ask for others.

/// Gathers keys by their paths from the record.
final class UnknownKeys {
    private static let countMax = 100

    private let areCounted: Bool
    /// Those of the object that is walked over.
    private var noted: [String] = []
    private var counts: [String: Int] = [:]

    init(areCounted: Bool) { self.areCounted = areCounted }

    func note(_ key: [UInt8], in place: String) {
        noted.append(place + String(decoding: key, as: UTF8.self))
    }

    /// Takes the keys of an object that was walked over; returns one that is a fault.
    @inline(__always)
    func settle() -> String? { noted.isEmpty ? nil : settleNoted() }

    @inline(never)
    private func settleNoted() -> String? {
        defer { noted = [] }
        guard areCounted else { return noted[0] }
        for path in noted where counts.count < Self.countMax || counts[path] != nil {
            counts[path, default: 0] += 1
        }
        return nil
    }

    /// Forgets the keys of an object that is walked over again, or left out.
    @inline(__always)
    func forget() { if !noted.isEmpty { noted = [] } }

    /// Returns what was counted since the last call.
    func take() -> [String: Int] {
        if counts.isEmpty { return counts }
        defer { counts = [:] }
        return counts
    }

    static func reason(_ path: String) -> String {
        "the key '\(path)' is in no record of the sample that the columns come from"
    }

    static let remedy =
        "let more records be looked at with 'auto_detect_sample_rows', name the keys that are read in "
        + "'columns', count such records with 'fill_mismatch_column_with' = 'null', or leave them "
        + "out with 'max_errors'"
}

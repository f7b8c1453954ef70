// Keys that objects have and no column or field, since no object of the sample had them: they are
// told, so that what they hold is not lost in silence.

/// Counts keys by the places of their objects.
final class UnknownKeys {
    private static let countMax = 100

    /// By the path from the record.
    private var counts: [String: Int] = [:]

    func note(_ key: [UInt8], in place: String) {
        let path = place + String(decoding: key, as: UTF8.self)
        if counts.count < Self.countMax || counts[path] != nil { counts[path, default: 0] += 1 }
    }

    /// Returns what was noted since the last call.
    func take() -> [String: Int] {
        if counts.isEmpty { return counts }
        defer { counts = [:] }
        return counts
    }
}

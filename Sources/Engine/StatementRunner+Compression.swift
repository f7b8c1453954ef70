// The property compression: that the blocks of a table which is read seldom are compressed once more,
// with zstd. It holds for rows that are written from then on, and for all of them after OPTIMIZE TABLE …
// FINAL. The codecs that StarRocks has beside it would bring nothing: blocks are encoded by what their
// values are already.

import StarlingErrors
import StarlingSyntax

extension StatementRunner {
    private static let compressionProperty = "compression"
    private static let defaultLevel = 3
    private static let otherCodecs = ["lz4", "zlib", "snappy", "none", "no_compression"]

    /// Reads the property; nil where blocks are not compressed once more. What it must not say is an
    /// error where `isStrict`.
    static func compressionLevel(
        of definition: CreateTable?, isStrict: Bool
    ) throws(StarlingError) -> Int? {
        let property = definition?.properties.first { $0.key.lowercased() == compressionProperty }
        guard let property else { return nil }
        let text = property.value.lowercased().filter { $0 != " " }
        if otherCodecs.contains(text) { return nil }
        if text == "zstd" { return defaultLevel }
        if text.hasPrefix("zstd("), text.hasSuffix(")"),
            let level = Int(text.dropFirst(5).dropLast()), (1...22).contains(level)
        {
            return level
        }
        guard isStrict else { return nil }
        throw StarlingError(
            .binding,
            "compression is zstd, zstd(level) with a level from 1 to 22, or lz4, zlib, snappy or none, "
                + "which leave blocks as they are encoded; not '\(property.value)'",
            about: .value(of: compressionProperty))
    }
}

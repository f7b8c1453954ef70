// The versions of the metadata, as far as they are read differently.

import StarlingErrors

/// Names a version of the format's metadata.
enum ArrowVersion: Sendable {
    /// Version 4, of Arrow 0.8 to 0.17: unions and runs have a validity.
    case beforeUnionsLostTheirValidity
    case current

    /// Reads the version of a message.
    init(_ table: FlatTable) throws(StarlingError) {
        switch try table.number(0, default: Int16(0)) {
        case 3: self = .beforeUnionsLostTheirValidity
        case 4: self = .current
        case let number:
            throw StarlingError(
                .unsupported,
                "\(table.message.path): its metadata has version \(number + 1), and only 4 and 5 "
                    + "can be read")
        }
    }
}

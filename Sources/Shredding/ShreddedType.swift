import StarlingTypes

/// Says what the values of a path are stored as.
package enum ShreddedType: Sendable, Hashable {
    case whole
    case wide
    case floating
    case truth
    case text
    /// Anything but objects.
    case document
    /// Strings that are days: 2024-02-29.
    case day
    /// Strings that are moments, all of one form.
    case moment(MomentForm)

    /// The type's name as people write it.
    package var title: String { "\(logicalType)".uppercased() }

    package var logicalType: LogicalType {
        switch self {
        case .whole: .bigint
        case .wide: .largeint
        case .floating: .double
        case .truth: .boolean
        case .text: .string
        case .document: .json
        case .day: .date
        case .moment: .datetime
        }
    }

    /// True for strings that are stored as numbers.
    package var isTemporal: Bool {
        switch self {
        case .day, .moment: true
        case .whole, .wide, .floating, .truth, .text, .document: false
        }
    }

    /// What holds the values that this type does not.
    var wider: ShreddedType { isTemporal ? .text : .document }

    // MARK: In files

    private static let momentCode: UInt8 = 16

    package var code: UInt8 {
        switch self {
        case .whole: 0
        case .wide: 1
        case .floating: 2
        case .truth: 3
        case .text: 4
        case .document: 5
        case .day: 6
        case .moment(let form): Self.momentCode + form.code
        }
    }

    package init?(code: UInt8) {
        switch code {
        case 0: self = .whole
        case 1: self = .wide
        case 2: self = .floating
        case 3: self = .truth
        case 4: self = .text
        case 5: self = .document
        case 6: self = .day
        default:
            guard code >= Self.momentCode, let form = MomentForm(code: code - Self.momentCode)
            else { return nil }
            self = .moment(form)
        }
    }
}

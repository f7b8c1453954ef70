import StarlingTypes

/// Says what the values of a path are stored as.
package indirect enum ShreddedType: Sendable, Hashable {
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
    /// Arrays whose elements are all of a type, or null.
    case list(ShreddedType)
    /// Arrays whose elements are taken apart as documents are: what is left of each and the values at
    /// its paths are the fields of a structure.
    case records([ShreddedPath])

    /// The type's name as people write it.
    package var title: String {
        switch self {
        case .list(let element): return "ARRAY<\(element.title)>"
        case .records(let paths):
            let fields = paths.map { "\($0.text) \($0.type.title)" }
            return "ARRAY<STRUCT<\(fields.joined(separator: ", "))>>"
        default: return "\(logicalType)".uppercased()
        }
    }

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
        case .list(let element): .array(element.logicalType)
        case .records(let paths):
            .array(
                .structure(
                    [StructureField(name: "remain", type: .json)]
                        + paths.map { StructureField(name: $0.text, type: $0.type.logicalType) }))
        }
    }

    /// True for strings that are stored as numbers.
    package var isTemporal: Bool {
        switch self {
        case .day, .moment: true
        default: false
        }
    }

    /// True for arrays that are stored as lists.
    var isArray: Bool {
        switch self {
        case .list, .records: true
        default: false
        }
    }

    /// True where one value of another type is too many: what holds that one, too, costs little.
    var isStrict: Bool {
        if case .list(let element) = self { element.isStrict } else { isTemporal }
    }

    /// What holds the values that this type does not.
    var wider: ShreddedType {
        switch self {
        case .day, .moment: .text
        case .list(let element) where element.isStrict: .list(element.wider)
        default: .document
        }
    }

    // MARK: In files

    private static let momentCode: UInt8 = 16
    package static let listCode: UInt8 = 32
    package static let recordsCode: UInt8 = 33

    /// The number of the type; of lists and records more is to be said.
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
        case .list: Self.listCode
        case .records: Self.recordsCode
        }
    }

    /// Finds the type with a number; nil for lists and records.
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

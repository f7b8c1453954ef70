// What a user says about files beyond their path: the properties of FILES(), and where counts of
// what did not fit go.

import StarlingErrors
import StarlingMemory
import StarlingTypes

/// Holds the properties of FILES() by their names in lower case.
package struct FileOptions: Sendable {
    package var properties: [String: String]
    /// Takes what was filled, left out or not understood, for warnings.
    package let report: FileReport
    /// What instants are shown by; nil where that is UTC.
    package var clock: WallClock?
    /// What memory is asked of that opening a file needs.
    package let budget: MemoryBudget

    package init(
        _ properties: [String: String] = [:], report: FileReport = FileReport(),
        clock: WallClock? = nil,
        budget: MemoryBudget = MemoryBudget(byteLimit: .max, settingName: "no limit")
    ) {
        self.properties = properties
        self.report = report
        self.clock = clock
        self.budget = budget
    }

    package init(format: String) { self.init(["format": format]) }

    package func text(_ name: String) -> String? { properties[name] }

    /// Makes an error about the value of a property.
    package func wrong(_ name: String, _ message: String) -> StarlingError {
        StarlingError(.binding, message, about: .value(of: name))
    }

    /// Reads the text of a property, where it is given, as something else.
    package func value<Value>(
        _ name: String, _ read: (String) throws(StarlingError) -> Value
    ) throws(StarlingError) -> Value? {
        guard let text = properties[name] else { return nil }
        do throws(StarlingError) {
            return try read(text)
        } catch {
            throw error.about(.value(of: name))
        }
    }

    /// Reads a list of columns: 'a INT, b STRING'.
    package func columns(_ name: String) throws(StarlingError) -> [StructureField]? {
        try value(name) { (text) throws(StarlingError) in
            guard case .structure(let fields) = try LogicalType(name: "struct<\(text)>") else {
                throw StarlingError(
                    .binding, "'\(text)' is no list of columns: 'a INT, b STRING'")
            }
            return fields
        }
    }

    /// Reads a property that is a number of things.
    package func count(_ name: String) throws(StarlingError) -> Int? {
        guard let text = properties[name] else { return nil }
        guard let number = Int(text), number >= 0 else {
            throw wrong(
                name, "the property '\(name)' of FILES is a whole number, not '\(text)'")
        }
        return number
    }

    package func flag(_ name: String) throws(StarlingError) -> Bool? {
        guard let text = properties[name] else { return nil }
        switch text.lowercased() {
        case "true", "1", "on", "yes": return true
        case "false", "0", "off", "no": return false
        default:
            throw wrong(
                name, "the property '\(name)' of FILES is true or false, not '\(text)'")
        }
    }

    /// Whether what does not fit becomes NULL and is counted; else it is an error.
    package func fillsMismatches() throws(StarlingError) -> Bool {
        switch properties["fill_mismatch_column_with"]?.lowercased() {
        case nil, "none": return false
        case "null": return true
        case let other?:
            throw wrong(
                "fill_mismatch_column_with",
                "the property 'fill_mismatch_column_with' of FILES is 'none' or 'null', not "
                    + "'\(other)'")
        }
    }
}

// What the binder asks about names, files and settings.

import StarlingBinder
import StarlingCatalog
import StarlingErrors
import StarlingFormats
import StarlingLake
import StarlingSyntax
import StarlingTables
import StarlingTypes

extension StatementRunner: BinderEnvironment {
    var currentDatabase: String { session.currentDatabase }

    func openFiles(
        _ path: String, options: [String: String]
    ) throws(StarlingError) -> any Table {
        let options = FileOptions(options, report: fileReport)
        if try options.flag("list_files_only") == true {
            return Self.table(
                of: try listFiles(
                    path, recursively: options.flag("list_recursively") ?? false))
        }
        return try StarlingLake.openFiles(path, options: options)
    }

    var tableFunctionNames: [String] { ["tpch", "files", "rejects"] }

    func makeTable(
        function: String, arguments: [(name: String?, value: Value)]
    ) throws(StarlingError) -> (any Table)? {
        switch function {
        case "tpch": return try makeTPCHTable(arguments)
        case "rejects": return try makeRejectsTable(arguments)
        default: return nil
        }
    }

    func value(of parameter: Parameter) -> (value: Value, type: LogicalType)? {
        let position: Int
        switch parameter {
        case .positional(let number), .numbered(let number): position = number
        case .named: return nil
        }
        guard position >= 1, position <= parameters.count else { return nil }
        return parameters[position - 1].engineValue
    }

    func value(ofUserVariable name: String) -> (value: Value, type: LogicalType)? {
        statementVariables[name.lowercased()] ?? session.userVariables[name.lowercased()]
    }

    func value(ofSetting name: String) -> (value: Value, type: LogicalType)? {
        switch name.lowercased() {
        case "version": (.text(Self.protocolVersion), .string)
        case "version_comment": (.text("Starling \(starlingVersion)"), .string)
        default: settings.typedValue(name)
        }
    }

    var settingNames: [String] { Settings.known.map(\.name) }

    func value(ofSessionFunction name: String) -> (value: Value, type: LogicalType)? {
        switch name {
        case "database", "schema": (.text(session.currentDatabase), .string)
        case "catalog": (.text(Catalog.defaultCatalog), .string)
        // There are no users here; this is the one that StarRocks begins with.
        case "user", "session_user", "current_user": (.text("'root'@'%'"), .string)
        case "current_role": (.text("root"), .string)
        case "version": (.text(Self.protocolVersion), .string)
        case "current_version": (.text("Starling \(starlingVersion)"), .string)
        case "connection_id": (.integer(Int128(session.number)), .bigint)
        default: nil
        }
    }

    /// The version of MySQL that StarRocks tells its clients.
    private static let protocolVersion = "8.0.33"
}

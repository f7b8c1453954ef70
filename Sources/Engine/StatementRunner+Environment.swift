// What the binder asks about names, files and settings.

import StarlingBinder
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
        try StarlingLake.openFiles(path, options: FileOptions(options, report: fileReport))
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
        session.userVariables[name.lowercased()]
    }

    func value(ofSetting name: String) -> String? {
        if name.lowercased() == "version" { return "8.0.33" }
        return settings.value(name)
    }
}

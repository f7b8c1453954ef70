// What the binder asks about names, files and settings.

import StarlingBinder
import StarlingErrors
import StarlingGenerators
import StarlingLake
import StarlingSyntax
import StarlingTables
import StarlingTypes

extension StatementRunner: BinderEnvironment {
    var currentDatabase: String { session.currentDatabase }

    func openFiles(
        _ path: String, options: [String: String]
    ) throws(StarlingError) -> any Table {
        try StarlingLake.openFiles(path, options: FileOptions(options))
    }

    var tableFunctionNames: [String] { ["tpch", "files"] }

    func makeTable(
        function: String, arguments: [(name: String?, value: Value)]
    ) throws(StarlingError) -> (any Table)? {
        switch function {
        case "tpch": return try makeTPCHTable(arguments)
        default: return nil
        }
    }

    /// `tpch('lineitem', 1)`: a table of TPC-H at a scale, generated as it is read.
    private func makeTPCHTable(
        _ arguments: [(name: String?, value: Value)]
    ) throws(StarlingError) -> any Table {
        guard let name = arguments.first?.value.text, arguments.count <= 2 else {
            throw StarlingError(.binding, "tpch takes a table's name and a scale: tpch('orders', 1)")
        }
        let table = try TPCHTable(named: name)
        var scale = 1.0
        if arguments.count == 2 {
            switch arguments[1].value {
            case .integer(let number): scale = Double(number)
            case .floating(let number): scale = number
            default: throw StarlingError(.binding, "the scale of tpch is a number")
            }
        }
        return GeneratedTable(table, scale: try TPCHScale(factor: scale))
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

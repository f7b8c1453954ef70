// What the binder asks about names, files and settings.

import StarlingBinder
import StarlingCatalog
import StarlingErrors
import StarlingFormats
import StarlingFunctions
import StarlingLake
import StarlingPlans
import StarlingSyntax
import StarlingTables
import StarlingTypes

extension StatementRunner: BinderEnvironment {
    var currentDatabase: String { session.currentDatabase }

    func openFiles(
        _ path: String, options: [String: String]
    ) throws(StarlingError) -> any Table {
        let reference = FileReference(path: path, options: options)
        if let table = openedFiles[reference] { return table }
        let options = FileOptions(
            options, report: fileReport, clock: try sessionClock(), budget: makeBudget())
        if try options.flag("list_files_only") == true {
            return try Self.table(
                of: try listFiles(
                    path, recursively: options.flag("list_recursively") ?? false))
        }
        let table = try StarlingLake.openFiles(path, options: options)
        openedFiles[reference] = table
        return table
    }

    var outlivesFiles: Bool { trace != nil }

    /// What the session shows instants by; nil for UTC.
    private func sessionClock() throws(StarlingError) -> WallClock? {
        let zone = sessionValues.timeZone
        guard let rules = try ZoneDatabase.rules(named: zone), rules.offsetRange != 0...0 else {
            return nil
        }
        return WallClock(zone: zone, offsets: rules.offsetRange) { rules.offset(at: $0) }
    }

    var userFunctionNames: [String] { visibleFunctions.map(\.title) }

    func makeTable(
        function: String, arguments: [(name: String?, value: Value)]
    ) throws(StarlingError) -> any Table {
        switch function {
        case "tpch": return try makeTPCHTable(arguments)
        case "rejects": return try makeRejectsTable(arguments)
        default:
            throw StarlingError(.internal, "nothing makes the table of \(function)()")
        }
    }

    func expression(of parameter: Parameter) -> BoundExpression? {
        trace?.foreign = "a parameter"
        switch parameter {
        case .positional(let number), .numbered(let number):
            if inferredTypes != nil { return .column(PlanColumn(placeholder: number)) }
            guard number >= 1, number <= parameters.count else { return nil }
            return .literal(parameters[number - 1].value, parameters[number - 1].type)
        case .named(let name):
            if inferredTypes != nil { return .column(PlanColumn(placeholder: Self.named)) }
            guard let (value, type) = namedParameters[name.lowercased()] else { return nil }
            return .literal(value, type)
        }
    }

    /// The number of placeholders that have names instead.
    private static let named = 1_000_000

    func expect(_ type: LogicalType, ofPlaceholder number: Int) { infer(type, number) }

    func value(ofUserVariable name: String) -> (value: Value, type: LogicalType)? {
        trace?.foreign = "the variable @\(name)"
        hasReadVariables = true
        return statementVariables[name.lowercased()] ?? session.userVariables[name.lowercased()]
    }

    func value(ofSetting name: String) -> (value: Value, type: LogicalType)? {
        trace?.foreign = "the setting @@\(name)"
        return switch name.lowercased() {
        case "version": (.text(Self.protocolVersion), .string)
        case "warning_count": (.integer(Int128(session.lastWarnings.count)), .bigint)
        // A statement that fails ends with its error; none is kept.
        case "error_count": (.integer(0), .bigint)
        case "version_comment": (.text("Starling \(starlingVersion)"), .string)
        default: settings.typedValue(name)
        }
    }

    var modes: ExpressionModes {
        var modes = ExpressionModes()
        let words = SQLModes.words(of: settings.value("sql_mode") ?? "")
        if words.contains("ALLOW_THROW_EXCEPTION") {
            modes.checkedCasts = .all
        } else if words.contains("ERROR_IF_OVERFLOW") {
            modes.checkedCasts = .numbers
        }
        let limit = settings.integer("group_concat_max_len")
        modes.concatenationLimit = limit > 0 ? limit : nil
        return modes
    }

    var settingNames: [String] { Settings.known.map(\.name) }

    func value(of function: SessionFunction) -> (value: Value, type: LogicalType) {
        trace?.foreign = "\(function.rawValue)(), which tells of the session"
        return switch function {
        case .catalog: (.text(Catalog.defaultCatalog), .string)
        case .connectionID: (.integer(Int128(session.number)), .bigint)
        case .currentRole: (.text(SessionFunctionRow.role), .string)
        case .currentVersion: (.text("Starling \(starlingVersion)"), .string)
        case .currentWarehouse: (.text("default_warehouse"), .string)
        case .database: (.text(session.currentDatabase), .string)
        case .hostName: settings.typedValue("hostname") ?? (.null, .string)
        case .sessionID: (.text(session.identifier), .string)
        // There are no users here; this is the one that StarRocks begins with.
        case .user: (.text("'root'@'%'"), .string)
        case .version: (.text(Self.protocolVersion), .string)
        }
    }

    /// The version of MySQL that StarRocks tells its clients.
    private static let protocolVersion = "8.0.33"
}

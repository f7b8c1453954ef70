// Functions without arguments that tell of the session: a row each for their names and their page.
// What they give is the engine's to say.

/// Names what the session is asked by a function.
package enum SessionFunction: String, Sendable, CaseIterable {
    case catalog
    case connectionID = "connection_id"
    case currentRole = "current_role"
    case currentVersion = "current_version"
    case currentWarehouse = "current_warehouse"
    case database
    case hostName = "host_name"
    case sessionID = "session_id"
    case user
    case version

    private static let byName: [String: SessionFunction] = Dictionary(
        uniqueKeysWithValues: SessionFunctionRow.all.flatMap { row in
            ([row.name] + row.aliases).map { ($0, row.function) }
        })

    /// Finds the function of a name, in any case.
    package init?(named name: String) {
        guard let function = Self.byName[name.lowercased()] else { return nil }
        self = function
    }
}

/// Describes a function whose value the session knows.
package struct SessionFunctionRow: Sendable {
    package let function: SessionFunction
    package let aliases: [String]
    package let summary: String
    /// An expression and its result, executed by the tests in a new session.
    package let example: (expression: String, result: String)

    private init(
        _ function: SessionFunction, _ aliases: [String] = [], _ summary: String,
        _ result: String, of expression: String? = nil
    ) {
        self.function = function
        self.aliases = aliases
        self.summary = summary
        example = (expression ?? "\(function.rawValue)()", result)
    }

    package var name: String { function.rawValue }

    /// The one role that there is, with all rights, as StarRocks begins.
    package static let role = "root"

    package static let all = [
        SessionFunctionRow(
            .catalog, ["current_catalog"], "Names the current catalog.", "default_catalog"),
        SessionFunctionRow(
            .connectionID, [], "Gives the number of the session.", "1",
            of: "connection_id() > 0"),
        SessionFunctionRow(.currentRole, [], "Names the active role.", role),
        SessionFunctionRow(
            .currentVersion, [], "Names the engine and its version.", "1",
            of: "current_version() LIKE 'Starling %'"),
        SessionFunctionRow(
            .currentWarehouse, [], "Names the warehouse; there is one.", "default_warehouse"),
        SessionFunctionRow(
            .database, ["schema"], "Names the current database.", "1",
            of: "database() = schema()"),
        SessionFunctionRow(
            .hostName, [], "Names the machine that computes, as @@hostname does.", "1",
            of: "host_name() = @@hostname"),
        SessionFunctionRow(
            .sessionID, [], "Names the session as no other is named; temp_tables tells it.", "36",
            of: "length(session_id())"),
        SessionFunctionRow(
            .user, ["session_user", "current_user"],
            "Names the user and from where; there is one.", "'root'@'%'"),
        SessionFunctionRow(
            .version, [], "Gives the version of MySQL that clients are told.", "8.0.33"),
    ]
}

// Functions without arguments that tell of the session: a row each for their names and their page.
// What they give is the engine's to say, by name.

/// Describes a function whose value the session knows.
package struct SessionFunctionRow: Sendable {
    package let name: String
    package let aliases: [String]
    package let summary: String
    /// An expression and its result, executed by the tests in a new session.
    package let example: (expression: String, result: String)

    private init(
        _ name: String, _ aliases: [String] = [], _ summary: String, _ result: String,
        of expression: String? = nil
    ) {
        self.name = name
        self.aliases = aliases
        self.summary = summary
        example = (expression ?? "\(name)()", result)
    }

    /// The one role that there is, with all rights, as StarRocks begins.
    package static let role = "root"

    package static let all = [
        SessionFunctionRow(
            "catalog", ["current_catalog"], "Names the current catalog.", "default_catalog"),
        SessionFunctionRow(
            "connection_id", [], "Gives the number of the session.", "1",
            of: "connection_id() > 0"),
        SessionFunctionRow("current_role", [], "Names the active role.", role),
        SessionFunctionRow(
            "current_version", [], "Names the engine and its version.", "1",
            of: "current_version() LIKE 'Starling %'"),
        SessionFunctionRow(
            "current_warehouse", [], "Names the warehouse; there is one.", "default_warehouse"),
        SessionFunctionRow(
            "database", ["schema"], "Names the current database.", "1",
            of: "database() = schema()"),
        SessionFunctionRow(
            "host_name", [], "Names the machine that computes, as @@hostname does.", "1",
            of: "host_name() = @@hostname"),
        SessionFunctionRow(
            "user", ["session_user", "current_user"],
            "Names the user and from where; there is one.", "'root'@'%'"),
        SessionFunctionRow(
            "version", [], "Gives the version of MySQL that clients are told.", "8.0.33"),
    ]

    private static let names = Set(all.flatMap { [$0.name] + $0.aliases })

    /// Tells whether a name, in any case, is that of such a function.
    package static func contains(_ name: String) -> Bool { names.contains(name.lowercased()) }
}

// information_schema: functions, variables, and what clients ask of any server. Tables of things
// that Starling has none of are there and empty, since programs join them.

import StarlingErrors
import StarlingFunctions
import StarlingSyntax
import StarlingTypes

extension SystemTable {
    static let routines = SystemTable(
        "routines",
        texts: [
            "SPECIFIC_NAME", "ROUTINE_CATALOG", "ROUTINE_SCHEMA", "ROUTINE_NAME", "ROUTINE_TYPE",
            "DTD_IDENTIFIER", "ROUTINE_BODY", "ROUTINE_DEFINITION", "EXTERNAL_NAME",
            "EXTERNAL_LANGUAGE", "PARAMETER_STYLE", "IS_DETERMINISTIC", "SQL_DATA_ACCESS",
            "SQL_PATH", "SECURITY_TYPE", "SQL_MODE", "ROUTINE_COMMENT", "DEFINER",
        ]
    ) { runner throws(StarlingError) in
        runner.databaseNames.flatMap { database in
            runner.contents.functions(in: database).map { function in
                [
                    .text(function.title), catalogName, .text(database), .text(function.title),
                    .text("FUNCTION"), function.returns.map { .text($0.sql) } ?? .null,
                    .text("SQL"), .text(function.sql()), .null, .text("SQL"), .text("SQL"),
                    .text("YES"), .text("READS SQL DATA"), .null, .text("NONE"), .text(""),
                    .text(""), .text("'root'@'%'"),
                ]
            }
        }
    }

    /// All functions, also those of users; not in other systems.
    static let functions = SystemTable(
        "functions", texts: ["FUNCTION_NAME", "FUNCTION_KIND", "SUMMARY"]
    ) { runner throws(StarlingError) in
        let registry = FunctionRegistry.builtin
        var rows: [[String]] = []
        func add(_ name: String, _ aliases: [String], _ kind: String, _ summary: String) {
            rows.append([name, kind, summary])
            rows += aliases.map { [$0, kind, "is \(name)()"] }
        }
        for row in registry.scalars { add(row.name, row.aliases, "scalar", row.summary) }
        for row in registry.aggregates { add(row.name, row.aliases, "aggregate", row.summary) }
        rows += registry.windows.map { [$0.name, "window", $0.summary] }
        for row in SessionFunctionRow.all { add(row.name, row.aliases, "session", row.summary) }
        for row in WrittenForm.all { add(row.name, row.aliases, "form", row.summary) }
        rows += TableFunctionRow.all.map { [$0.name, "table", $0.summary] }
        rows += runner.visibleFunctions.map { [$0.title, $0.kindTitle, $0.sql()] }
        return rows.sorted { $0[0] < $1[0] }.map { $0.map(Value.text) }
    }

    static func variables(_ name: String) -> SystemTable {
        SystemTable(name, texts: ["VARIABLE_NAME", "VARIABLE_VALUE"]) {
            runner throws(StarlingError) in
            let constants = ["version", "version_comment"].map { name -> [Value] in
                [.text(name), runner.value(ofSetting: name)?.value ?? .null]
            }
            let known = Settings.known.map { setting -> [Value] in
                [.text(setting.name), .text(runner.settings.value(setting.name) ?? "")]
            }
            let foreign = ForeignDefaults.values.merging(runner.settings.ignored) { $1 }
            let ignored = foreign.map { name, value -> [Value] in [.text(name), .text(value)] }
            return (known + ignored + constants).sorted { ($0[0].text ?? "") < ($1[0].text ?? "") }
        }
    }

    /// The reserved words, which clients quote names for.
    static let keywords = SystemTable(
        name: "keywords", columns: [("WORD", .string), ("RESERVED", .int)]
    ) { _ throws(StarlingError) in
        Keyword.completions.map { [.text($0), .integer(1)] }
    }

    static let characterSets = SystemTable(
        name: "character_sets",
        columns: [
            ("CHARACTER_SET_NAME", .string), ("DEFAULT_COLLATE_NAME", .string),
            ("DESCRIPTION", .string), ("MAXLEN", .bigint),
        ]
    ) { _ throws(StarlingError) in
        [[.text("utf8"), .text("utf8_general_ci"), .text("UTF-8 Unicode"), .integer(3)]]
    }

    static let collations = SystemTable(
        name: "collations",
        columns: [
            ("COLLATION_NAME", .string), ("CHARACTER_SET_NAME", .string), ("ID", .bigint),
            ("IS_DEFAULT", .string), ("IS_COMPILED", .string), ("SORTLEN", .bigint),
        ]
    ) { _ throws(StarlingError) in
        [
            [
                .text("utf8_general_ci"), .text("utf8"), .integer(33), .text("Yes"), .text("Yes"),
                .integer(1),
            ]
        ]
    }

    static let engines = SystemTable(
        "engines",
        texts: ["ENGINE", "SUPPORT", "COMMENT", "TRANSACTIONS", "XA", "SAVEPOINTS"]
    ) { _ throws(StarlingError) in
        [
            [
                .text("OLAP"), .text("DEFAULT"), .text("The tables of Starling"), .text("NO"),
                .text("NO"), .text("NO"),
            ],
            [
                .text("MEMORY"), .text("YES"), .text("The tables of information_schema"),
                .text("NO"), .text("NO"), .text("NO"),
            ],
        ]
    }

    /// The tables of what Starling has nothing of.
    static let withoutRows: [SystemTable] = emptyTables.map { name, texts in
        SystemTable(name, texts: texts) { _ throws(StarlingError) in [] }
    }

    private static let emptyTables: [(name: String, columns: [String])] = [
        (
            "referential_constraints",
            [
                "CONSTRAINT_CATALOG", "CONSTRAINT_SCHEMA", "CONSTRAINT_NAME",
                "UNIQUE_CONSTRAINT_CATALOG", "UNIQUE_CONSTRAINT_SCHEMA", "UNIQUE_CONSTRAINT_NAME",
                "MATCH_OPTION", "UPDATE_RULE", "DELETE_RULE", "TABLE_NAME", "REFERENCED_TABLE_NAME",
            ]
        ),
        (
            "parameters",
            [
                "SPECIFIC_CATALOG", "SPECIFIC_SCHEMA", "SPECIFIC_NAME", "ORDINAL_POSITION",
                "PARAMETER_MODE", "PARAMETER_NAME", "DATA_TYPE", "CHARACTER_MAXIMUM_LENGTH",
                "NUMERIC_PRECISION", "NUMERIC_SCALE", "DTD_IDENTIFIER", "ROUTINE_TYPE",
            ]
        ),
        (
            "applicable_roles",
            ["USER", "HOST", "GRANTEE", "ROLE_NAME", "ROLE_HOST", "IS_GRANTABLE", "IS_DEFAULT"]
        ),
        ("plugins", ["PLUGIN_NAME", "PLUGIN_STATUS", "PLUGIN_TYPE", "PLUGIN_LICENSE"]),
        (
            "triggers",
            [
                "TRIGGER_CATALOG", "TRIGGER_SCHEMA", "TRIGGER_NAME", "EVENT_MANIPULATION",
                "EVENT_OBJECT_CATALOG", "EVENT_OBJECT_SCHEMA", "EVENT_OBJECT_TABLE",
                "ACTION_STATEMENT", "ACTION_TIMING", "CREATED", "SQL_MODE", "DEFINER",
            ]
        ),
        (
            "events",
            [
                "EVENT_CATALOG", "EVENT_SCHEMA", "EVENT_NAME", "DEFINER", "TIME_ZONE",
                "EVENT_BODY", "EVENT_DEFINITION", "EVENT_TYPE", "STATUS",
            ]
        ),
        ("user_privileges", ["GRANTEE", "TABLE_CATALOG", "PRIVILEGE_TYPE", "IS_GRANTABLE"]),
        (
            "schema_privileges",
            ["GRANTEE", "TABLE_CATALOG", "TABLE_SCHEMA", "PRIVILEGE_TYPE", "IS_GRANTABLE"]
        ),
        (
            "table_privileges",
            [
                "GRANTEE", "TABLE_CATALOG", "TABLE_SCHEMA", "TABLE_NAME", "PRIVILEGE_TYPE",
                "IS_GRANTABLE",
            ]
        ),
        (
            "column_privileges",
            [
                "GRANTEE", "TABLE_CATALOG", "TABLE_SCHEMA", "TABLE_NAME", "COLUMN_NAME",
                "PRIVILEGE_TYPE", "IS_GRANTABLE",
            ]
        ),
    ]
}

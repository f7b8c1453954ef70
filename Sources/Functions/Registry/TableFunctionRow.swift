// Functions that give tables and stand in FROM: a row each for their names, their page, completion
// and the nearest name. What they do stands where their kind says.

/// Describes a function that gives a table.
package struct TableFunctionRow: Sendable {
    package enum Kind: Sendable {
        /// Gives a row for each element of lists, beside the tables before it; the binder does it.
        case elements(ElementSource)
        /// Makes its rows of constant arguments; the engine does it, by name.
        case constants
        /// Takes what is no expression: properties, a table's name. The binder knows the name.
        case ownSyntax
    }

    /// Where the lists come from whose elements are the rows.
    package enum ElementSource: Sendable {
        case arguments
        case series
        case documents
        /// The array that a scalar function gives.
        case function(String)
    }

    package let name: String
    package let kind: Kind
    package let form: String
    package let summary: String
    /// A statement and the texts of its rows, executed by the tests; none where that needs a file.
    package let example: (statement: String, rows: [String])?

    private init(
        _ name: String, _ kind: Kind, _ form: String, _ summary: String,
        _ example: (statement: String, rows: [String])? = nil
    ) {
        self.name = name
        self.kind = kind
        self.form = form
        self.summary = summary
        self.example = example
    }

    package static let all = [
        TableFunctionRow(
            "changes", .ownSyntax, "changes(table, version, version)",
            "Gives the rows that changed between two versions of a table, with their weights."),
        TableFunctionRow(
            "files", .ownSyntax, "FILES('path' = '…', 'name' = 'value', …)",
            "Reads files; docs/reading.md has the properties."),
        TableFunctionRow(
            "generate_series", .elements(.series), "generate_series(start, end[, step])",
            "Counts from one number to another, in steps of 1 where none is given, or goes from "
                + "date to date, in steps of an INTERVAL or of so many days.",
            ("SELECT * FROM generate_series(1, 7, 3)", ["1", "4", "7"])),
        TableFunctionRow(
            "json_each", .elements(.documents), "json_each(json)",
            "Gives the keys and values of a JSON object.",
            (
                "SELECT key, value FROM json_each(parse_json('{\"a\": 1, \"b\": true}'))",
                ["a 1", "b true"]
            )),
        TableFunctionRow(
            "rejects", .constants, "rejects()",
            "Gives the records that the last reading of files left out.",
            ("SELECT count(*) FROM rejects()", ["0"])),
        TableFunctionRow(
            "subdivide_bitmap", .elements(.function("bitmap_parts")),
            "subdivide_bitmap(bitmap, count)", "Parts a bitmap into ones of so many values.",
            (
                "SELECT bitmap_to_string(subdivide_bitmap) FROM "
                    + "subdivide_bitmap(bitmap_from_string('1,2,3'), 2)", ["1,2", "3"]
            )),
        TableFunctionRow(
            "tokenize_detail", .elements(.function("tokenize_detail")),
            "tokenize_detail(analyzer, text)",
            "Gives the terms of a text, with their positions and places.",
            ("SELECT term FROM tokenize_detail('standard', 'To be')", ["to", "be"])),
        TableFunctionRow(
            "tpch", .constants, "tpch('table'[, scale])",
            "Generates a table of TPC-H as it is read; the scale is 1 where none is given.",
            ("SELECT count(*) FROM tpch('nation', 1)", ["25"])),
        TableFunctionRow(
            "unnest", .elements(.arguments), "unnest(array, …)",
            "Gives the elements of arrays side by side, or the entries of maps.",
            ("SELECT * FROM unnest([10, 20], ['a'])", ["10 a", "20 NULL"])),
        TableFunctionRow(
            "unnest_bitmap", .elements(.function("bitmap_to_array")), "unnest_bitmap(bitmap)",
            "Gives the numbers of a bitmap.",
            ("SELECT * FROM unnest_bitmap(bitmap_from_string('3,5'))", ["3", "5"])),
    ]

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    /// Finds a function by its name, in any case.
    package static func named(_ name: String) -> TableFunctionRow? { byName[name.lowercased()] }
}

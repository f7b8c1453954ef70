// What is written like a call and is none: the binder or the parser knows it by its words. A row
// each for its names and its page.

/// Describes a form that stands among the functions of the reference.
package struct WrittenForm: Sendable {
    package let name: String
    package let aliases: [String]
    package let form: String
    package let summary: String
    package let examples: [(expression: String, result: String)]

    private init(
        _ name: String, _ aliases: [String] = [], _ form: String, _ summary: String,
        _ examples: [(expression: String, result: String)]
    ) {
        self.name = name
        self.aliases = aliases
        self.form = form
        self.summary = summary
        self.examples = examples
    }

    private static let pairs = "FROM (VALUES (1, 2), (1, 3)) AS t(a, b)"

    package static let all = [
        WrittenForm(
            "cast", ["try_cast"], "CAST(any AS type) → type",
            "Converts to a type; what does not fit or is malformed gives NULL. `convert(x, type)` "
                + "is the same.",
            [("CAST('12' AS INT)", "12"), ("CAST('x' AS INT)", "NULL")]),
        WrittenForm(
            "date_add", ["adddate"], "date_add(date, INTERVAL n unit) → date",
            "Adds an interval to a date; `date + INTERVAL n unit` is the same.",
            [("date_add('2020-01-31', INTERVAL 1 MONTH)", "2020-02-29 00:00:00")]),
        WrittenForm(
            "date_sub", ["subdate"], "date_sub(date, INTERVAL n unit) → date",
            "Takes an interval from a date.",
            [("date_sub(DATE '2020-03-01', INTERVAL 1 DAY)", "2020-02-29")]),
        WrittenForm(
            "dict_mapping", [], "dict_mapping('table', key, …[, 'column'][, null_if_missing])",
            "Looks a key up in a PRIMARY KEY table: gives its AUTO_INCREMENT column, or the one "
                + "that is named. A key that is not there is an error unless the last argument is "
                + "true.", []),
        WrittenForm(
            "extract", [], "EXTRACT(unit FROM date) → int",
            "Gives a part of a date, or several as MySQL spells them: YEAR_MONTH, DAY_SECOND.",
            [
                ("EXTRACT(YEAR FROM '2024-03-09')", "2024"),
                ("EXTRACT(YEAR_MONTH FROM '2024-03-09')", "202403"),
                ("EXTRACT(DAY_MINUTE FROM '2024-03-09 08:05:00')", "90805"),
            ]),
        WrittenForm(
            "grouping", [], "grouping(column, …) → bigint",
            "Tells whether a row stands for all values of a column; of several, a bit for each.",
            [("(SELECT grouping(a) \(pairs) GROUP BY a)", "0")]),
        WrittenForm(
            "grouping_id", [], "grouping_id(column, …) → bigint",
            "Gives the bits of grouping() for some columns, the first the highest.",
            [
                (
                    "(SELECT max(g) FROM (SELECT grouping_id(a, b) g \(pairs) "
                        + "GROUP BY CUBE(a, b)) u)", "3"
                )
            ]
        ),
        WrittenForm(
            "lookup_string", [], "lookup_string('table', 'key', 'column') → varchar",
            "Gives a column of a PRIMARY KEY table for a key, as text; NULL for none.", []),
        WrittenForm(
            "score", [], "score() → double",
            "Gives how well a row matches the search of the query; docs/search.md tells of it.",
            []),
        WrittenForm(
            "search", [], "search([column, ]text) → boolean",
            "Tells whether a row has what a search asks for; docs/search.md tells of it.", []),
        WrittenForm(
            "timestampadd", [], "timestampadd(unit, n, date) → date",
            "Adds so many units to a date.",
            [("timestampadd(MINUTE, 1, '2019-01-02')", "2019-01-02 00:01:00")]),
    ]

    private static let byName = Dictionary(
        uniqueKeysWithValues: all.flatMap { form in
            ([form.name] + form.aliases).map { ($0, form) }
        })

    /// Finds a form by its name, in any case.
    static func named(_ name: String) -> WrittenForm? { byName[name.lowercased()] }

    /// Tells whether a name, in any case, is that of such a form.
    package static func contains(_ name: String) -> Bool { named(name) != nil }

    /// The form without what it gives.
    var call: String { String(form.prefix { $0 != "→" }.dropLast()) }
}

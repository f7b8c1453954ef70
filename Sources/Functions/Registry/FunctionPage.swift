// The page docs/functions.md, written from the rows. A test compares the two.

/// Writes the reference of functions.
package enum FunctionPage {
    package static func markdown(_ registry: FunctionRegistry = .builtin) -> String {
        var page = """
            # Functions

            Written from the rows of the functions: `STARLING_WRITE_PAGES=1 tools/test --filter
            FunctionPageTests` writes it again. Every example here runs in the tests.
            Names are found in any case. `[…]` may be left out, and `, …` goes on.


            """
        for family in FunctionRegistry.scalarFamilies {
            page += "## \(family.name)\n\n"
            for row in family.rows.sorted(by: { $0.name < $1.name }) {
                let form = FunctionForm(row)
                page += section(
                    "\(form.call) → \(form.result)", row.aliases, row.summary, row.examples)
            }
        }
        page += "## Aggregates\n\n"
        for row in registry.aggregates.sorted(by: { $0.name < $1.name }) {
            let form = FunctionForm(row)
            page += section(
                "\(form.call) → \(form.result)", row.aliases, row.summary, row.examples)
        }
        page += "## Window functions\n\n"
        for row in registry.windows.sorted(by: { $0.name < $1.name }) {
            let form = FunctionForm(row)
            page += section(
                "\(form.call) OVER (…) → \(form.result)", [], row.summary, row.examples)
        }
        page += "## What the session knows\n\n"
        for row in SessionFunctionRow.all {
            page += section("\(row.name)()", row.aliases, row.summary, [row.example])
        }
        page += "## Forms that are written like functions\n\n"
        for row in WrittenForm.all {
            page += section(row.form, row.aliases, row.summary, row.examples)
        }
        page += "## Functions that give tables\n\n"
        for row in TableFunctionRow.all {
            let examples = row.example.map {
                [(expression: $0.statement, result: $0.rows.joined(separator: "; "))]
            }
            page += section("FROM \(row.form)", [], row.summary, examples ?? [])
        }
        // One empty line less at the end.
        page.removeLast()
        return page
    }

    private static func section(
        _ title: String, _ aliases: [String], _ summary: String,
        _ examples: [(expression: String, result: String)]
    ) -> String {
        var text = "### `\(title)`\n\n\(summary)"
        if !aliases.isEmpty {
            let names = aliases.map { "`\($0)`" }.joined(separator: ", ")
            text += " Also \(names)."
        }
        text += "\n\n"
        for example in examples { text += "    \(example.expression)  →  \(example.result)\n" }
        return examples.isEmpty ? text : text + "\n"
    }
}

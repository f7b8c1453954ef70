// The session's settings that change how a text is read.

/// Holds what `sql_mode` says about reading SQL.
package struct SyntaxOptions: Sendable, Equatable {
    /// `"…"` quotes names instead of strings.
    package var ansiQuotes: Bool
    /// `||` concatenates instead of meaning OR.
    package var pipesAsConcat: Bool

    package init(ansiQuotes: Bool = false, pipesAsConcat: Bool = false) {
        self.ansiQuotes = ansiQuotes
        self.pipesAsConcat = pipesAsConcat
    }

    /// Reads a value of `sql_mode`: names between commas, of which others than these are ignored.
    package init(sqlMode: String) {
        self.init()
        for name in sqlMode.uppercased().utf8.split(separator: UInt8(ascii: ",")) {
            switch String(Substring(name)).filter({ $0 != " " }) {
            case "ANSI_QUOTES": ansiQuotes = true
            case "PIPES_AS_CONCAT": pipesAsConcat = true
            case "ANSI": (ansiQuotes, pipesAsConcat) = (true, true)
            default: continue
            }
        }
    }
}

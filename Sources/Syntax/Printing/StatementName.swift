// Names as people write them in statements; `Identifier.sql` keeps the quotes that were written.

/// Returns a name as statements have it: between quotes where it is no plain word, or a reserved one.
package func statementName(_ name: String) -> String {
    let isPlain =
        name.utf8.first.map { !(48...57).contains($0) } ?? false
        && name.utf8.allSatisfy {
            (97...122).contains($0) || (65...90).contains($0) || (48...57).contains($0) || $0 == 95
        }
    let isWord = isPlain && Keyword(rawValue: name.lowercased())?.isReserved != true
    return isWord ? name : "`" + name.replacing("`", with: "``") + "`"
}

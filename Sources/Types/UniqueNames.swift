// Names of columns and fields that have to differ in more than the case of letters.

/// Gives names that come again, in whatever letter case, a number.
package func uniqueNames(_ names: some Sequence<String>) -> [String] {
    var taken: Set<String> = []
    return names.map { name in
        var unique = name
        var number = 0
        while !taken.insert(unique.lowercased()).inserted {
            number += 1
            unique = "\(name)_\(number)"
        }
        return unique
    }
}

// Names of columns in files, which unlike those of results have to differ.

/// Gives names that come again, in whatever letter case, a number.
func uniqueNames(_ names: [String]) -> [String] {
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

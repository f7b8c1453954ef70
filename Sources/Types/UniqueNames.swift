// Names of columns and fields that have to differ in more than the case of letters.

/// Finds each name among those that are known: the same name, or else one that differs from it in the
/// case of letters only and that no other of `names` is. Nil where there is none.
package func positions(of names: [String], among known: [String]) -> [Int?] {
    if names == known { return Array(known.indices) }
    var result = names.map { _ in Int?.none }
    var taken: Set<Int> = []
    for spelling in [{ $0 }, { $0.lowercased() }] as [(String) -> String] {
        var free: [String: [Int]] = [:]
        for (position, name) in known.enumerated().reversed() where !taken.contains(position) {
            free[spelling(name), default: []].append(position)
        }
        for (index, name) in names.enumerated() where result[index] == nil {
            result[index] = free[spelling(name)]?.popLast()
        }
        taken = Set(result.compactMap { $0 })
    }
    return result
}

/// Gives names that come again, in whatever letter case, a number that makes them none of the others.
package func uniqueNames(_ names: some Collection<String>) -> [String] {
    let written = Set(names.map { $0.lowercased() })
    var taken: Set<String> = []
    return names.map { name in
        if taken.insert(name.lowercased()).inserted { return name }
        var number = 1
        while true {
            let unique = "\(name)_\(number)"
            let folded = unique.lowercased()
            if !written.contains(folded), taken.insert(folded).inserted { return unique }
            number += 1
        }
    }
}

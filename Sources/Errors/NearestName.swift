// Finds the candidate that a misspelt name most likely meant, for messages of the kind
// "did you mean …?". The measure is the optimal string alignment distance.

/// Returns the candidate nearest to `name`, or nil where none is near enough to be helpful.
package func nearestName(to name: String, among candidates: some Sequence<String>) -> String? {
    let target = Array(name.lowercased().utf8)
    // Of one letter every other name is as near.
    let limit = target.count < 2 ? 0 : max(1, target.count / 3)
    var best: (distance: Int, name: String)?
    for candidate in candidates {
        let letters = Array(candidate.lowercased().utf8)
        guard abs(letters.count - target.count) <= limit else { continue }
        let distance = alignmentDistance(target, letters)
        guard distance <= limit else { continue }
        if best == nil || (distance, candidate) < (best!.distance, best!.name) {
            best = (distance, candidate)
        }
    }
    return best?.name
}

/// Counts the insertions, deletions, replacements and swaps of neighbours between two names.
private func alignmentDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforePrevious = [Int](repeating: 0, count: right.count + 1)
    var previous = Array(0...right.count)
    var current = previous
    for i in 0..<left.count {
        current[0] = i + 1
        for j in 0..<right.count {
            let replaced = previous[j] + (left[i] == right[j] ? 0 : 1)
            current[j + 1] = min(replaced, previous[j + 1] + 1, current[j] + 1)
            let isSwap = i > 0 && j > 0 && left[i] == right[j - 1] && left[i - 1] == right[j]
            if isSwap { current[j + 1] = min(current[j + 1], beforePrevious[j - 1] + 1) }
        }
        (beforePrevious, previous, current) = (previous, current, beforePrevious)
    }
    return previous[right.count]
}

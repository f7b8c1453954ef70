// How many groups there are, told from how many some of the rows have met.

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Estimates how many groups there are if `rowCount` rows, each of any group, have met `seen` of
/// them: of G groups they meet G(1 - e^(-n/G)).
package func expectedGroupCount(seen: Int, rowCount: Int) -> Double {
    let (seen, rowCount) = (Double(seen), Double(rowCount))
    // Where nearly every row is a group of its own there may be any number.
    var (low, high) = (seen, seen * 64)
    for _ in 0..<24 {
        let middle = (low + high) / 2
        if middle * (1 - exp(-rowCount / middle)) < seen {
            low = middle
        } else {
            high = middle
        }
    }
    return high
}

/// Holds up to `chunkCapacity` rows, a vector a column; what flows between operators.
package struct Chunk: Sendable {
    package var columns: [Vector]
    package var count: Int

    package init(columns: [Vector], count: Int) {
        self.columns = columns
        self.count = count
    }

    /// Returns the columns at `positions`, in that order.
    package func projected(to positions: [Int]) -> Chunk {
        Chunk(columns: positions.map { columns[$0] }, count: count)
    }
}

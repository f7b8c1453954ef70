import StarlingErrors
import StarlingMemory

/// Finds rows by the number of their peers.
struct WindowPeers {
    private let storage: any WindowStorage
    private let peersBefore: [Int]
    private var block = -1
    private var starts: [Int] = []

    init(_ storage: any WindowStorage) {
        self.storage = storage
        peersBefore = storage.peersBefore
    }

    /// Returns where the peers with a number begin; before all there is the first row, behind all
    /// the end.
    mutating func start(ofPeers number: Int128) throws(StarlingError) -> Int {
        if number <= 0 { return 0 }
        guard number < Int128(storage.count) else { return storage.count }
        var (low, high) = (1, peersBefore.count)
        while low < high {
            let middle = (low + high) / 2
            if Int128(peersBefore[middle]) <= number { low = middle + 1 } else { high = middle }
        }
        try load(low - 1)
        let place = Int(number) - peersBefore[low - 1]
        return place < starts.count ? starts[place] : storage.count
    }

    private mutating func load(_ wanted: Int) throws(StarlingError) {
        if wanted == block { return }
        let flagBuffer = try storage.peerFlags(ofBlock: wanted)
        let flags = flagBuffer.pointer(to: UInt8.self)
        let rows = storage.rows(ofBlock: wanted)
        starts.removeAll(keepingCapacity: true)
        for row in rows where flags[row - rows.lowerBound] != 0 { starts.append(row) }
        block = wanted
        withExtendedLifetime(flagBuffer) {}
    }
}

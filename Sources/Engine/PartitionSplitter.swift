// Splits chunks by partition, for one worker. Rows of many partitions are gathered until there are
// enough of them for each partition to get more than a few at a time.

import StarlingErrors
import StarlingEvaluation
import StarlingKernels
import StarlingMemory
import StarlingStorage
import StarlingTypes
import StarlingVectors
import StarlingWriting

/// Splits the rows of chunks.
struct PartitionSplitter {
    /// Keys beyond this are forgotten; only ranges have many.
    private static let rememberedCountMax = 1 << 16
    /// So many rows are split together.
    private static let stagedCountMax = 1 << 16

    private let router: PartitionRouter
    private let evaluator: ExpressionEvaluator?
    private var numbers: CombinationNumbers
    /// From the number of a key to a place in `met`; -1 where it was not looked up yet.
    private var placeOfNumber: [Int] = []
    /// The partitions that rows came to.
    private var met: [TablePartition] = []
    private var placeOfPartition: [UInt32: Int] = [:]
    /// Rows that wait, and the place of each.
    private var staged: [ColumnCollector] = []
    private var stagedPlaces: [Int32] = []
    private let types: [PhysicalType]
    /// The upper ends of ranges of whole numbers.
    private let ends: [Int64]?
    private var placeOfRange: [Int]

    init(_ router: PartitionRouter, _ types: [LogicalType]) {
        self.router = router
        self.types = types.map(\.widestPhysicalType)
        evaluator = router.keys.program?.makeEvaluator()
        numbers = CombinationNumbers(columnCount: router.keys.types.count)
        ends = Self.integerEnds(router)
        placeOfRange = Array(repeating: -1, count: (ends?.count ?? 0) + 1)
    }

    /// The ends at which integers change the partition: those that the ranges begin and end with.
    private static func integerEnds(_ router: PartitionRouter) -> [Int64]? {
        guard router.keys.types.count == 1, router.keys.types[0].bounds != nil,
            router.keys.types[0].widestPhysicalType != .int128
        else { return nil }
        var ends: Set<Int64> = []
        for partition in router.set.partitions {
            guard case .range(let from, let to) = partition.values else { return nil }
            for end in [from, to] {
                guard let number = end.first??.integer else { continue }
                guard let narrow = Int64(exactly: number) else { return nil }
                ends.insert(narrow)
            }
        }
        return ends.isEmpty ? nil : ends.sorted()
    }

    /// Finds the partition of each row.
    mutating func partitions(of chunk: Chunk) throws(StarlingError) -> [TablePartition] {
        guard chunk.count > 0 else { return [] }
        return try places(of: chunk).map { met[$0] }
    }

    /// Hands over the rows of each partition that has some.
    mutating func split(
        _ chunk: Chunk, _ receive: (TablePartition, Chunk) throws(StarlingError) -> Void
    ) throws(StarlingError) {
        guard chunk.count > 0 else { return }
        let places = try places(of: chunk)
        let first = places[0]
        if stagedPlaces.isEmpty, places.allSatisfy({ $0 == first }) {
            return try receive(met[first], chunk)
        }
        if staged.isEmpty { staged = types.map { ColumnCollector($0) } }
        for (position, type) in types.enumerated() {
            let column = chunk.columns[position]
            staged[position].append(
                column.physicalType == type ? column : column.withIntegerLayout(type))
        }
        stagedPlaces += places.map { Int32($0) }
        if stagedPlaces.count >= Self.stagedCountMax { try flush(receive) }
    }

    /// Hands over the rows that wait.
    mutating func flush(
        _ receive: (TablePartition, Chunk) throws(StarlingError) -> Void
    ) throws(StarlingError) {
        guard !stagedPlaces.isEmpty else { return }
        let columns = staged.map { $0.finish() }
        let places = stagedPlaces
        (staged, stagedPlaces) = ([], [])
        // The rows of each place, one place behind the other.
        var starts = [Int](repeating: 0, count: met.count + 1)
        for place in places { starts[Int(place) + 1] += 1 }
        for place in met.indices { starts[place + 1] += starts[place] }
        var next = starts
        let order = Buffer(byteCount: places.count * 4)
        let rows = order.pointer(to: UInt32.self)
        for (row, place) in places.enumerated() {
            rows[next[Int(place)]] = UInt32(row)
            next[Int(place)] += 1
        }
        for place in met.indices where starts[place + 1] > starts[place] {
            let count = starts[place + 1] - starts[place]
            let gathered = columns.map { $0.gathered(by: rows + starts[place], count: count) }
            try receive(met[place], Chunk(columns: gathered, count: count))
        }
        withExtendedLifetime(order) {}
    }

    /// Finds a place in `met` for each row.
    private mutating func places(of chunk: Chunk) throws(StarlingError) -> [Int] {
        let keys = try keys(of: chunk)
        if ends != nil { return try rangePlaces(keys[0]) }
        if numbers.rememberedCount > Self.rememberedCountMax {
            numbers = CombinationNumbers(columnCount: router.keys.types.count)
            placeOfNumber = []
        }
        var places = numbers.numbers(of: keys)
        for row in places.indices {
            let number = places[row]
            while placeOfNumber.count <= number { placeOfNumber.append(-1) }
            if placeOfNumber[number] < 0 {
                placeOfNumber[number] = try place(of: keys.map { $0.value(at: row) })
            }
            places[row] = placeOfNumber[number]
        }
        return places
    }

    private mutating func place(of key: [Value]) throws(StarlingError) -> Int {
        let partition = try router.partition(of: key)
        if let place = placeOfPartition[partition.number] { return place }
        met.append(partition)
        placeOfPartition[partition.number] = met.count - 1
        return met.count - 1
    }

    /// Finds the range that each integer lies in.
    private mutating func rangePlaces(_ vector: Vector) throws(StarlingError) -> [Int] {
        let ends = ends ?? []
        let wide = vector.flattened().withIntegerLayout(.int64)
        let values = wide.pointer(to: Int64.self)
        var result = [Int](repeating: 0, count: wide.count)
        var last = -1
        for row in 0..<wide.count {
            guard wide.isValid(row) else {
                result[row] = try place(of: [.null])
                continue
            }
            let value = values[row]
            // Where the value lies between the ends that the one before did.
            if last >= 0, last == 0 || ends[last - 1] <= value,
                last == ends.count || value < ends[last]
            {
                result[row] = placeOfRange[last]
                continue
            }
            var (low, high) = (0, ends.count)
            while low < high {
                let middle = (low + high) / 2
                if value < ends[middle] { high = middle } else { low = middle + 1 }
            }
            if placeOfRange[low] < 0 {
                placeOfRange[low] = try place(of: [.integer(Int128(value))])
            }
            last = low
            result[row] = placeOfRange[low]
        }
        withExtendedLifetime(wide) {}
        return result
    }

    private func keys(of chunk: Chunk) throws(StarlingError) -> [Vector] {
        let keys = router.keys
        guard let evaluator else { return keys.positions.map { chunk.columns[$0] } }
        let inputs = keys.inputs.map { position in
            let column = chunk.columns[position]
            return column.physicalType.isInteger
                ? column.withIntegerLayout(router.inputType(position)) : column
        }
        return try evaluator.evaluate(Chunk(columns: inputs, count: chunk.count))
    }
}

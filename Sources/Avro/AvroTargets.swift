// Where values go while rows are decoded: a piece of memory for each wanted type, of which those
// inside of lists grow.

import StarlingErrors
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Is the memory of one vector in the making.
struct AvroTarget: BitwiseCopyable {
    var values: UnsafeMutableRawPointer
    /// A bit a value, all of them set but those of NULLs.
    var validity: UnsafeMutablePointer<UInt64>
    var count: Int
    var capacity: Int
    var nullCount: Int
    var width: Int
}

/// Names what is wrong with a block.
enum AvroFault: String, Error {
    case end = "ends within a value"
    case number = "has a number that is too large"
    case branch = "has a branch of a union that there is none of"
    case symbol = "has a symbol that there is none of"
    case length = "has a value of an impossible length"
    case boolean = "has a boolean that is neither true nor false"
    case bounds = "has a value that is too large for its type"
    case elements = "has too many elements"
    case depth = "has a value that contains itself in more than 500 levels"
    case documentSize = "has a value of more than 64 MB of JSON"
}

/// Owns the memory that rows are decoded into; belongs to one reader.
final class AvroTargets {
    /// Elements without bytes would cost a file nothing.
    private static let emptyElementCountMax = 1 << 24

    private let program: AvroProgram
    private let budget: MemoryBudget
    private let buffer: Buffer
    private var values: [Buffer] = []
    private var validities: [Buffer] = []
    private var heap: StringHeap?
    private var emptyElementCount = 0
    /// What decoding stumbled over, and where.
    private(set) var fault: AvroFault?
    private(set) var faultStep = 0
    private var cutCounts: [Int: Int] = [:]
    private(set) var failure: StarlingError?
    var faultRow = 0

    init(_ program: AvroProgram, budget: MemoryBudget) {
        self.program = program
        self.budget = budget
        buffer = Buffer(byteCount: program.slots.count * MemoryLayout<AvroTarget>.stride)
    }

    var definitions: [AvroNode] { program.definitions }

    var entries: UnsafeMutablePointer<AvroTarget> { buffer.pointer(to: AvroTarget.self) }

    /// Makes room for `count` rows.
    func begin(count: Int) {
        values = []
        validities = []
        heap = nil
        emptyElementCount = 0
        for (index, slot) in program.slots.enumerated() {
            let capacity = slot.isOfRows ? count : 0
            let width = Self.width(slot)
            let memory = Buffer(byteCount: capacity * width)
            let mask = Buffer(byteCount: Self.maskByteCount(capacity))
            mask.baseAddress.initializeMemory(
                as: UInt8.self, repeating: 0xFF, count: mask.byteCount)
            values.append(memory)
            validities.append(mask)
            entries[index] = AvroTarget(
                values: memory.baseAddress, validity: mask.pointer(to: UInt64.self), count: 0,
                capacity: capacity, nullCount: 0, width: width)
        }
    }

    private static func maskByteCount(_ count: Int) -> Int {
        max(8, Validity.wordCount(for: count) * 8)
    }

    private static func width(_ slot: AvroSlot) -> Int {
        if case .symbol = slot.node.form { return 4 }
        // A vector of nothing but NULLs is one NULL and a number.
        return slot.node.type == .null ? 0 : slot.physicalType.byteWidth
    }

    /// Doubles the room of a target; false where there is no more.
    @inline(never)
    func grow(_ index: Int) -> Bool {
        let old = entries[index]
        let capacity = max(256, old.capacity * 2)
        guard capacity <= 1 << 31 else {
            fault = .elements
            return false
        }
        let byteCount = capacity * old.width
        if byteCount > 1 << 20 {
            do throws(StarlingError) {
                try budget.reserve(byteCount, for: "lists of an Avro file")
                budget.release(byteCount)
            } catch {
                failure = error
                return false
            }
        }
        let memory = Buffer(byteCount: byteCount)
        memory.baseAddress.copyMemory(from: old.values, byteCount: old.count * old.width)
        let mask = Buffer(byteCount: Self.maskByteCount(capacity))
        mask.baseAddress.initializeMemory(as: UInt8.self, repeating: 0xFF, count: mask.byteCount)
        mask.baseAddress.copyMemory(
            from: old.validity, byteCount: min(mask.byteCount, validities[index].byteCount))
        values[index] = memory
        validities[index] = mask
        entries[index].values = memory.baseAddress
        entries[index].validity = mask.pointer(to: UInt64.self)
        entries[index].capacity = capacity
        return true
    }

    /// Counts elements that have no bytes; false where there are too many.
    func addEmptyElements(_ count: Int) -> Bool {
        guard count <= Self.emptyElementCountMax - emptyElementCount else { return false }
        emptyElementCount += count
        return true
    }

    @inline(never)
    /// Notes that digits of a value were cut off.
    func noteCut(_ step: Int) { cutCounts[step, default: 0] += 1 }

    /// Counts the values of steps, since the last call, of which digits were cut off.
    func takeCutCount(_ isAsked: (_ step: Int) -> Bool) -> Int {
        var count = 0
        for (step, number) in cutCounts where isAsked(step) {
            count += number
            cutCounts[step] = nil
        }
        return count
    }

    func note(_ fault: AvroFault, _ step: Int) {
        if self.fault == nil, failure == nil { self.fault = fault }
        faultStep = step
    }

    /// Keeps the text of bytes that SQL sees as text.
    @inline(never)
    func text(_ bytes: UnsafePointer<UInt8>, _ kind: AvroStep.Kind) -> StringReference {
        let heap = heap ?? StringHeap()
        self.heap = heap
        let count = kind == .uuid ? 16 : 12
        let copy = Array(UnsafeBufferPointer(start: bytes, count: count))
        return heap.add(kind == .uuid ? FixedText.uuid(copy) : FixedText.interval(copy))
    }

    /// Keeps the text of a document; nil where there is no memory for it.
    @inline(never)
    func text(_ document: [UInt8]) -> StringReference? {
        let heap = heap ?? StringHeap()
        self.heap = heap
        if document.count > StringReference.inlineCapacity {
            do throws(StarlingError) {
                try budget.reserve(heap.byteCount + document.count, for: "JSON of an Avro file")
                budget.release(heap.byteCount + document.count)
            } catch {
                failure = error
                return nil
            }
        }
        return heap.add(document)
    }

    /// Makes the vector of a slot, whose strings lie in what `owner` keeps.
    func vector(_ index: Int, owner: (any Owner)?) -> Vector {
        let slot = program.slots[index]
        let entry = entries[index]
        if slot.node.type == .null {
            return .allNull(as: .null, slot.physicalType, count: entry.count)
        }
        var validity: Validity?
        if entry.nullCount > 0 { validity = Validity(buffer: validities[index]) }
        if case .symbol(let dictionary) = slot.node.form {
            return Vector(
                codes: values[index], of: dictionary, count: entry.count, validity: validity)
        }
        var result = Vector(
            slot.physicalType, count: entry.count, buffer: values[index], validity: validity)
        if slot.physicalType == .string { result.owner = OwnerList.joining(owner, heap) }
        if !slot.children.isEmpty {
            result.children = NestedVectors(slot.children.map { vector($0, owner: owner) })
        }
        return result
    }
}

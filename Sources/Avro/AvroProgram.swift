// What a reader does with each row, as a flat list of steps: values that are wanted go to targets,
// others are passed over, neighbours of known size at once. A step is followed by the steps of what
// lies in it.

import StarlingMemory
import StarlingTypes

/// Says what to do with one value.
struct AvroStep: BitwiseCopyable {
    enum Kind: UInt8, BitwiseCopyable {
        case null, boolean, int, long, float, double, text, fixed, symbol
        case sizedDecimal, fixedDecimal, ticks, nanoseconds, uuid, duration
        case list, record, emptyRecord, union, document
        case skipFixed, skipNumber, skipText, skipList, skipRecord, skipUnion, skipDocument
    }

    var kind: Kind
    /// The branch of null where the value is in a union of null and something; else -1.
    var nullBranch: Int8 = -1
    /// The place of the values in the targets; -1 where they are passed over.
    var target: Int32 = -1
    /// The step behind all that lies in this one.
    var end: Int32 = 0
    /// The bytes of a fixed value, the least bytes of an element, the number of symbols, the
    /// microseconds of a unit or the number of a definition.
    var size = 0
    /// What the type in SQL allows.
    var low: Int128 = 0
    var high: Int128 = 0
}

/// Describes where the values of a wanted type go.
struct AvroSlot: Sendable {
    let node: AvroNode
    let physicalType: PhysicalType
    /// Whether there is a value for each row, so that the number is known before.
    let isOfRows: Bool
    /// The slots of what lies in it.
    var children: [Int] = []
}

/// Holds the steps of a row.
final class AvroProgram: Sendable {
    private let buffer: Buffer
    let stepCount: Int
    let slots: [AvroSlot]
    /// The slot of each type that was given; nil for those that are passed over.
    let slotOfNode: [Int?]
    /// Where the steps of each type begin, with its number.
    private let starts: [(step: Int, node: Int)]
    /// The types that contain themselves.
    let definitions: [AvroNode]

    /// Makes the program of a file's rows.
    init(_ file: AvroFile, wanted: Set<Int>) {
        definitions = file.definitions
        var builder = AvroProgramBuilder()
        var slotOfNode: [Int?] = []
        var starts: [(step: Int, node: Int)] = []
        for (number, node) in file.nodes.enumerated() {
            starts.append((builder.steps.count, number))
            if wanted.contains(number) {
                slotOfNode.append(builder.add(node, isOfRows: true))
            } else {
                slotOfNode.append(nil)
                builder.skip(node)
            }
        }
        self.slotOfNode = slotOfNode
        self.starts = starts
        slots = builder.slots
        stepCount = builder.steps.count
        buffer = Buffer(byteCount: stepCount * MemoryLayout<AvroStep>.stride)
        for (index, step) in builder.steps.enumerated() { steps[index] = step }
    }

    var steps: UnsafeMutablePointer<AvroStep> { buffer.pointer(to: AvroStep.self) }

    /// Finds the type that a step belongs to.
    func node(ofStep step: Int) -> Int? { starts.last { $0.step <= step }?.node }
}

/// Collects steps and slots.
private struct AvroProgramBuilder {
    var steps: [AvroStep] = []
    var slots: [AvroSlot] = []
    /// Where the steps begin that may be joined with the next.
    private var joinable = 0

    mutating func add(_ node: AvroNode, isOfRows: Bool) -> Int {
        let slot = slots.count
        slots.append(
            AvroSlot(node: node, physicalType: node.type.widestPhysicalType, isOfRows: isOfRows))
        var step = Self.step(node)
        step.target = Int32(slot)
        let place = steps.count
        steps.append(step)
        var isElement = false
        if case .list = node.form { isElement = true }
        for child in node.children {
            slots[slot].children.append(add(child, isOfRows: isOfRows && !isElement))
        }
        steps[place].end = Int32(steps.count)
        joinable = steps.count
        return slot
    }

    private static func step(_ node: AvroNode) -> AvroStep {
        var step = AvroStep(kind: .null)
        if let branch = node.nullBranch { step.nullBranch = Int8(branch) }
        let bounds = node.type.bounds ?? Bounds(0)
        (step.low, step.high) = (bounds.low, bounds.high)
        switch node.form {
        case .null: step.kind = .null
        case .boolean: step.kind = .boolean
        case .int: step.kind = .int
        case .long: step.kind = .long
        case .float: step.kind = .float
        case .double: step.kind = .double
        case .bytes: step.kind = .text
        case .fixed(let count): (step.kind, step.size) = (.fixed, count)
        case .symbol(let dictionary): (step.kind, step.size) = (.symbol, dictionary.count)
        case .decimal(nil): step.kind = .sizedDecimal
        case .decimal(let count?): (step.kind, step.size) = (.fixedDecimal, count)
        case .ticks(let microseconds): (step.kind, step.size) = (.ticks, microseconds)
        case .nanoseconds: step.kind = .nanoseconds
        case .uuid: (step.kind, step.size) = (.uuid, 16)
        case .duration: (step.kind, step.size) = (.duration, 12)
        case .list: (step.kind, step.size) = (.list, elementByteCountMin(node))
        case .record: step.kind = node.children.isEmpty ? .emptyRecord : .record
        case .document(let definition): (step.kind, step.size) = (.document, definition)
        case .union(let branch):
            step.kind = .union
            step.size = branch ?? -1
        }
        return step
    }

    private static func elementByteCountMin(_ node: AvroNode) -> Int {
        node.children.reduce(0) { $0 + $1.byteCountMin }
    }

    mutating func skip(_ node: AvroNode) {
        if let count = node.fixedByteCount { return skipFixed(count) }
        if case .record = node.form, node.nullBranch == nil {
            for child in node.children { skip(child) }
            return
        }
        var step = AvroStep(kind: .skipNumber)
        if let branch = node.nullBranch { step.nullBranch = Int8(branch) }
        let place = steps.count
        steps.append(step)
        // Only what lies one behind the other can be joined.
        joinable = steps.count
        switch node.form {
        case .bytes, .decimal(nil): steps[place].kind = .skipText
        case .list:
            steps[place].kind = .skipList
            steps[place].size = Self.elementByteCountMin(node)
            for child in node.children { skip(child) }
        case .record:
            steps[place].kind = .skipRecord
            for child in node.children { skip(child) }
        case .document(let definition):
            steps[place].kind = .skipDocument
            steps[place].size = definition
        case .union(let branch):
            steps[place].kind = .skipUnion
            steps[place].size = branch ?? -1
            for child in node.children { skipWhole(child) }
        case .boolean, .float, .double, .fixed, .decimal, .uuid, .duration, .null:
            steps[place].kind = .skipFixed
            steps[place].size = Self.fixedByteCount(node)
        default: break
        }
        steps[place].end = Int32(steps.count)
        joinable = steps.count
    }

    /// Adds exactly one step for a branch of a union.
    private mutating func skipWhole(_ node: AvroNode) {
        joinable = steps.count
        let place = steps.count
        steps.append(AvroStep(kind: .skipRecord))
        skip(node)
        steps[place].end = Int32(steps.count)
        joinable = steps.count
    }

    private static func fixedByteCount(_ node: AvroNode) -> Int {
        AvroNode(node.form, node.type).fixedByteCount ?? 0
    }

    private mutating func skipFixed(_ count: Int) {
        if let last = steps.last, joinable < steps.count, last.kind == .skipFixed,
            last.nullBranch < 0
        {
            steps[steps.count - 1].size += count
            return
        }
        steps.append(AvroStep(kind: .skipFixed, end: Int32(steps.count + 1), size: count))
        joinable = steps.count - 1
    }
}

// An aggregate function is a row like a scalar one. Its state is a few bytes in a row of the
// aggregation's table; its kernels run over a chunk at a time, given the address of each row's
// group.

import StarlingErrors
import StarlingTypes
import StarlingVectors

/// Describes one aggregate function.
package final class AggregateFunction: Sendable {
    package let name: String
    package let aliases: [String]
    package let summary: String
    package let examples: [(expression: String, result: String)]
    /// How it is called, where types that are alike don't tell it (`FunctionForm`).
    package let form: (call: String, result: String)?
    /// True where DISTINCT changes nothing: min, max, any_value.
    package let ignoresDuplicates: Bool
    /// True where the order of the rows shows in the result, so that ORDER BY inside matters.
    package let dependsOnOrder: Bool
    /// True where the result is one of values that are compared, which JSON is by its order key.
    package let comparesValues: Bool
    /// What it gives for no rows, where that is not NULL.
    package let resultOverNoRows: Value?
    package let resolve: @Sendable (ArgumentList) throws(StarlingError) -> FunctionSignature
    /// Makes the implementation for physical argument types that the plan has settled on.
    package let makeKernel:
        @Sendable (AggregateCallTypes) throws(StarlingError) -> any AggregateKernel

    package init(
        _ name: String, aliases: [String] = [], summary: String,
        examples: [(expression: String, result: String)] = [],
        form: (call: String, result: String)? = nil, ignoresDuplicates: Bool = false,
        dependsOnOrder: Bool = false, comparesValues: Bool = false, resultOverNoRows: Value? = nil,
        resolve: @escaping @Sendable (ArgumentList) throws(StarlingError) -> FunctionSignature,
        makeKernel:
            @escaping @Sendable (AggregateCallTypes) throws(StarlingError)
            -> any AggregateKernel
    ) {
        self.name = name
        self.aliases = aliases
        self.summary = summary
        self.examples = examples
        self.form = form
        self.ignoresDuplicates = ignoresDuplicates
        self.dependsOnOrder = dependsOnOrder
        self.comparesValues = comparesValues
        self.resultOverNoRows = resultOverNoRows
        self.resolve = resolve
        self.makeKernel = makeKernel
    }
}

extension AggregateFunction: Hashable {
    package static func == (left: AggregateFunction, right: AggregateFunction) -> Bool {
        left === right
    }
    package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// Holds the types an aggregate is run with.
package struct AggregateCallTypes: Sendable {
    package var signature: FunctionSignature
    package var physicalTypes: [PhysicalType]
    package var bounds: [Bounds?]
    /// An upper bound for the rows of one group: with it sums know whether 64 bits suffice.
    package var rowCountMaximum: Int?

    package init(
        signature: FunctionSignature, physicalTypes: [PhysicalType], bounds: [Bounds?],
        rowCountMaximum: Int?
    ) {
        self.signature = signature
        self.physicalTypes = physicalTypes
        self.bounds = bounds
        self.rowCountMaximum = rowCountMaximum
    }
}

/// Runs an aggregate over states that lie in rows of the aggregation's table.
///
/// A state starts as `stateByteCount` zero bytes, aligned to 8. Strings it keeps are copied to the
/// heap given. Kernels are immutable and shared by all workers.
package protocol AggregateKernel: Sendable {
    var stateByteCount: Int { get }
    var resultPhysicalType: PhysicalType { get }
    var resultBounds: Bounds? { get }
    /// Names a state that kernels have in common: those of the same name do the same to it, and
    /// differ only in the result. Nil where no other kernel can take over the state.
    var sharedState: ObjectIdentifier? { get }
    /// True where a state takes memory for each row, so that copies of it are dear.
    var gathersRows: Bool { get }
    /// True where a state goes on referring to the memory of those that were combined into it.
    var referencesSources: Bool { get }

    /// Adds row i to the state at `groups[i] + offset`. Arguments are in any encoding.
    func update(
        groups: UnsafePointer<UnsafeMutableRawPointer>, offset: Int, arguments: [Vector],
        count: Int, heap: StringHeap
    ) throws(StarlingError)

    /// Adds all rows to one state.
    func update(
        state: UnsafeMutableRawPointer, arguments: [Vector], count: Int, heap: StringHeap
    ) throws(StarlingError)

    /// Adds the state at `sources[i] + offset` to that at `targets[i] + offset`.
    func combine(
        targets: UnsafePointer<UnsafeMutableRawPointer>,
        sources: UnsafePointer<UnsafeMutableRawPointer>, offset: Int, count: Int, heap: StringHeap
    ) throws(StarlingError)

    /// Gives the results of `count` groups as a flat vector.
    func finalize(
        groups: UnsafePointer<UnsafeMutableRawPointer>, offset: Int, count: Int
    ) throws(StarlingError) -> Vector

    /// Writes a state as bytes that can be kept; nothing for one that has seen no row that counts.
    func write(
        state: UnsafeRawPointer, to writer: inout StateWriter
    ) throws(StarlingError)

    /// Reads what was written over a state of zero bytes.
    func read(
        state: UnsafeMutableRawPointer, from reader: inout StateReader, heap: StringHeap
    ) throws(StarlingError)
}

extension AggregateKernel {
    package var sharedState: ObjectIdentifier? { nil }
    package var gathersRows: Bool { false }
    package var referencesSources: Bool { false }

    package func write(
        state: UnsafeRawPointer, to writer: inout StateWriter
    ) throws(StarlingError) {
        throw StarlingError(.internal, "states of this kernel are not stored")
    }

    package func read(
        state: UnsafeMutableRawPointer, from reader: inout StateReader, heap: StringHeap
    ) throws(StarlingError) {
        throw StarlingError(.internal, "states of this kernel are not stored")
    }
}

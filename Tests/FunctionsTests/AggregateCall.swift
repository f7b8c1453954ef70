// Runs aggregates over rows and groups, split over two tables of states that are then combined,
// in every encoding.

import StarlingErrors
import StarlingFunctions
import StarlingMemory
import StarlingTypes
import StarlingVectors

struct AggregateCall {
    enum Encoding: CaseIterable { case flat, dictionary }

    let function: AggregateFunction
    let type: LogicalType
    let signature: FunctionSignature

    init(_ name: String, _ type: LogicalType) throws {
        guard let function = FunctionRegistry.builtin.aggregate(name) else {
            preconditionFailure("no aggregate \(name)")
        }
        self.function = function
        signature = try function.resolve(ArgumentList(types: [type], constants: [nil]))
        self.type = signature.argumentTypes[0]
    }

    private func vector(_ values: [Value], _ layout: PhysicalType, _ encoding: Encoding) -> Vector {
        guard encoding == .dictionary else { return Vector(layout, values: values) }
        let distinct = Array(Set(values.filter { !$0.isNull }))
        let dictionary = VectorDictionary(
            values: Vector(layout, values: distinct), isSorted: false)
        var validity: Validity?
        let codes = Buffer.zeroed(byteCount: max(4, values.count * 4))
        for (row, value) in values.enumerated() {
            if let code = distinct.firstIndex(of: value) {
                codes.pointer(to: UInt32.self)[row] = UInt32(code)
            } else {
                if validity == nil { validity = Validity(count: values.count, allValid: true) }
                validity!.setNull(row)
            }
        }
        return Vector(codes: codes, of: dictionary, count: values.count, validity: validity)
    }

    /// Gives the texts of the results of `groupCount` groups; row i belongs to group i mod that.
    func results(
        _ values: [Value], groupCount: Int, layout: PhysicalType? = nil, bounds: Bounds? = nil,
        rowCountMaximum: Int? = nil, encoding: Encoding = .flat
    ) throws -> [String?] {
        let layout = layout ?? type.widestPhysicalType
        let kernel = try function.makeKernel(
            AggregateCallTypes(
                signature: signature, physicalTypes: [layout], bounds: [bounds],
                rowCountMaximum: rowCountMaximum))
        let heap = StringHeap()
        let offset = 8
        let width = kernel.stateByteCount + offset
        let tables = (0..<2).map { _ in Buffer.zeroed(byteCount: groupCount * width + 8) }
        func addresses(_ table: Int, _ groups: [Int]) -> [UnsafeMutableRawPointer] {
            groups.map { tables[table].baseAddress + $0 * width }
        }
        let half = values.count / 2
        for (table, range) in [0..<half, half..<values.count].enumerated() where !range.isEmpty {
            let argument = vector(Array(values[range]), layout, encoding)
            let groups = addresses(table, range.map { $0 % groupCount })
            if groupCount == 1 {
                try kernel.update(
                    state: groups[0] + offset, arguments: [argument], count: range.count,
                    heap: heap)
            } else {
                try kernel.update(
                    groups: groups, offset: offset, arguments: [argument], count: range.count,
                    heap: heap)
            }
        }
        let all = Array(0..<groupCount)
        try kernel.combine(
            targets: addresses(0, all), sources: addresses(1, all), offset: offset,
            count: groupCount, heap: heap)
        let result = try kernel.finalize(
            groups: addresses(0, all), offset: offset, count: groupCount)
        precondition(result.physicalType == kernel.resultPhysicalType)
        let texts = all.map { result.value(at: $0).text(as: signature.resultType) }
        withExtendedLifetime((tables, heap)) {}
        return texts
    }
}

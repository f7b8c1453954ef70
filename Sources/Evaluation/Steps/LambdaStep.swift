// Functions with lambdas. The elements of a chunk's lists are one long vector; the bodies are a
// program of their own over its windows, with the columns that they take from the row around
// repeated for each of its elements.

import StarlingErrors
import StarlingFunctions
import StarlingKernels
import StarlingMemory
import StarlingPlans
import StarlingTypes
import StarlingVectors

/// Computes something for each element of lists.
struct LambdaStep: EvaluationStep {
    let kind: LambdaCall.Kind
    let lists: [Int]
    let bodies: CompiledExpressions
    /// The columns of the row that the bodies read, behind the parameters.
    let captured: [Int]
    /// The values with a name that the bodies read, behind these.
    let named: [Int]
    /// The layouts that the results of the bodies are brought to.
    let layouts: [PhysicalType]

    func evaluate(_ frame: EvaluationFrame) throws(StarlingError) -> Vector {
        var vectors: [Vector] = []
        for list in lists {
            let vector = try frame.plainValue(list)
            if vector.isConstantNull {
                return .allNull(as: resultType, resultLayout, count: frame.count)
            }
            vectors.append(vector)
        }
        let elements = ListElements(vectors[0])
        var parameters = elements.parts
        var validity = elements.lists.validity
        for vector in vectors.dropFirst() {
            let other = ListElements(vector)
            validity = Validity.intersection(
                validity, other.lists.validity, count: frame.count)
            parameters += try aligned(other, with: elements, validity)
        }
        var result: Vector
        if kind == .arraySort {
            result = try sortedByComparing(elements, frame)
        } else {
            result = combine(elements, try evaluateBodies(frame, elements, parameters))
        }
        if result.physicalType == .list, vectors.count > 1 {
            // Rows that are NULL for another list's sake are cleared, in memory of our own.
            let buffer = Buffer(byteCount: result.count * MemoryLayout<ListRange>.stride)
            buffer.baseAddress.copyMemory(
                from: result.pointer(to: UInt8.self), byteCount: buffer.byteCount)
            result.buffer = buffer
            result.byteOffset = 0
        }
        result.validity = Validity.intersection(
            result.validity, validity, count: frame.count)
        result.clearStringsUnderNulls()
        return result
    }

    let resultType: LogicalType
    let resultLayout: PhysicalType

    /// Gives the elements of other lists in the places of the first one's.
    private func aligned(
        _ other: ListElements, with elements: ListElements, _ validity: Validity?
    ) throws(StarlingError) -> [Vector] {
        let indexes = Buffer(byteCount: max(4, elements.count * 4))
        let places = indexes.pointer(to: UInt32.self)
        for row in 0..<elements.lists.count {
            let (own, its) = (elements.ranges[row], other.ranges[row])
            let isValid = validity?.isValid(row) ?? true
            guard !isValid || own.count == its.count else {
                throw StarlingError(
                    .data,
                    "the arrays of \(kind.rawValue)() have \(own.count) and \(its.count) "
                        + "elements")
            }
            for element in 0..<own.count {
                places[Int(own.offset &+ element)] =
                    isValid ? its.offset &+ element : missingIndex
            }
        }
        return withExtendedLifetime(indexes) {
            other.parts.map {
                $0.gatheredOrNull(by: places, count: elements.count)
            }
        }
    }

    private func evaluateBodies(
        _ frame: EvaluationFrame, _ elements: ListElements, _ parameters: [Vector]
    ) throws(StarlingError) -> [Vector] {
        var columns = parameters
        for vector in try outerVectors(frame) { columns.append(elements.spread(vector)) }
        var collectors = layouts.map { ColumnCollector($0) }
        let evaluator = bodies.makeEvaluator()
        let repeated = columns.dropFirst(parameters.count).filter { $0.physicalType == .list }
        var start = 0
        while start < elements.count {
            let end = min(start + chunkCapacity, elements.count)
            let count = windowCount(start..<end, repeating: repeated)
            let window = columns.map { $0.window(from: start, count: count) }
            let results = try evaluator.evaluate(Chunk(columns: window, count: count))
            for (position, result) in results.enumerated() {
                let plain = result.dictionary == nil ? result : result.flattened()
                collectors[position].append(plain.withNumberLayout(layouts[position]))
            }
            start += count
        }
        if elements.count == 0 {
            return bodies.results.map { Vector([], as: $0.type) }
        }
        return collectors.map { $0.finish() }
    }

    /// Counts the elements of a window: lambdas in the bodies make one vector of all lists in it,
    /// so that lists of the row around are not to be repeated too often at once.
    private func windowCount(_ window: Range<Int>, repeating lists: [Vector]) -> Int {
        guard !lists.isEmpty else { return window.count }
        var elementCount = 0
        for element in window {
            for list in lists {
                let ranges = list.pointer(to: ListRange.self)
                elementCount += Int(ranges[list.isConstant ? 0 : element].count)
            }
            if elementCount > Self.repeatedElementCountMaximum, element > window.lowerBound {
                return element - window.lowerBound
            }
        }
        return window.count
    }

    private static let repeatedElementCountMaximum = 1 << 18

    /// Gives what the bodies read of the row around them.
    func outerVectors(_ frame: EvaluationFrame) throws(StarlingError) -> [Vector] {
        try mapAll(captured) { (position) throws(StarlingError) in try frame.column(position) }
            + mapAll(named) { (node) throws(StarlingError) in try frame.plainValue(node) }
    }

    private func combine(_ elements: ListElements, _ results: [Vector]) -> Vector {
        switch kind {
        case .arrayMap: return elements.replacing([results[0]])
        case .arrayFilter, .mapFilter:
            var filtered = elements.filtered(by: results[0])
            // Of several arrays the first one's elements are kept.
            if kind == .arrayFilter, let first = filtered.children?.vectors.first {
                filtered.children = NestedVectors([first])
            }
            return filtered
        case .arraySort, .arraySortBy: return sorted(elements, by: results[0])
        case .anyMatch, .allMatch, .noneMatch: return matched(elements, results[0])
        case .mapApply: return withDistinctKeys(elements.replacing(results))
        case .transformKeys:
            return withDistinctKeys(elements.replacing([results[0], elements.parts[1]]))
        case .transformValues: return elements.replacing([elements.parts[0], results[0]])
        }
    }

    /// Three-valued: any_match is true where an element is, NULL where none is but one is NULL.
    private func matched(_ elements: ListElements, _ truth: Vector) -> Vector {
        let truth = truth.flattened()
        let flags = truth.pointer(to: UInt8.self)
        var result = Vector(uninitialized: .int8, count: elements.lists.count)
        let target = result.pointer(to: UInt8.self)
        let known = Validity(count: result.count, allValid: true)
        for row in 0..<result.count {
            let start = Int(elements.ranges[row].offset)
            var hasTrue = false
            var hasFalse = false
            var hasNull = false
            for element in start..<(start + Int(elements.ranges[row].count)) {
                if !truth.isValid(element) {
                    hasNull = true
                } else if flags[element] & 1 != 0 {
                    hasTrue = true
                } else {
                    hasFalse = true
                }
            }
            let isDecided = kind == .allMatch ? hasFalse : hasTrue
            let value = kind == .anyMatch ? hasTrue : kind == .allMatch ? !hasFalse : !hasTrue
            target[row] = value ? 1 : 0
            if hasNull, !isDecided { known.setNull(row) }
        }
        if known.validCount(of: result.count) < result.count { result.validity = known }
        return result
    }

    private func sorted(_ elements: ListElements, by keys: Vector) -> Vector {
        elements.replacing(
            [elements.parts[0].reordered(elements.sortedPlaces(by: keys), elements.count)])
    }
}

extension Vector {
    /// Gives `count` values from any place on.
    fileprivate func window(from start: Int, count: Int) -> Vector {
        if isConstant { return slice(from: 0, count: count) }
        if start % 64 == 0 { return slice(from: start, count: count) }
        let places = Buffer(byteCount: count * 4)
        let numbers = places.pointer(to: UInt32.self)
        for place in 0..<count { numbers[place] = UInt32(truncatingIfNeeded: start + place) }
        return reordered(places, count)
    }

    fileprivate func reordered(_ places: Buffer, _ count: Int) -> Vector {
        withExtendedLifetime(places) {
            gathered(by: places.pointer(to: UInt32.self), count: count)
        }
    }
}

extension ExpressionCompiler {
    mutating func compileLambda(_ call: LambdaCall) throws(StarlingError) -> Int {
        var lists: [Int] = []
        for list in call.lists { lists.append(try compile(list)) }
        var referenced = Set<ColumnID>()
        for body in call.bodies { body.collectColumns(into: &referenced) }
        let captured = layout.columns.indices.filter {
            referenced.contains(layout[$0].column.id)
        }
        let outer = namedColumns(among: referenced)
        let inner = ColumnLayout(
            call.parameters.map {
                PhysicalColumn(
                    column: $0, physicalType: $0.type.widestPhysicalType, bounds: $0.type.bounds)
            } + captured.map { layout[$0] } + outer.map(\.column))
        let bodies = try CompiledExpressions(
            call.bodies, layout: inner, session: session, unpacks: true)
        let resultLayout = call.type.widestPhysicalType
        var facts = NodeFacts(
            type: call.type, physicalType: resultLayout, bounds: call.type.bounds, isNullable: true,
            canFail: true, cost: 200, columns: Set(captured))
        facts.isDeterministic = call.bodies.allSatisfy(\.isDeterministic)
        return add(
            LambdaStep(
                kind: call.kind, lists: lists, bodies: bodies, captured: captured,
                named: outer.map(\.node),
                layouts: bodies.results.map(\.type.widestPhysicalType), resultType: call.type,
                resultLayout: resultLayout),
            facts, children: lists + outer.map(\.node))
    }

    /// Describes the values with a name that are read.
    private func namedColumns(
        among referenced: Set<ColumnID>
    ) -> [(column: PhysicalColumn, node: Int)] {
        referenced.sorted().compactMap { id in
            guard let (value, node) = named[id] else { return nil }
            let facts = nodeFacts(node)
            let column = PlanColumn(
                id: id, name: "operand", type: value.type, isNullable: facts.isNullable)
            return (
                PhysicalColumn(
                    column: column, physicalType: facts.physicalType, bounds: facts.bounds), node
            )
        }
    }
}

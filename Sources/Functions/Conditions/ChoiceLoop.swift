// Puts a result together from several arguments of one type, row by row.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

/// Chooses, for each row, which argument's value the result has: an index, or none for NULL.
protocol RowChoice {
    func choice(_ row: Int) -> Int?
}

/// Copies the chosen values of `sources`, which are arguments of the call.
func chosen<Choice: RowChoice>(
    _ choice: Choice, among sources: [Vector], _ invocation: FunctionInvocation
) -> Vector {
    let (type, count) = (invocation.resultPhysicalType, invocation.count)
    guard type.isNestedLayout else {
        return chosen(choice, among: sources, as: type, count: count)
    }
    let texts = chosen(
        choice, among: sources.map { packed($0, asKey: false) }, as: .string, count: count)
    return unpacked(texts, as: invocation.signature.resultType)
}

/// The sources have one layout, but for integers, which are brought to the result's.
private func chosen<Choice: RowChoice>(
    _ choice: Choice, among sources: [Vector], as type: PhysicalType, count: Int
) -> Vector {
    let vectors = sources.map { type.isInteger ? $0.withIntegerLayout(type) : $0 }
    var result: Vector
    switch type.byteWidth {
    case 1: result = copied(choice, vectors, UInt8.self, type, count)
    case 2: result = copied(choice, vectors, UInt16.self, type, count)
    case 4: result = copied(choice, vectors, UInt32.self, type, count)
    case 8: result = copied(choice, vectors, UInt64.self, type, count)
    default: result = copied(choice, vectors, StringReference.self, type, count)
    }
    if type == .string {
        result.owner = vectors.reduce(nil) { OwnerList.joining($0, $1.owner) }
    }
    return result
}

extension PhysicalType {
    var isNestedLayout: Bool { self == .list || self == .structure }
}

@inline(never)
private func copied<Choice: RowChoice, Element: BitwiseCopyable>(
    _ choice: Choice, _ sources: [Vector], _ element: Element.Type, _ type: PhysicalType,
    _ count: Int
) -> Vector {
    var result = Vector(zeroed: type, count: count)
    let output = result.pointer(to: Element.self)
    let views = sources.map { DecodedVector($0) }
    for row in 0..<count {
        if let source = choice.choice(row), views[source].isValid(row) {
            output[row] = views[source].value(row, as: Element.self)
        } else {
            result.setNull(row)
        }
    }
    withExtendedLifetime(sources) {}
    return result
}

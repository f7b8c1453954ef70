// Similarities and distances of arrays of FLOAT as vectors.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

private enum DistanceKind: Sendable {
    case cosine, cosineOfNormalized, innerProduct, squaredDistance

    func value(_ left: UnsafeBufferPointer<Float>, _ right: UnsafeBufferPointer<Float>) -> Float {
        var (product, leftSquare, rightSquare, distance) = (
            Float(0), Float(0), Float(0), Float(0)
        )
        for index in 0..<left.count {
            let (a, b) = (left[index], right[index])
            product += a * b
            leftSquare += a * a
            rightSquare += b * b
            distance += (a - b) * (a - b)
        }
        switch self {
        case .cosine: return product / (leftSquare.squareRoot() * rightSquare.squareRoot())
        case .cosineOfNormalized, .innerProduct: return product
        case .squaredDistance: return distance
        }
    }
}

enum ArrayDistances {
    static let rows = [
        row(
            "cosine_similarity", ["approx_cosine_similarity"], .cosine,
            "Gives the cosine of the angle between two vectors.",
            [("cosine_similarity([1, 0], [1, 0])", "1")]),
        row(
            "cosine_similarity_norm", [], .cosineOfNormalized,
            "Gives the cosine of the angle between two vectors of length 1.",
            [("cosine_similarity_norm([1, 0], [0, 1])", "0")]),
        row(
            "inner_product", ["approx_inner_product"], .innerProduct,
            "Multiplies two vectors.", [("inner_product([1, 2], [3, 4])", "11")]),
        row(
            "l2_distance", ["approx_l2_distance"], .squaredDistance,
            "Gives the square of the distance between two vectors.",
            [("l2_distance([1, 2], [3, 4])", "8")]),
    ]

    private static func row(
        _ name: String, _ aliases: [String], _ kind: DistanceKind, _ summary: String,
        _ examples: [(expression: String, result: String)]
    ) -> ScalarFunction {
        ScalarFunction(
            name, aliases: aliases, summary: summary, examples: examples,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(2...2, of: name)
                for position in [0, 1] {
                    let element = try arguments.element(position, name)
                    guard element.isNumeric || element == .null else {
                        throw arguments.mismatch(position, of: name, expected: "numbers")
                    }
                }
                return FunctionSignature([.array(.float), .array(.float)], returns: .float)
            },
            evaluate: { invocation throws(StarlingError) in
                try distances(invocation, kind, name)
            })
    }

    private static func distances(
        _ invocation: FunctionInvocation, _ kind: DistanceKind, _ name: String
    ) throws(StarlingError) -> Vector {
        let lists = invocation.arguments.map { ListElements($0) }
        let numbers = lists.map { $0.parts[0].flattened() }
        let valid = RowsWithValues(invocation.arguments, count: invocation.count)
        let result = Vector(zeroed: .float32, count: invocation.count)
        let output = result.pointer(to: Float.self)
        for row in 0..<invocation.count where valid.contains(row) {
            let ranges = lists.map { $0.ranges[row] }
            guard ranges[0].count == ranges[1].count, ranges[0].count > 0 else {
                throw StarlingError(
                    .data,
                    "\(name)() takes two vectors of one length, not of \(ranges[0].count) and "
                        + "\(ranges[1].count)")
            }
            let parts = zip(ranges, numbers).map { range, vector in
                UnsafeBufferPointer(
                    start: vector.pointer(to: Float.self) + Int(range.offset),
                    count: Int(range.count))
            }
            for (range, vector) in zip(ranges, numbers) {
                for place in 0..<Int(range.count) where !vector.isValid(Int(range.offset) + place) {
                    throw StarlingError(.data, "\(name)() takes vectors without NULL")
                }
            }
            output[row] = kind.value(parts[0], parts[1])
        }
        withExtendedLifetime(numbers) {}
        return result
    }
}

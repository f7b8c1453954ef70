// Files whose statistics are wrong are errors before anything relies on them.

import StarlingErrors
import StarlingEvaluation
import StarlingPlans
import StarlingTestSupport
import StarlingTypes
import StarlingVectors
import Testing

@Suite struct ColumnClaimTests {
    private func claim(_ bounds: Bounds?, isNullable: Bool) throws -> ColumnClaim {
        let column = ColumnAllocator().makeColumn("c", .int, isNullable: isNullable)
        return try #require(
            ColumnClaim(
                PhysicalColumn(column: column, physicalType: .int16, bounds: bounds), title: "t"))
    }

    @Test func valuesOutsideOfBoundsAreErrors() throws {
        let claim = try claim(Bounds(low: -3, high: 40), isNullable: true)
        for encoding in SampleEncoding.allCases {
            for (values, isRight) in [
                ([-3, 40, 7], true), ([7, 41], false), ([-4, 40], false), ([300, -300], false),
            ] {
                let all = values.map { Value.integer(Int128($0)) }
                let first = encoding == .constant ? [all[0], all[0]] : all
                let vector = Vector(.int16, values: first, as: encoding)
                let isWrong =
                    encoding == .constant ? !(-3...40).contains(values[0]) : !isRight
                if isWrong {
                    #expect(throws: StarlingError.self, "\(encoding) \(values)") {
                        try claim.check(vector)
                    }
                } else {
                    try claim.check(vector)
                }
            }
        }
    }

    @Test func whatLiesBelowNullsIsNotAValue() throws {
        let claim = try claim(Bounds(low: 5, high: 9), isNullable: true)
        try claim.check(Vector(.int16, values: [.integer(5), .null, .integer(9)]))
        try claim.check(Vector(.int16, values: []))
    }

    @Test func nullsWhereThereAreNoneAreErrors() throws {
        let claim = try claim(nil, isNullable: false)
        try claim.check(Vector(.int16, values: [.integer(300)]))
        #expect(throws: StarlingError.self) {
            try claim.check(Vector(.int16, values: [.integer(1), .null]))
        }
    }

    @Test func whatHoldsAnywayIsNotChecked() {
        let column = ColumnAllocator().makeColumn("c", .smallint, isNullable: true)
        let bounds = Bounds(low: -32_768, high: 32_767)
        #expect(
            ColumnClaim(
                PhysicalColumn(column: column, physicalType: .int16, bounds: bounds), title: "t")
                == nil)
    }
}

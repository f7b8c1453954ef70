// The rows of the window functions.

import StarlingErrors
import StarlingTypes

extension WindowFunction {
    static let rows: [WindowFunction] = [
        .rowNumber,
        ranking(
            "rank", .rank, .bigint, "Ranks the row; peers share a rank and leave gaps.",
            "[1,2,2,4,5]"),
        ranking(
            "dense_rank", .denseRank, .bigint, "Ranks the row; peers leave no gaps.",
            "[1,2,2,3,4]"),
        ranking(
            "percent_rank", .percentRank, .double,
            "Gives the rank less 1 as a share of the rows less 1.", "[0,0.25,0.25,0.75,1]"),
        ranking(
            "cume_dist", .cumulativeDistribution, .double,
            "Gives the share of rows that come no later than the row's peers.",
            "[0.2,0.6,0.6,0.8,1]"),
        WindowFunction(
            "ntile", .ntile, summary: "Numbers even parts of the partition from 1.",
            example: ("ntile(2)", "[1,1,1,2,2]"),
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...1, of: "ntile")
                return FunctionSignature([.bigint], returns: .bigint)
            }),
        shifting(
            "lead", .lead, "Gives the value some rows after (1), or a default (NULL).",
            "[2,2,4,5,null]"),
        shifting(
            "lag", .lag, "Gives the value some rows before (1), or a default (NULL).",
            "[null,1,2,2,4]"),
        picking(
            "first_value", .firstValue, "Gives the value of the frame's first row.",
            "[1,1,1,1,1]"),
        picking(
            "last_value", .lastValue, "Gives the value of the frame's last row.", "[1,2,2,4,5]"),
        WindowFunction(
            "nth_value", .nthValue, summary: "Gives the value of the frame's n-th row.",
            example: ("nth_value(x, 2)", "[null,2,2,2,2]"),
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(2...2, of: "nth_value")
                return FunctionSignature(
                    [arguments.types[0], .bigint], returns: arguments.types[0])
            }),
        WindowFunction(
            "session_number", .sessionNumber,
            summary: "Numbers sessions from 1: one ends where the value grows by more than a gap.",
            example: ("session_number(x, 1)", "[1,1,1,2,2]"),
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(2...2, of: "session_number")
                let type = arguments.types[0]
                guard type.isInteger || type == .date || type == .null else {
                    throw arguments.mismatch(
                        0, of: "session_number", expected: "an integer or a date")
                }
                guard arguments.constants[1] != nil else {
                    throw arguments.mismatch(1, of: "session_number", expected: "a constant gap")
                }
                return FunctionSignature(
                    [type == .date ? .date : .bigint, .bigint], returns: .bigint)
            }),
    ]

    static func ranking(
        _ name: String, _ kind: Kind, _ type: LogicalType, _ summary: String, _ result: String
    ) -> WindowFunction {
        WindowFunction(name, kind, summary: summary, example: ("\(name)()", result)) {
            arguments throws(StarlingError) in
            try arguments.expectCount(0...0, of: name)
            return FunctionSignature([], returns: type)
        }
    }

    private static func shifting(
        _ name: String, _ kind: Kind, _ summary: String, _ result: String
    ) -> WindowFunction {
        WindowFunction(name, kind, summary: summary, example: ("\(name)(x)", result)) {
            arguments throws(StarlingError) in
            try arguments.expectCount(1...3, of: name)
            var type = arguments.types[0]
            guard arguments.types.count == 3 else {
                let offset: [LogicalType] = arguments.types.count == 2 ? [.bigint] : []
                return FunctionSignature([type] + offset, returns: type)
            }
            guard let common = LogicalType.commonType(type, arguments.types[2]) else {
                throw arguments.mismatch(2, of: name, expected: "a value of type \(type)")
            }
            type = common
            return FunctionSignature([type, .bigint, type], returns: type)
        }
    }

    private static func picking(
        _ name: String, _ kind: Kind, _ summary: String, _ result: String
    ) -> WindowFunction {
        WindowFunction(name, kind, summary: summary, example: ("\(name)(x)", result)) {
            arguments throws(StarlingError) in
            try arguments.expectCount(1...1, of: name)
            return FunctionSignature(arguments.types, returns: arguments.types[0])
        }
    }
}

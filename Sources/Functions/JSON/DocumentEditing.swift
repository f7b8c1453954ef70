// Documents with values set or taken away.

import StarlingDocuments
import StarlingErrors
import StarlingTypes
import StarlingVectors

enum DocumentEditing {
    static let rows = [
        setting(
            "json_set", makesObjects: false,
            "Sets values at paths in a document, from left to right; an element behind the end of "
                + "an array is added to it.",
            [
                ("json_set('{\"a\": 1}', '$.b', 2)", "{\"a\": 1, \"b\": 2}"),
                ("json_set('{\"arr\": [10, 20]}', '$.arr[5]', 30)", "{\"arr\": [10, 20, 30]}"),
            ]),
        setting(
            "json_update", makesObjects: true,
            "Sets a value at a path in a document and makes the objects that are missing there.",
            [
                (
                    "json_update('{\"a\": {\"b\": 1}, \"d\": 3}', 'a.b', parse_json('99'))",
                    "{\"a\": {\"b\": 99}, \"d\": 3}"
                ), ("json_update('{}', 'a.b', 1)", "{\"a\": {\"b\": 1}}"),
            ]),
        ScalarFunction(
            "json_remove", summary: "Takes what is at some paths out of a document.",
            examples: [
                ("json_remove('{\"a\": 1, \"b\": [10, 20, 30]}', '$.a')", "{\"b\": [10, 20, 30]}"),
                (
                    "json_remove('{\"a\": 1, \"b\": [10, 20, 30]}', '$.b[1]')",
                    "{\"a\": 1, \"b\": [10, 30]}"
                ),
            ],
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(2...(.max), of: "json_remove")
                try arguments.expectPaths(every: 1, of: "json_remove")
                return FunctionSignature(
                    [.json] + arguments.types.dropFirst().map { _ in .string }, returns: .json)
            },
            evaluate: { invocation throws(StarlingError) in
                changed(invocation, step: 1) { _, _ in .remove }
            }),
    ]

    private static func setting(
        _ name: String, makesObjects: Bool, _ summary: String,
        _ examples: [(expression: String, result: String)]
    ) -> ScalarFunction {
        ScalarFunction(
            name, summary: summary, examples: examples,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(3...(.max), of: name)
                guard arguments.types.count % 2 == 1 else {
                    throw StarlingError(
                        .binding, "\(name)() takes a document, then paths and values in turn")
                }
                try arguments.expectPaths(every: 2, of: name)
                return FunctionSignature(
                    [.json] + (1..<arguments.types.count).map { $0 % 2 == 1 ? .string : .json },
                    returns: .json)
            },
            evaluate: { invocation throws(StarlingError) in
                let values = invocation.arguments.map { DecodedVector($0) }
                return changed(invocation, step: 2) { position, row in
                    let value = values[position + 1].text(row).bytes
                    return makesObjects ? .create(value) : .set(value)
                }
            })
    }

    /// What a path of a call asks for.
    private enum Wish {
        case set([UInt8])
        case create([UInt8])
        case remove
    }

    /// Changes the documents at each of the paths, every `step` arguments one.
    private static func changed(
        _ invocation: FunctionInvocation, step: Int, _ wish: (Int, Int) -> Wish
    ) -> Vector {
        let valid = RowsWithValues(invocation.arguments, count: invocation.count)
        let documents = DecodedVector(invocation.arguments[0])
        let positions = Array(stride(from: 1, to: invocation.arguments.count, by: step))
        var paths = positions.map { RowPaths(invocation.arguments[$0]) }
        var spare: [UInt8] = []
        return DocumentMaking.written(invocation) { row, output in
            guard valid.contains(row) else { return false }
            documents.text(row).withBytes { output.append(contentsOf: $0) }
            for (index, position) in positions.enumerated() {
                guard let path = paths[index].path(row) else { continue }
                spare.removeAll(keepingCapacity: true)
                output.withUnsafeBytes { text in
                    guard let document = DocumentValue(text) else { return }
                    switch wish(position, row) {
                    case .remove: path.append(document, changed: .remove, to: &spare)
                    case .set(let value):
                        value.withUnsafeBytes {
                            path.append(document, changed: .set($0), to: &spare)
                        }
                    case .create(let value):
                        value.withUnsafeBytes {
                            path.append(document, changed: .create($0), to: &spare)
                        }
                    }
                }
                swap(&output, &spare)
            }
            return true
        }
    }
}

extension ArgumentList {
    /// Checks that the second argument and every so many behind it can be paths.
    fileprivate func expectPaths(every step: Int, of name: String) throws(StarlingError) {
        for position in stride(from: 1, to: types.count, by: step)
        where !types[position].convertsImplicitly(to: .string) {
            throw mismatch(position, of: name, expected: "a path")
        }
    }
}

// tokenize(): the words of a text.

import StarlingErrors
import StarlingTypes
import StarlingVectors

enum Tokens {
    static let rows = [
        ScalarFunction(
            "tokenize",
            summary: "Cuts a text into its words in lower case: 'english' takes letters and digits "
                + "as they stand together, 'standard' each Chinese, Japanese or Korean sign alone.",
            examples: [
                (
                    "tokenize('english', 'Today is saturday')",
                    "[\"today\",\"is\",\"saturday\"]"
                ), ("tokenize('standard', '中文 text')", "[\"中\",\"文\",\"text\"]"),
            ],
            resolve: { arguments throws(StarlingError) in
                let signature = try arguments.textSignature(
                    "tokenize", [.string, .string], 2...2, returns: .array(.string))
                guard let name = arguments.constant(0)?.text else {
                    throw StarlingError(
                        .binding, "tokenize() takes the tokenizer as a literal string")
                }
                guard ["english", "standard"].contains(name.lowercased()) else {
                    throw StarlingError(
                        .binding, "tokenize() knows 'english' and 'standard', not '\(name)'")
                }
                return signature
            },
            evaluate: { invocation throws(StarlingError) in words(invocation) })
    ]

    private static func words(_ invocation: FunctionInvocation) -> Vector {
        let isConstant = invocation.arguments.allSatisfy(\.isConstant)
        let count = isConstant ? 1 : invocation.count
        let valid = RowsWithValues(invocation.arguments, count: count)
        let (names, texts) = (
            DecodedVector(invocation.arguments[0]), DecodedVector(invocation.arguments[1])
        )
        let heap = StringHeap()
        var builder = TextListBuilder(count: count)
        for row in 0..<count {
            guard valid.contains(row) else {
                builder.addNull()
                continue
            }
            let cutsSigns = (names.text(row).bytes.first ?? 0) | 0x20 == UInt8(ascii: "s")
            let text = String(decoding: texts.text(row).bytes, as: UTF8.self)
            var word = ""
            for scalar in text.unicodeScalars {
                let isSign = cutsSigns && isIdeograph(scalar)
                if scalar.properties.isAlphabetic || scalar.properties.numericType != nil, !isSign {
                    word.unicodeScalars.append(scalar)
                    continue
                }
                add(word, to: &builder, heap)
                word = ""
                if isSign { add(String(scalar), to: &builder, heap) }
            }
            add(word, to: &builder, heap)
            builder.finishRow()
        }
        withExtendedLifetime(invocation) {}
        var result = builder.finish(owner: heap)
        if isConstant { result.makeConstant(count: invocation.count) }
        return result
    }

    private static func add(
        _ word: String, to builder: inout TextListBuilder, _ heap: StringHeap
    ) {
        if !word.isEmpty { builder.add(heap.add(Array(word.lowercased().utf8))) }
    }

    private static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
        // Chinese signs, Hiragana and Katakana, Hangul.
        scalar.properties.isIdeographic || (0x3040...0x30FF).contains(scalar.value)
            || (0xAC00...0xD7AF).contains(scalar.value)
    }
}

// tokenize() and tokens(): the terms that an analyzer makes of a text.

import StarlingAnalyzers
import StarlingErrors
import StarlingTypes
import StarlingVectors

enum Tokenizing {
    static let rows = [
        ScalarFunction(
            "tokenize",
            summary: "Cuts a text into the terms that an analyzer makes of it: none, standard, "
                + "english (english:stem), cjk, ngram:n:m, or one of CREATE TEXT ANALYZER.",
            examples: [
                ("tokenize('standard', 'Today is saturday')", "[\"today\",\"is\",\"saturday\"]"),
                ("tokenize('english', 'Today is saturday')", "[\"today\",\"saturday\"]"),
                ("tokenize('standard', '中文 text')", "[\"中\",\"文\",\"text\"]"),
                ("tokenize('ngram:2:3', 'Abc')", "[\"ab\",\"abc\",\"bc\"]"),
            ],
            resolve: { arguments throws(StarlingError) in
                let signature = try arguments.textSignature(
                    "tokenize", [.string, .string], 2...2, returns: .array(.string))
                _ = try arguments.analyzer(0, of: "tokenize")
                return signature
            },
            evaluate: { invocation throws(StarlingError) in terms(invocation) }),
        ScalarFunction(
            "tokenize_detail",
            summary: "Tells of each term that an analyzer makes of a text where it stands, from "
                + "which bytes to which it came, and what it is; as a table function it gives rows.",
            examples: [
                (
                    "tokenize_detail('standard', 'Red fox')[2]",
                    "{\"term\":\"fox\",\"position\":1,\"position_length\":1,\"start_offset\":4,"
                        + "\"end_offset\":7,\"token_type\":\"word\"}"
                )
            ],
            resolve: { arguments throws(StarlingError) in
                let signature = try arguments.textSignature(
                    "tokenize_detail", [.string, .string], 2...2,
                    returns: .array(.structure(detailFields)))
                _ = try arguments.analyzer(0, of: "tokenize_detail")
                return signature
            },
            evaluate: { invocation throws(StarlingError) in details(invocation) }),
    ]

    private static let detailFields = [
        StructureField(name: "term", type: .string), StructureField(name: "position", type: .int),
        StructureField(name: "position_length", type: .int),
        StructureField(name: "start_offset", type: .int),
        StructureField(name: "end_offset", type: .int),
        StructureField(name: "token_type", type: .string),
    ]

    private static func terms(_ invocation: FunctionInvocation) -> Vector {
        let heap = StringHeap()
        let isConstant = invocation.arguments.allSatisfy(\.isConstant)
        let count = isConstant ? 1 : invocation.count
        var builder = TextListBuilder(count: count)
        forEachText(invocation, count: count) { list in
            guard let list else { return builder.addNull() }
            for number in list.tokens.indices { builder.add(heap.add(list.term(number))) }
            builder.finishRow()
        }
        var result = builder.finish(owner: heap)
        if isConstant { result.makeConstant(count: invocation.count) }
        return result
    }

    private static func details(_ invocation: FunctionInvocation) -> Vector {
        let isConstant = invocation.arguments.allSatisfy(\.isConstant)
        let count = isConstant ? 1 : invocation.count
        var rows: [Value] = []
        forEachText(invocation, count: count) { list in
            guard let list else { return rows.append(.null) }
            rows.append(
                .list(
                    list.tokens.indices.map { number in
                        let token = list.tokens[number]
                        return .list([
                            .bytes(list.term(number)), .integer(Int128(token.position)),
                            .integer(1), .integer(Int128(token.start)),
                            .integer(Int128(token.end)), .text(token.kind.rawValue),
                        ])
                    }))
        }
        var result = Vector(rows, as: .array(.structure(detailFields)))
        if isConstant { result.makeConstant(count: invocation.count) }
        return result
    }

    /// Hands out the tokens of each row's text; none for a NULL.
    private static func forEachText(
        _ invocation: FunctionInvocation, count: Int, _ body: (TokenList?) -> Void
    ) {
        let valid = RowsWithValues(invocation.arguments, count: count)
        let (names, texts) = (
            DecodedVector(invocation.arguments[0]), DecodedVector(invocation.arguments[1])
        )
        var analyzer: Analyzer?
        var list = TokenList()
        for row in 0..<count {
            guard valid.contains(row) else {
                body(nil)
                continue
            }
            let known =
                analyzer ?? Analyzer(
                    String(decoding: names.text(row).bytes, as: UTF8.self)) ?? .standard
            analyzer = known
            texts.text(row).withBytes { known.analyze($0, into: &list) }
            body(list)
        }
        withExtendedLifetime(invocation) {}
    }
}

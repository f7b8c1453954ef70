// The table of fuzzers. A new one is a file with its type, and a row here.

package enum Fuzzers {
    package static let all: [any Fuzzer.Type] = [
        ParserFuzzer.self, PrinterFuzzer.self, StatementFuzzer.self, ExchangeFuzzer.self,
        ParquetFuzzer.self, ORCFuzzer.self, AvroFuzzer.self, ArrowFuzzer.self, CSVFuzzer.self,
        JSONFuzzer.self, DocumentFuzzer.self, EndingFuzzer.self, ViewFuzzer.self,
        IndexFuzzer.self, FlatteningFuzzer.self, SessionFuzzer.self,
    ]

    package static func named(_ name: String) -> (any Fuzzer.Type)? {
        (all + [CanaryFuzzer.self]).first { $0.name == name }
    }
}

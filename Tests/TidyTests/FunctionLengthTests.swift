// A function fits in 70 lines. The ones that don't are listed with their lengths in
// LongFunctions.swift, and the list can only shrink: an entry is the exact length, so a function
// that grew fails, and one that shrank asks for its entry to be lowered or removed.

import Testing

@Suite struct FunctionLengthTests {
    static let limit = 70

    @Test func functionsAreShort() {
        var found: Set<String> = []
        for file in Repository.shared.swiftFiles {
            for function in FunctionLengths.measure(file) where function.lineCount > Self.limit {
                let key = "\(file.path) \(function.name)"
                found.insert(key)
                if longFunctions[key] != function.lineCount {
                    let listed = longFunctions[key].map { "listed with \($0)" } ?? "not listed"
                    Issue.record(
                        """
                        \(file.path):\(function.line) \(function.name) has \
                        \(function.lineCount) lines, \(listed); the limit is \(Self.limit)
                        """)
                }
            }
        }
        let stale = Set(longFunctions.keys).subtracting(found)
        report(stale.sorted(), rule: "is short now; remove it from LongFunctions.swift")
    }

    @Test func measuresBodies() {
        let file = SourceFile(
            path: "x.swift",
            text: """
                protocol P {
                    func bare() throws
                    init()
                }
                func first(
                    a: Int = { 1 }()
                ) -> [Int] where Int: Sendable {
                    let text = "}"
                    return []
                }
                struct S {
                    init() {}
                    subscript(i: Int) -> Int {
                        get { i }
                    }
                }
                """)
        let lengths = FunctionLengths.measure(file).map { "\($0.name) \($0.line) \($0.lineCount)" }
        #expect(lengths == ["first 5 6", "init 12 1", "subscript 13 3"])
    }
}

// Danger lives in named places: the modules that ARCHITECTURE.md says may touch raw memory, and the
// types that vouch for their own thread safety.

import Testing

/// Lists the files outside `Memory` and `Threads` with types that are `@unchecked Sendable`. Each
/// type's own comment gives the rule that makes it true.
private let uncheckedSendable: Set = [
    "Sources/Blocks/BlockBytes.swift",
    "Sources/Blocks/DecimalValues.swift",
    "Sources/Blocks/Extents.swift",
    "Sources/Blocks/IntegerSequence.swift",
    "Sources/Blocks/NestedValues.swift",
    "Sources/Blocks/PieceDictionary.swift",
    "Sources/Blocks/PieceTable.swift",
    "Sources/Blocks/TextFormDecoder.swift",
    "Sources/Blocks/TextFormValues.swift",
    "Sources/Blocks/TextPieceValues.swift",
    "Sources/Blocks/TextValues.swift",
    "Sources/Storage/DatabaseFolder.swift",
    "Sources/Storage/KeyIndex.swift",
    "Sources/Storage/KeyRows.swift",
    "Sources/Storage/SegmentWriter.swift",
    "Sources/Engine/Session.swift",
    "Sources/Engine/Views/FollowedView.swift",
    "Sources/Patterns/RegularExpression.swift",
    "Sources/Generators/SentenceWriter.swift",
    "Sources/Generators/TextPool.swift",
    "Sources/Execution/Join/JoinBuildPart.swift",
    "Sources/Execution/Spill/SpillPartitions.swift",
    "Sources/Execution/Spill/SpillFile.swift",
    "Sources/Execution/Join/JoinTable.swift",
    "Sources/Execution/Join/IntegerKeys.swift",
    "Sources/Execution/Join/HashEntries.swift",
    "Sources/Execution/Aggregation/GroupGatherer.swift",
    "Sources/Execution/Aggregation/GroupList.swift",
    "Sources/Execution/Aggregation/GroupPartition.swift",
    "Sources/Execution/Pipeline/PipelineRunner.swift",
    "Sources/Execution/Sort/ColumnBlock.swift",
    "Sources/Execution/Sort/ColumnBlockView.swift",
    "Sources/Execution/Sort/SortSource.swift",
    "Sources/Rows/RowStore.swift",
    "Sources/Vectors/StringHeap.swift",
    "Sources/Vectors/StringReference.swift",
]

@Suite struct DangerTests {
    @Test func rawMemoryStaysInItsModules() throws {
        let allowed = Set(ArchitecturePage.load().rows.filter(\.mayTouchRawMemory).map(\.module))
        var violations: [String] = []
        for file in Repository.shared.swiftFiles {
            guard let module = file.module, !allowed.contains(module) else { continue }
            file.forEachWord { word, line in
                if Self.isRawMemory(word) { violations.append("\(file.path):\(line) has \(word)") }
            }
        }
        report(violations, rule: "ARCHITECTURE.md doesn't list the module for raw memory")
    }

    @Test func uncheckedSendableIsListed() {
        var used: Set<String> = []
        for file in Repository.shared.swiftFiles {
            guard let module = file.module, !["Memory", "Threads"].contains(module) else {
                continue
            }
            if file.codeLines.contains(where: { $0.contains("@unchecked") }) {
                used.insert(file.path)
            }
        }
        report(
            used.subtracting(uncheckedSendable).sorted(),
            rule: "has an @unchecked Sendable type and isn't listed in DangerTests.swift")
        report(
            uncheckedSendable.subtracting(used).sorted(),
            rule: "is listed in DangerTests.swift and isn't @unchecked any more")
    }

    @Test func uncheckedSendableGivesItsReason() {
        var violations: [String] = []
        for file in Repository.shared.swiftFiles where file.module != nil {
            for (index, line) in file.codeLines.enumerated() where line.contains("@unchecked") {
                // The words that the code blanks out are still in the lines as written.
                let above = file.lines[max(0, index - 8)..<index]
                if !above.contains(where: { $0.contains("`@unchecked Sendable`") }) {
                    violations.append("\(file.path):\(index + 1)")
                }
            }
        }
        report(violations, rule: "say above it: `@unchecked Sendable`: and what makes it true")
    }

    private static func isRawMemory(_ word: Substring) -> Bool {
        let isUnsafe = word.hasPrefix("Unsafe") || word.hasPrefix("unsafe")
        return (isUnsafe && word != "unsafeFlags") || word.hasPrefix("withUnsafe")
            || word == "OpaquePointer" || word == "Unmanaged"
    }
}

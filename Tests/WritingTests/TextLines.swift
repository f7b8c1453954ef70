// A format for tests: a row a line, its values apart by commas.

import StarlingErrors
import StarlingFiles
import StarlingFormats
import StarlingTypes
import StarlingVectors

/// Writes rows as lines.
struct TextLines: FileWriter {
    static let name = "lines"
    static let options: [WriteOption] = []

    /// Holds the lines of some rows.
    struct Block: EncodedBlock {
        var lines: [String]
        var rowCount: Int { lines.count }
    }

    let fileExtension = "lines"
    let blockRowCount: Int
    /// A value that cannot be written.
    var refused: Value?

    init(blockRowCount: Int) { self.blockRowCount = blockRowCount }

    init(_ rows: WrittenRows, options: WriteOptions) throws(StarlingError) {
        self.init(blockRowCount: 1_000)
    }

    func encode(_ chunks: [Chunk]) throws(StarlingError) -> Block {
        var lines: [String] = []
        for chunk in chunks {
            for row in 0..<chunk.count {
                let values = chunk.columns.map { $0.value(at: row) }
                if let refused, values.contains(refused) {
                    throw StarlingError(.data, "this cannot be written")
                }
                lines.append(
                    values.map { value in
                        value.integer.map { "\($0)" } ?? value.text ?? "NULL"
                    }.joined(separator: ","))
            }
        }
        return Block(lines: lines)
    }

    func begin(_ file: any WritableFile) throws(StarlingError) -> any FileAssembler<Block> {
        Assembler(file)
    }

    /// Puts a line with the number of rows behind those of each block.
    private final class Assembler: FileAssembler {
        private let file: any WritableFile
        private(set) var byteCount = 0

        init(_ file: any WritableFile) { self.file = file }

        func append(_ block: Block) throws(StarlingError) {
            try write(block.lines.map { $0 + "\n" }.joined() + "=\(block.rowCount)\n")
        }

        func finish() throws(StarlingError) { try write("end\n") }

        private func write(_ text: String) throws(StarlingError) {
            byteCount += text.utf8.count
            try file.write(Array(text.utf8))
        }
    }
}

/// Holds what a file of lines says.
struct WrittenLines {
    var rows: [String] = []
    /// The rows of each block.
    var blocks: [Int] = []
    var isEnded = false

    init(_ text: String) {
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            if line == "end" {
                isEnded = true
            } else if line.hasPrefix("=") {
                blocks.append(Int(line.dropFirst()) ?? -1)
            } else {
                rows.append(String(line))
            }
        }
    }
}

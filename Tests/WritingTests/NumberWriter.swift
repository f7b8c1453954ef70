// A format whose blocks are one number each, and take as long to encode as a test wants.

import StarlingErrors
import StarlingFiles
import StarlingFormats
import StarlingVectors
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Writes the first number of each block, and takes its time.
struct NumberWriter: FileWriter {
    static let name = "numbers"
    static let options: [WriteOption] = []

    struct Block: EncodedBlock {
        var rowCount: Int
        var first: Int64
    }

    /// The first numbers of all blocks of a file.
    private final class Written: Sendable {
        let firsts = Mutex<[Int64]>([])
    }

    let fileExtension = "numbers"
    let blockRowCount = 4_096
    private let milliseconds: Int
    private let failsAt: Int?
    private let written = Written()

    init(milliseconds: Int, failsAt: Int? = nil) {
        self.milliseconds = milliseconds
        self.failsAt = failsAt
    }

    init(_ rows: WrittenRows, options: WriteOptions) { self.init(milliseconds: 0) }

    var firstNumbers: [Int64] { written.firsts.withLock { $0 } }

    func encode(_ chunks: [Chunk]) throws(StarlingError) -> Block {
        if milliseconds > 0 { sleep(milliseconds: milliseconds) }
        let first = chunks[0].columns[0].pointer(to: Int64.self)[0]
        if let failsAt, first >= Int64(failsAt * blockRowCount) {
            throw StarlingError(.data, "block \(failsAt) fails")
        }
        return Block(rowCount: chunks.reduce(0) { $0 + $1.count }, first: first)
    }

    func begin(_ file: any WritableFile) throws(StarlingError) -> any FileAssembler<Block> {
        Assembler(written)
    }

    private final class Assembler: FileAssembler {
        private let written: Written
        private(set) var byteCount = 0

        init(_ written: Written) { self.written = written }

        func append(_ block: Block) throws(StarlingError) {
            written.firsts.withLock { $0.append(block.first) }
            // Says that blocks are large, for what becomes of large files.
            byteCount += 1 << 22
        }

        func finish() throws(StarlingError) {}
    }
}

func sleep(milliseconds: Int) { usleep(UInt32(milliseconds * 1_000)) }

// Run-length encoded bytes: a byte says how often the next one repeats (3 to 130 times), or how
// many bytes follow as they are (1 to 128).

/// Decodes bytes in order.
struct ByteRunDecoder {
    private let stream: ByteStream
    private var repeated: UInt8 = 0
    private var repeatsLeft = 0
    private var literalsLeft = 0

    init(_ stream: ByteStream) { self.stream = stream }

    private mutating func readRun() throws(ORCDamage) {
        try stream.require(2)
        let header = stream.next.load(as: Int8.self)
        if header >= 0 {
            repeatsLeft = Int(header) + 3
            repeated = stream.next.load(fromByteOffset: 1, as: UInt8.self)
            stream.next += 2
        } else {
            literalsLeft = -Int(header)
            stream.next += 1
            try stream.require(literalsLeft)
        }
    }

    mutating func decode(
        _ count: Int, into target: UnsafeMutablePointer<UInt8>
    ) throws(ORCDamage) {
        var done = 0
        while done < count {
            if repeatsLeft > 0 {
                let step = min(count - done, repeatsLeft)
                (target + done).update(repeating: repeated, count: step)
                repeatsLeft -= step
                done += step
            } else if literalsLeft > 0 {
                let step = min(count - done, literalsLeft)
                UnsafeMutableRawPointer(target + done).copyMemory(
                    from: stream.next, byteCount: step)
                stream.next += step
                literalsLeft -= step
                done += step
            } else {
                try readRun()
            }
        }
    }

    mutating func skip(_ count: Int) throws(ORCDamage) {
        var left = count
        while left > 0 {
            if repeatsLeft > 0 {
                let step = min(left, repeatsLeft)
                repeatsLeft -= step
                left -= step
            } else if literalsLeft > 0 {
                let step = min(left, literalsLeft)
                stream.next += step
                literalsLeft -= step
                left -= step
            } else {
                try readRun()
            }
        }
    }

    mutating func seek(_ positions: inout StreamPositions) throws(ORCDamage) {
        try stream.seek(&positions)
        repeatsLeft = 0
        literalsLeft = 0
        try skip(try positions.take())
    }
}

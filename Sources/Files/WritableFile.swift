// A file that is written once, from start to end.

import StarlingErrors

/// Takes bytes in order; belongs to one writer.
package protocol WritableFile: AnyObject {
    var path: String { get }

    /// Appends `count` bytes.
    func write(_ bytes: UnsafeRawPointer, count: Int) throws(StarlingError)

    /// Appends pieces one behind the other. The system takes many at once for less than one by one.
    func write(gathered pieces: [UnsafeRawBufferPointer]) throws(StarlingError)

    /// Makes what was written survive a loss of power.
    func synchronize() throws(StarlingError)

    /// Ends writing and reports what the system kept back until now.
    func close() throws(StarlingError)
}

extension WritableFile {
    package func write(gathered pieces: [UnsafeRawBufferPointer]) throws(StarlingError) {
        for piece in pieces {
            if let start = piece.baseAddress { try write(start, count: piece.count) }
        }
    }

    package func write(_ bytes: [UInt8]) throws(StarlingError) {
        let failure = bytes.withUnsafeBytes { all -> StarlingError? in
            guard let start = all.baseAddress else { return nil }
            do throws(StarlingError) {
                try write(start, count: all.count)
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
    }
}

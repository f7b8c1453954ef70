// The few calls of the system that the shell needs, in one place.

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

let standardInput: Int32 = 0
let standardOutput: Int32 = 1
let standardError: Int32 = 2

func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

/// Writes all of a text and returns why it could not; what reads it may be gone, which is no error.
@discardableResult
func writeText(_ text: String, to descriptor: Int32) -> String? {
    var text = text
    return text.withUTF8 { bytes in
        writeAll(bytes.count) { write(descriptor, bytes.baseAddress! + $0, bytes.count - $0) }
    }
}

/// Writes all bytes and returns why it could not.
func writeBytes(_ bytes: [UInt8], to descriptor: Int32) -> String? {
    writeAll(bytes.count) { offset in
        write(descriptor, offset == 0 ? bytes : Array(bytes[offset...]), bytes.count - offset)
    }
}

/// Calls `writeRest` with how much is written, until all is.
private func writeAll(_ count: Int, _ writeRest: (Int) -> Int) -> String? {
    var offset = 0
    while offset < count {
        let written = writeRest(offset)
        if written < 0 {
            if errno == EINTR { continue }
            return errno == EPIPE ? nil : lastSystemError()
        }
        offset += written
    }
    return nil
}

/// Says in the system's words what went wrong in the last call.
func lastSystemError() -> String { String(cString: strerror(errno)) }

func writeError(_ message: String) { writeText(message + "\n", to: standardError) }

/// Reads what is there into a buffer and returns the count, or -1.
func readBytes(_ descriptor: Int32, into buffer: inout [UInt8]) -> Int {
    read(descriptor, &buffer, buffer.count)
}

/// Reads a descriptor to its end; nil where that fails.
func readAll(_ descriptor: Int32) -> String? {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
        let count = read(descriptor, &buffer, buffer.count)
        if count == 0 { return String(decoding: bytes, as: UTF8.self) }
        if count < 0 {
            if errno == EINTR { continue }
            return nil
        }
        bytes += buffer[0..<count]
    }
}

/// Reads a whole file; nil where that fails.
func readFile(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    return readAll(descriptor)
}

/// The terminal's width in columns.
func terminalWidth() -> Int? {
    var size = winsize()
    guard ioctl(standardOutput, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
}

func environmentValue(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

/// Lists the files and folders whose paths begin with a text; folders end with a stroke.
func pathsBeginning(with text: String) -> [String] {
    var pattern = ""
    for character in text {
        if "*?[]\\".contains(character) { pattern.append("\\") }
        pattern.append(character)
    }
    var found = glob_t()
    defer { globfree(&found) }
    guard glob(pattern + "*", GLOB_MARK, nil, &found) == 0 else { return [] }
    return (0..<Int(found.gl_pathc)).compactMap { index in
        found.gl_pathv[index].map { String(cString: $0) }
    }
}

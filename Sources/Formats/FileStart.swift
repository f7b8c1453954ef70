/// Holds the beginning of a file, by which its format is recognized.
package struct FileStart: Sendable {
    /// Counts the bytes of a beginning.
    package static let byteCountMax = 4_096

    /// The first bytes as they lie in the file.
    package var bytes: [UInt8]
    /// The first bytes of what the file holds where all of it is compressed; else the same.
    package var content: [UInt8]
    /// True where `bytes` is the whole file.
    package var isWhole: Bool

    package init(bytes: [UInt8], content: [UInt8]? = nil, isWhole: Bool = false) {
        self.bytes = bytes
        self.content = content ?? bytes
        self.isWhole = isWhole
    }
}

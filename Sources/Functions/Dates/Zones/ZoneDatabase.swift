// Zones by name: distances such as +08:00, and what the system's time zone database has.

import StarlingErrors
import StarlingFiles
import Synchronization

/// Finds the rules of zones.
package enum ZoneDatabase {
    private static let folder = "/usr/share/zoneinfo/"
    private static let known = Mutex<[String: ZoneRules]>([:])

    /// Throws for a name that is no zone.
    package static func check(_ name: String) throws(StarlingError) {
        guard try rules(named: name) == nil else { return }
        let near = nearestName(to: name, among: names(in: ""))
        throw StarlingError(
            .binding,
            "'\(name)' is no time zone; "
                + (near.map { "did you mean '\($0)'?" } ?? "one is Asia/Shanghai, another +08:00"))
    }

    /// Lists the zones in a folder of the database and in those below it.
    private static func names(in path: String) -> [String] {
        guard let entries = try? LocalFileSystem().list(folder + path) else { return [] }
        return entries.flatMap { entry in
            entry.isFolder
                // Some systems keep the zones twice more in these.
                ? ["posix", "right"].contains(entry.name) ? [] : names(in: path + entry.name + "/")
                : [path + entry.name]
        }
    }

    /// Finds rules; nil for a name that is no zone.
    package static func rules(named name: String) throws(StarlingError) -> ZoneRules? {
        if let offset = fixedOffset(name) { return ZoneRules(offset: offset) }
        if let found = known.withLock({ $0[name] }) { return found }
        guard isPlausible(name) else { return nil }
        let files = LocalFileSystem()
        // A name below one that is no folder is as unknown as any other.
        guard let information = (try? files.information(of: folder + name)) ?? nil else {
            guard try files.information(of: folder + "UTC") != nil else {
                throw StarlingError(
                    .file,
                    "this system has no time zone database in \(folder); "
                        + "install the package tzdata, or use a distance such as +08:00")
            }
            return nil
        }
        guard information.isRegular, information.byteCount <= ZoneFile.byteCountMaximum else {
            return nil
        }
        let file = try files.open(folder + name)
        let buffer = try file.read(0..<file.byteCount)
        let bytes = (0..<file.byteCount).map { buffer.pointer(to: UInt8.self)[$0] }
        guard let rules = ZoneFile.rules(bytes) else { return nil }
        known.withLock { $0[name] = rules }
        return rules
    }

    /// Reads UTC and its other names, and `+08:00`; CST is China's, as in StarRocks.
    private static func fixedOffset(_ name: String) -> Int64? {
        switch name.uppercased() {
        case "UTC", "GMT", "Z", "ZULU", "SYSTEM": return 0
        case "CST": return 8 * 3_600
        default: break
        }
        let bytes = Array(name.utf8)
        guard bytes.count == 5 || bytes.count == 6,
            bytes[0] == UInt8(ascii: "+") || bytes[0] == UInt8(ascii: "-"),
            let hours = Int64(String(decoding: bytes[1..<(bytes.count - 3)], as: UTF8.self)),
            bytes[bytes.count - 3] == UInt8(ascii: ":"),
            let minutes = Int64(String(decoding: bytes.suffix(2), as: UTF8.self)),
            (0...14).contains(hours), (0..<60).contains(minutes)
        else { return nil }
        let seconds = hours * 3_600 + minutes * 60
        return bytes[0] == UInt8(ascii: "-") ? -seconds : seconds
    }

    /// Lets only names through that stay inside of the folder.
    private static func isPlausible(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        let isPlain = bytes.allSatisfy {
            (0x61...0x7A).contains($0 | 0x20) || ($0 >= 0x30 && $0 <= 0x39)
                || [0x2B, 0x2D, 0x2F, 0x5F].contains($0)
        }
        return isPlain && !bytes.isEmpty && bytes.count < 64 && bytes[0] != 0x2F
            && bytes[bytes.count - 1] != 0x2F && !name.contains("//")
    }
}

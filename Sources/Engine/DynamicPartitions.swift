// The properties `dynamic_partition.*`: which partitions a table has around the time that it is.

import StarlingErrors
import StarlingSyntax

/// Says which partitions in time there are to be.
struct DynamicPartitions {
    let unit: IntervalUnit
    let prefix: String
    /// The oldest partition that stays, counted from now; nil for all.
    let start: Int?
    /// The first one that is made.
    let first: Int
    /// The last one that is made.
    let end: Int
    /// The day that weeks and months begin with, counted from 0.
    let firstDay: Int
    /// Whose time it is; nil for that of the session.
    let zone: String?

    /// Reads the properties of a table; nil where they are not there, or off.
    init?(_ definition: CreateTable) throws(StarlingError) {
        func value(_ name: String) -> String? { definition.property("dynamic_partition." + name) }
        let names = definition.properties.map { $0.key.lowercased() }
        guard names.contains(where: { $0.hasPrefix("dynamic_partition.") }),
            value("enable")?.lowercased() != "false"
        else { return nil }
        guard let text = value("time_unit"), let unit = IntervalUnit(named: text),
            [.hour, .day, .week, .month, .year].contains(unit)
        else {
            throw StarlingError(
                .binding,
                "dynamic_partition.time_unit is HOUR, DAY, WEEK, MONTH or YEAR, not "
                    + "'\(value("time_unit") ?? "")'",
                about: .value(of: "dynamic_partition.time_unit"))
        }
        guard let end = value("end").flatMap({ Int($0) }), (0...4_096).contains(end) else {
            throw StarlingError(
                .binding,
                "dynamic_partition.end is how many partitions to come there are, 0 to 4096, not "
                    + "'\(value("end") ?? "")'", about: .value(of: "dynamic_partition.end"))
        }
        let start = value("start").flatMap { Int($0) }
        if let text = value("start"), start.map({ $0 < 0 }) != true {
            throw StarlingError(
                .binding,
                "dynamic_partition.start is below 0, the oldest partition that stays, not '\(text)'",
                about: .value(of: "dynamic_partition.start"))
        }
        let history = value("history_partition_num").flatMap { Int($0) } ?? 0
        zone = value("time_zone")
        firstDay = try Self.firstDay(of: unit, value)
        self.unit = unit
        prefix = value("prefix") ?? "p"
        self.start = start
        self.end = end
        first = -min(max(0, history), 4_096, start.map { -$0 } ?? .max)
    }

    private static func firstDay(
        of unit: IntervalUnit, _ value: (String) -> String?
    ) throws(StarlingError) -> Int {
        let (name, last) = unit == .week ? ("start_day_of_week", 7) : ("start_day_of_month", 28)
        guard unit == .week || unit == .month, let text = value(name) else { return 0 }
        guard let day = Int(text), (1...last).contains(day) else {
            throw StarlingError(
                .binding, "dynamic_partition.\(name) is a day from 1 to \(last), not '\(text)'",
                about: .value(of: "dynamic_partition." + name))
        }
        return day - 1
    }

    /// The beginning of the partition that it is, as SQL.
    var present: String {
        let now = zone.map { "convert_tz(utc_timestamp(), 'UTC', \(quotedText($0)))" } ?? "now()"
        let begun = "date_trunc('\(unit.rawValue)', days_sub(\(now), \(firstDay)))"
        return firstDay == 0 ? begun : "days_add(\(begun), \(firstDay))"
    }
}

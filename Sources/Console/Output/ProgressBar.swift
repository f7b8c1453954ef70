// A line that shows how far a query is:  ███████▌                 31 %  1.2 s

package struct ProgressBar {
    /// From 0 to 1; nil where nothing is known.
    package let fraction: Double?
    package let elapsedSeconds: Double

    package init(fraction: Double?, elapsedSeconds: Double) {
        self.fraction = fraction
        self.elapsedSeconds = elapsedSeconds
    }

    private static let eighths: [Character] = [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]

    package func text(width: Int) -> String {
        let tenths = Int((elapsedSeconds * 10).rounded(.down))
        let time = "\(tenths / 10).\(tenths % 10) s"
        guard let fraction, fraction.isFinite else { return "running  \(time)" }
        let bounded = min(max(fraction, 0), 1)
        let percent = "\(Int((bounded * 100).rounded(.down)))"
        let label = String(repeating: " ", count: max(0, 3 - percent.count)) + percent + " %"
        let cells = min(40, width - label.count - time.count - 6)
        guard cells >= 4 else { return "\(label)  \(time)" }
        let filled = Int(bounded * Double(cells * 8))
        var bar = String(repeating: "█", count: filled / 8)
        if filled % 8 > 0 { bar.append(Self.eighths[filled % 8]) }
        bar += String(repeating: " ", count: cells - bar.count)
        return "\(bar)  \(label)  \(time)"
    }
}

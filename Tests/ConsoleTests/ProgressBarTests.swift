import StarlingConsole
import Testing

@Suite struct ProgressBarTests {
    @Test func halfIsHalf() {
        let text = ProgressBar(fraction: 0.5, elapsedSeconds: 1.26).text(width: 80)
        #expect(
            text == String(repeating: "█", count: 20) + String(repeating: " ", count: 20)
                + "   50 %  1.2 s")
    }

    @Test(arguments: [0.0, 0.3, 1.0, -1, 7])
    func neverWiderThanTheTerminal(_ fraction: Double) {
        for width in 20...120 {
            let bar = ProgressBar(fraction: fraction, elapsedSeconds: 12.5).text(width: width)
            #expect(displayWidth(bar) < width)
        }
    }
}

import DeviceAgentKit
import Testing

@Suite("Blinking")
struct IdentificationTests {
  private static func trigger(_ board: TestBoard) -> String {
    String(decoding: board.directory.read("sys/class/leds/ACT/trigger") ?? [], as: UTF8.self)
  }

  @Test("The activity light blinks, and gets back what it did before")
  func blink() {
    let board = TestBoard.raspberryPi4()
    var identification = Identification(files: board.files)
    #expect(identification.begin(for: .seconds(5), at: .seconds(100)) == "ACT")
    #expect(Self.trigger(board) == "timer")
    // Asked again while it blinks, it blinks longer and still knows what to give back.
    #expect(identification.begin(for: .seconds(5), at: .seconds(103)) == "ACT")
    identification.tick(at: .seconds(107))
    #expect(Self.trigger(board) == "timer")
    #expect(identification.deadline == .seconds(108))
    identification.tick(at: .seconds(108))
    #expect(Self.trigger(board) == "mmc0")
    #expect(identification.deadline == nil)
  }

  @Test("A machine without a light says so")
  func dark() {
    var identification = Identification(files: TestBoard().files)
    #expect(identification.begin(for: .seconds(5), at: .zero) == nil)
    identification.restore()
  }
}

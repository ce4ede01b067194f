import DeviceAgentKit
import Glibc
import Testing

/// `telemetry-hub export` and `import`, through a running hub and on the file of a stopped one.
@Suite struct TransferTests {
  @Test(arguments: ["csv", "ndjson"])
  func whatIsExportedIsImportedAsItWas(format: String) throws {
    let files = try TemporaryDirectory()
    let sample = try files.write(sampleReadings(500).utf8, to: "sample.csv")
    var exported: [UInt8] = []
    let source = try TemporaryDirectory()
    do {
      let hub = try HubProcess(directory: source)
      let outcome = try hub.command("import", sample)
      #expect(outcome.ending == .exit(0), "\(outcome.errors)")
      #expect(outcome.errors.contains("1512 readings, 0 refused"), "\(outcome.errors)")
      exported = try hub.command("export", "--format", format).output
      #expect(exported.count > 50_000)
      hub.stop()
    }
    let file = try files.write(exported, to: "exported")
    // The stopped hub says the same.
    #expect(try hubCommand("export", ["--format", format], source).output == exported)

    let second = try HubProcess()
    // The contents tell the format, wherever they come from.
    #expect(try second.command("import", "-", input: file).ending == .exit(0))
    #expect(try second.command("export", "--format", format).output == exported)
    second.stop()

    let third = try TemporaryDirectory()
    #expect(try hubCommand("import", [file], third).ending == .exit(0))
    #expect(try hubCommand("export", ["--format", format], third).output == exported)
    let restarted = try HubProcess(directory: third)
    #expect(try restarted.command("export", "--format", format).output == exported)
    // Again: the same readings, no new ones.
    #expect(try restarted.command("import", file).ending == .exit(0))
    #expect(try restarted.command("export", "--format", format).output == exported)
    restarted.stop()
  }

  @Test func exportsWhatIsAskedFor() throws {
    try withHub { hub in
      let now = WallClock.unixMilliseconds()
      let text = """
        time,device,metric,value
        \(now - 3_600_000),a,x,1
        \(now),a,x,2
        \(now),a,y,3
        \(now),b,x,4
        """
      let file = try hub.directory.write(text.utf8, to: "in.csv")
      #expect(try hub.command("import", file).ending == .exit(0))
      func values(_ arguments: String...) throws -> [String] {
        let outcome = try hubCommand("export", arguments, hub.directory)
        #expect(outcome.ending == .exit(0), "\(outcome.errors)")
        return outcome.lines.dropFirst().map { String($0.split(separator: ",").last ?? "") }
      }
      #expect(try values() == ["1", "2", "3", "4"])
      #expect(try values("--device", "b") == ["4"])
      #expect(try values("--metric", "x", "--from", "-10m") == ["2", "4"])
      #expect(try values("--to", "-10m") == ["1"])
      for wrong in [
        ["--format", "xml"], ["--from", "soon"], ["--device", "nobody"], ["--from", "now", "--to", "-1h"],
      ] {
        let outcome = try hubCommand("export", wrong, hub.directory)
        #expect(outcome.ending == .exit(1) && outcome.output.isEmpty, "\(wrong): \(outcome.errors)")
        #expect(outcome.errors.contains("allowed is"), "\(outcome.errors)")
      }
      let output = hub.directory.path + "/out.csv"
      #expect(try hub.command("export", "--output", output, "--progress").errors.contains("exported"))
      #expect(access(output, R_OK) == 0 && access(output + ".partial", F_OK) != 0)
    }
  }

  @Test func aReaderMayLeaveEarly() throws {
    try withHub { hub in
      let file = try hub.directory.write(sampleReadings(2_000).utf8, to: "in.csv")
      #expect(try hub.command("import", file).ending == .exit(0))
      let script = "\"$0\" export --data-dir \"$1\" | head -1; test ${PIPESTATUS[0]} = 0"
      let outcome = try run("bash", ["-c", script, Executables.hub, hub.directory.path])
      #expect(outcome.text == "time,device,metric,kind,value\n")
      #expect(outcome.ending == .exit(0) && outcome.errors.isEmpty, "\(outcome.errors)")
    }
  }

  @Test func importsWhatInfluxWrites() throws {
    try withHub { hub in
      let second = WallClock.unixMilliseconds() / 1_000
      let text = """
        # a comment
        weather,host=porch,location=garden temperature=21.5,open=t,words="a, \\"b\\"" \(second)
        plain value=3i \(second)
        no fields
        cpu,host=bad/name x=1 \(second)
        weather,host=porch old=1 1000000000
        """
      let file = try hub.directory.write(text.utf8, to: "in.lp")
      let outcome = try hub.command("import", file, "--precision", "s")
      #expect(outcome.ending == .exit(65))
      for words in [
        "line 4: ", "line 5: the device is \"bad/name\"", "4 readings, 3 refused", "1 of the refused are older",
        "tags without a place in the hub: location",
      ] { #expect(outcome.errors.contains(words), "\(words) in \(outcome.errors)") }
      #expect(try hub.latest("porch", "weather.temperature")?.number == 21.5)
      #expect(try hub.latest("porch", "weather.words")?.string == "a, \"b\"")
      #expect(try hub.latest("plain", "value")?.integer == 3)

      let strict = try hub.command("import", file, "--precision", "s", "--strict", "--metric-tags", "location")
      #expect(strict.ending == .exit(65) && strict.errors.contains("ended at line 4"), "\(strict.errors)")
      #expect(try hub.latest("porch", "weather.garden.temperature")?.number == 21.5, "what came before it stays")
    }
  }

  @Test func saysWhatItCannotDo() throws {
    let empty = try TemporaryDirectory()
    let none = try hubCommand("export", [], empty)
    #expect(none.ending == .exit(66) && none.errors.contains("no hub runs"), "\(none.errors)")
    #expect(access(empty.path + "/hub.db", F_OK) != 0, "nothing was made")
    try withHub { hub in
      #expect(try hub.command("import", "/nonexistent.csv").ending == .exit(66))
      #expect(try hub.command("export", "--output", "/nonexistent/out.csv").ending == .exit(73))
      #expect(try hub.command("backup", "/nonexistent/out.db").ending == .exit(73))
      let wrong = try hub.directory.write("nothing that has columns\n".utf8, to: "wrong.txt")
      let outcome = try hub.command("import", wrong)
      #expect(outcome.ending == .exit(65) && outcome.errors.contains("must name the columns"), "\(outcome.errors)")
    }
    // The lock is taken, and nobody answers.
    try withHub(["--http-admin-socket", "off"]) { hub in
      for command in [["export"], ["backup", hub.directory.path + "/b"]] {
        let outcome = try hubCommand(command[0], Array(command.dropFirst()), hub.directory)
        #expect(outcome.ending == .exit(69), "\(outcome.errors)")
        #expect(outcome.errors.contains("--http-admin-socket"), "\(outcome.errors)")
      }
    }
  }
}

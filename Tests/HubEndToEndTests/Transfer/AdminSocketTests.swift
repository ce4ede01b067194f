import Glibc
import Testing

/// The admin socket: where it is, who may open it, what it serves.
@Suite struct AdminSocketTests {
  private static func mode(_ path: String) -> mode_t? {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode : nil
  }

  @Test func isForUserAndGroup() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/admin.sock"
    let hub = try HubProcess(directory: directory)
    #expect(Self.mode(path) == S_IFSOCK | 0o660)
    #expect(hub.process.errors.contains(" admin=\(path)\n"))
    let arguments = ["--silent", "--unix-socket", path]
    #expect(try run("curl", arguments + ["http://localhost/readyz"]).text == "ready\n")
    #expect(try run("curl", arguments + ["http://localhost/v1/export"]).text == "time,device,metric,kind,value\n")
    for path in ["/v1/export", "/v1/import", "/v1/backup"] {
      #expect(try hub.http("GET", path).status == 404, "\(path) on the open door")
    }
    #expect(try hub.http("POST", "/v1/import", "m f=1").status == 404)
    hub.stop()
    #expect(Self.mode(path) == nil)
  }

  @Test func aStaleOneIsReplaced() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/admin.sock"
    let killed = try HubProcess(directory: directory)
    killed.process.kill()
    _ = try killed.process.waitForEnd(within: .seconds(5))
    #expect(Self.mode(path) != nil)
    let hub = try HubProcess(directory: directory)
    #expect(try hub.command("export").ending == .exit(0))
    hub.stop()
  }

  @Test func canBeSomewhereElse() throws {
    let directory = try TemporaryDirectory()
    let runtime = try TemporaryDirectory()
    let path = runtime.path + "/x.sock"
    let hub = try HubProcess(["--http-admin-socket", path], directory: directory)
    #expect(Self.mode(directory.path + "/admin.sock") == nil)
    #expect(try hub.command("export", "--http-admin-socket", path).ending == .exit(0))
    // Whoever does not know where it is does not touch the file either.
    #expect(try hub.command("export").ending == .exit(69))
    hub.stop()
  }

  @Test func saysWhyItCannotBe() throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write("x".utf8, to: "file")
    for (path, words) in [
      (file, "something else than a socket"), (directory.path + "/" + String(repeating: "x", count: 120), "107"),
      (directory.path + "/nowhere/x.sock", "No such file"),
    ] {
      let arguments = HubProcess.arguments(["--http-admin-socket", path], directory: directory)
      let outcome = try run(Executables.hub, arguments)
      #expect(outcome.ending == .exit(1), "\(outcome.errors)")
      #expect(outcome.errors.contains("admin socket") && outcome.errors.contains(words), "\(outcome.errors)")
    }
    #expect(Self.mode(file) != nil)
  }

  @Test(.enabled(if: geteuid() == 0, "only root can be somebody else"))
  func rootLeavesNoFilesOfItsOwn() throws {
    let directory = try TemporaryDirectory()
    let nobody: uid_t = 65_534
    let file = try directory.write(
      "time,device,metric,value\n\(WallClock.unixMilliseconds()),d,m,1\n".utf8, to: "in.csv")
    #expect(chown(directory.path, nobody, nobody) == 0 && chmod(directory.path, 0o755) == 0)
    #expect(try hubCommand("import", [file], directory).ending == .exit(0))
    #expect(try hubCommand("export", [], directory).lines.count == 2)
    for name in ["hub.db", "lock"] {
      var status = stat()
      #expect(stat(directory.path + "/" + name, &status) == 0 && status.st_uid == nobody && status.st_gid == nobody)
    }
    let copy = try TemporaryDirectory()
    #expect(try hubCommand("backup", [copy.path + "/b.db"], directory).ending == .exit(0), "into root's own directory")

    // Anybody else may not connect.
    let hub = try HubProcess(directory: directory)
    let outcome = try run(
      "setpriv",
      ["--reuid=65533", "--regid=65533", "--clear-groups", Executables.hub, "export", "--data-dir", directory.path])
    #expect(outcome.ending == .exit(77) && outcome.errors.contains("you may not connect"), "\(outcome.errors)")
    hub.stop()
  }
}

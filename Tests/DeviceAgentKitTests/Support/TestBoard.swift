import DeviceAgentKit

/// The files of a machine as its kernel shows them, in a directory of the test's own.
struct TestBoard {
  let directory = TestDirectory()

  var files: SystemFiles { SystemFiles(root: directory.path) }

  /// What every Linux machine shows.
  init() {
    write(
      """
      cpu  4000 100 1000 20000 500 0 50 10 0 0
      cpu0 2000 50 500 10000 250 0 25 5 0 0
      cpu1 2000 50 500 10000 250 0 25 5 0 0
      intr 12345 0 0
      ctxt 999

      """, "/proc/stat")
    write("0.52 0.41 0.33 2/345 6789\n", "/proc/loadavg")
    write("86400.25 160000.50\n", "/proc/uptime")
    write(
      """
      MemTotal:        3884360 kB
      MemFree:         2000000 kB
      MemAvailable:    3107488 kB
      Buffers:           50000 kB
      SwapTotal:        102396 kB
      SwapFree:         101372 kB
      HugePages_Total:       0

      """, "/proc/meminfo")
    write(
      """
      Inter-|   Receive                                                |  Transmit
       face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier
          lo:  123456     789    0    0    0     0          0         0   123456     789    0    0    0     0       0
        eth0: 98765432   54321    0    0    0     0          0        12 12345678   23456    0    0    0     0       0
       wlan0:1000000000000 1    0    0    0     0          0         0        0       0    0    0    0     0       0

      """, "/proc/net/dev")
    write("d3136ab1-4eab-4561-b12d-e58b056ac298\n", "/proc/sys/kernel/random/boot_id")
    write("6.1.0-rpi7-rpi-v8\n", "/proc/sys/kernel/osrelease")
    write("PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\n", "/etc/os-release")
  }

  /// A Raspberry Pi 4: one thermal zone, shown again as a hwmon chip, and the voltage monitor, which has no temperature.
  static func raspberryPi4() -> TestBoard {
    let board = TestBoard()
    board.write("Raspberry Pi 4 Model B Rev 1.4\0", "/proc/device-tree/model")
    board.write("cpu-thermal\n", "/sys/class/thermal/thermal_zone0/type")
    board.write("48199\n", "/sys/class/thermal/thermal_zone0/temp")
    board.write("gpu-cooling\n", "/sys/class/thermal/cooling_device0/type")
    board.write("cpu_thermal\n", "/sys/class/hwmon/hwmon0/name")
    board.write("48199\n", "/sys/class/hwmon/hwmon0/temp1_input")
    board.write("rpi_volt\n", "/sys/class/hwmon/hwmon1/name")
    board.write("0\n", "/sys/class/hwmon/hwmon1/in0_lcrit_alarm")
    board.write("none rc-feedback [mmc0] timer heartbeat\n", "/sys/class/leds/ACT/trigger")
    board.write("[default-on] none timer\n", "/sys/class/leds/PWR/trigger")
    return board
  }

  /// A small x86 PC: two ACPI zones of one type, the processor's cores, an NVMe disk.
  static func x86PC() -> TestBoard {
    let board = TestBoard()
    board.write("NUC8i5BEH\n", "/sys/class/dmi/id/product_name")
    board.write("acpitz\n", "/sys/class/thermal/thermal_zone0/type")
    board.write("-263200\n", "/sys/class/thermal/thermal_zone0/temp")
    board.write("acpitz\n", "/sys/class/thermal/thermal_zone1/type")
    board.write("27800\n", "/sys/class/thermal/thermal_zone1/temp")
    board.write("x86_pkg_temp\n", "/sys/class/thermal/thermal_zone2/type")
    board.write("51000\n", "/sys/class/thermal/thermal_zone2/temp")
    board.write("acpitz\n", "/sys/class/hwmon/hwmon0/name")
    board.write("27800\n", "/sys/class/hwmon/hwmon0/temp1_input")
    board.write("nvme\n", "/sys/class/hwmon/hwmon1/name")
    board.write("Composite\n", "/sys/class/hwmon/hwmon1/temp1_label")
    board.write("38850\n", "/sys/class/hwmon/hwmon1/temp1_input")
    board.write("coretemp\n", "/sys/class/hwmon/hwmon2/name")
    board.write("Package id 0\n", "/sys/class/hwmon/hwmon2/temp1_label")
    board.write("52000\n", "/sys/class/hwmon/hwmon2/temp1_input")
    board.write("Core 0\n", "/sys/class/hwmon/hwmon2/temp2_label")
    board.write("50000\n", "/sys/class/hwmon/hwmon2/temp2_input")
    board.write("iwlwifi_1\n", "/sys/class/hwmon/hwmon10/name")
    board.write("43000\n", "/sys/class/hwmon/hwmon10/temp1_input")
    return board
  }

  func write(_ text: String, _ path: String) { directory.write(text, to: String(path.dropFirst())) }

  func write(_ bytes: [UInt8], _ path: String) { directory.write(bytes, to: String(path.dropFirst())) }

  func delete(_ path: String) { directory.delete(String(path.dropFirst())) }

  func makeFIFO(_ path: String) {
    delete(path)
    directory.makeFIFO(String(path.dropFirst()))
  }

  func makeDirectory(_ path: String) {
    delete(path)
    directory.makeDirectory(String(path.dropFirst()))
  }
}

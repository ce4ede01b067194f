/// A made Linux board: the files under /sys and /proc that an agent reads.
enum TestBoard {
  /// Writes the board into a directory.
  static func write(to directory: TemporaryDirectory, temperature: Int = 48_250) throws {
    let files = [
      "proc/stat": "cpu  100 0 100 800 0 0 0 0 0 0\ncpu0 100 0 100 800 0 0 0 0 0 0\n",
      "proc/loadavg": "0.50 0.25 0.10 1/100 1234\n",
      "proc/meminfo": "MemTotal: 1000 kB\nMemFree: 100 kB\nMemAvailable: 400 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n",
      "proc/uptime": "1234.5 2000.0\n",
      "proc/net/dev": """
      Inter-|   Receive                                                |  Transmit
       face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
          lo:     11       1    0    0    0     0          0         0      11       1    0    0    0     0       0          0
        eth0:   4321       5    0    0    0     0          0         0    1234       6    0    0    0     0       0          0

      """,
      "proc/sys/kernel/random/boot_id": "7d0e0a5c-6d0b-4b0a-9a53-111111111111\n",
      "proc/sys/kernel/osrelease": "6.1.0-test\n",
      "proc/device-tree/model": "Test Board Rev 1\0",
      "sys/class/thermal/thermal_zone0/type": "cpu-thermal\n",
      "sys/class/thermal/thermal_zone0/temp": "\(temperature)\n",
      "sys/class/hwmon/hwmon0/name": "bme280\n",
      "sys/class/hwmon/hwmon0/temp1_input": "-5500\n",
    ]
    for (name, text) in files { try directory.write(text.utf8, to: name) }
  }
}

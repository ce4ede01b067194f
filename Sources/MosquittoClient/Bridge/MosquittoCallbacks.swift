internal import CMosquitto
internal import Glibc

/// The C callbacks: each finds the inbox behind `userdata` and leaves an event there. They run inside `connect`,
/// `publish` and `process`, on the caller's thread.
enum MosquittoCallbacks {
  static func install(on handle: OpaquePointer) {
    mosquitto_connect_v5_callback_set(handle) { _, userdata, code, flags, _ in
      guard let inbox = MosquittoCallbacks.inbox(userdata) else { return }
      if code == 0 {
        // Bit 0 of the CONNACK flags: session present (MQTT 5.0 §3.2.2.1.1).
        inbox.append(.connected(sessionPresent: flags & 1 == 1))
      } else {
        inbox.connectionRefused(MosquittoReasonCode(rawValue: UInt8(truncatingIfNeeded: code)))
      }
    }
    mosquitto_disconnect_v5_callback_set(handle) { _, userdata, code, _ in
      let savedErrno = errno
      MosquittoCallbacks.inbox(userdata)?.connectionEnded(
        MosquittoError(disconnectReason: code, savedErrno: savedErrno))
    }
    mosquitto_publish_v5_callback_set(handle) { _, userdata, id, code, _ in
      MosquittoCallbacks.inbox(userdata)?.append(
        .published(id: id, MosquittoReasonCode(rawValue: UInt8(truncatingIfNeeded: code))))
    }
    mosquitto_subscribe_v5_callback_set(handle) { _, userdata, id, count, granted, _ in
      // libmosquitto hands out the codes of the SUBACK as they came: granted QoS, or 0x80 and above.
      let codes = UnsafeBufferPointer(start: granted, count: Int(count)).map {
        MosquittoReasonCode(rawValue: UInt8(truncatingIfNeeded: $0))
      }
      MosquittoCallbacks.inbox(userdata)?.append(.subscribed(id: id, codes))
    }
    mosquitto_unsubscribe_v5_callback_set(handle) { _, userdata, id, _ in
      MosquittoCallbacks.inbox(userdata)?.append(.unsubscribed(id: id))
    }
    mosquitto_message_v5_callback_set(handle) { _, userdata, message, properties in
      guard let message = message?.pointee, let topic = message.topic else { return }
      let payload = UnsafeRawBufferPointer(start: message.payload, count: Int(max(message.payloadlen, 0)))
      MosquittoCallbacks.inbox(userdata)?.append(
        .message(
          MosquittoMessage(
            topic: String(cString: topic), payload: [UInt8](payload),
            qos: MosquittoQoS(rawValue: message.qos) ?? .atMostOnce, retain: message.retain,
            properties: MosquittoMessageProperties(reading: properties))))
    }
  }

  private static func inbox(_ userdata: UnsafeMutableRawPointer?) -> MosquittoInbox? {
    userdata.map { Unmanaged<MosquittoInbox>.fromOpaque($0).takeUnretainedValue() }
  }
}

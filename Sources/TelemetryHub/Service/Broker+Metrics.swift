import HTTPAPI
import MQTTBroker

extension Broker {
  /// The MQTT side for `/metrics`.
  var metricFamilies: [MetricFamily] {
    let now = statistics
    let retained = retainedUsage
    return [
      MetricFamily("telemetry_hub_connections", .gauge, help: "Open MQTT connections.", now.connections),
      MetricFamily(
        "telemetry_hub_connections_accepted", .counter, help: "MQTT connections since the start.",
        now.connectionsTotal),
      MetricFamily(
        "telemetry_hub_connections_refused", .counter, help: "CONNECT packets that were refused.",
        now.connectionsRefused),
      MetricFamily(
        "telemetry_hub_session_takeovers", .counter,
        help: "Connections ended because another took their client identifier over.", now.takeOvers),
      MetricFamily(
        "telemetry_hub_keep_alive_timeouts", .counter,
        help: "Connections ended because nothing came within one and a half times the keep-alive.",
        now.keepAliveTimeouts),
      MetricFamily(
        "telemetry_hub_protocol_errors", .counter, help: "Connections ended for malformed packets.",
        now.protocolErrors),
      MetricFamily("telemetry_hub_subscriptions", .gauge, help: "Topic filters subscribed to.", now.subscriptions),
      MetricFamily(
        "telemetry_hub_subscriptions_refused", .counter, help: "Topic filters refused.",
        now.subscriptionsRefused),
      MetricFamily(
        "telemetry_hub_messages_received", .counter, help: "PUBLISH packets from clients.",
        samples: Self.samples(now.received)),
      MetricFamily(
        "telemetry_hub_messages_sent", .counter, help: "PUBLISH packets to clients.",
        samples: Self.samples(now.sent)),
      MetricFamily(
        "telemetry_hub_messages_dropped", .counter,
        help: "Messages a limit kept from a subscriber.", now.messagesDropped),
      MetricFamily(
        "telemetry_hub_publishes_refused", .counter,
        help: "PUBLISH packets on topics their sender may not use.", now.publishesRefused),
      MetricFamily("telemetry_hub_received_bytes", .counter, help: "Bytes from MQTT sockets.", now.bytesReceived),
      MetricFamily("telemetry_hub_sent_bytes", .counter, help: "Bytes to MQTT sockets.", now.bytesSent),
      MetricFamily("telemetry_hub_retained_messages", .gauge, help: "Retained messages.", retained.count),
      MetricFamily("telemetry_hub_retained_bytes", .gauge, help: "Bytes of retained messages.", retained.bytes),
      MetricFamily(
        "telemetry_hub_session_queue_bytes", .gauge, help: "Bytes waiting for slow subscribers.",
        memory.queuedBytes),
      MetricFamily(
        "telemetry_hub_unsent_bytes", .gauge, help: "Output that sockets do not take yet.",
        memory.unsentBytes),
      MetricFamily(
        "telemetry_hub_unread_bytes", .gauge, help: "Bytes of packets of which only a part has come.",
        memory.unreadBytes),
      MetricFamily(
        "telemetry_hub_session_state_bytes", .gauge, help: "Bytes of subscriptions and wills.",
        memory.stateBytes),
    ]
  }

  private static func samples(_ counts: BrokerStatistics.ByQoS) -> [MetricFamily.Sample] {
    [
      MetricFamily.Sample(counts.qos0, labels: [.init("qos", "0")]),
      MetricFamily.Sample(counts.qos1, labels: [.init("qos", "1")]),
      MetricFamily.Sample(counts.qos2, labels: [.init("qos", "2")]),
    ]
  }
}

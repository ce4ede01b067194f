import HTTPAPI
import MQTTBroker

extension Broker {
  /// The MQTT side for `/metrics`.
  var metricFamilies: [MetricFamily] {
    let counted = statistics
    return counted.connectionMetrics + counted.sessionMetrics + counted.messageMetrics + retainedMetrics
      + memoryMetrics
  }

  private var retainedMetrics: [MetricFamily] {
    let retained = retainedUsage
    return [
      MetricFamily(
        "telemetry_hub_retained_messages", .gauge, help: "Retained messages, without the hub's own under $SYS.",
        max(0, retained.count - SystemTopicsPublisher.topicCount)),
      MetricFamily(
        "telemetry_hub_retained_bytes", .gauge, help: "Bytes of retained messages, with the hub's own.",
        retained.bytes),
    ]
  }

  private var memoryMetrics: [MetricFamily] {
    [
      MetricFamily(
        "telemetry_hub_session_queue_bytes", .gauge,
        help: "Bytes of messages that wait in sessions or are not acknowledged yet.", memory.queuedBytes),
      MetricFamily(
        "telemetry_hub_unsent_bytes", .gauge, help: "Output that sockets do not take yet.", memory.unsentBytes),
      MetricFamily(
        "telemetry_hub_unread_bytes", .gauge, help: "Bytes of packets of which only a part has come.",
        memory.unreadBytes),
      MetricFamily(
        "telemetry_hub_session_state_bytes", .gauge, help: "Bytes of subscriptions, wills and topic aliases.",
        memory.stateBytes),
    ]
  }
}

extension BrokerStatistics {
  fileprivate var connectionMetrics: [MetricFamily] {
    [
      MetricFamily("telemetry_hub_connections", .gauge, help: "Open MQTT connections.", connections),
      MetricFamily(
        "telemetry_hub_connections_highest", .gauge, help: "The most MQTT connections that were open at once.",
        maximumConnectionsSeen),
      MetricFamily(
        "telemetry_hub_connections_accepted", .counter, help: "MQTT connections since the start.", connectionsTotal),
      MetricFamily(
        "telemetry_hub_connections_refused", .counter, help: "CONNECT packets that were refused.", connectionsRefused),
      MetricFamily(
        "telemetry_hub_session_takeovers", .counter,
        help: "Connections ended because another took their client identifier over.", takeOvers),
      MetricFamily(
        "telemetry_hub_keep_alive_timeouts", .counter,
        help: "Connections ended because nothing came within one and a half times the keep-alive.", keepAliveTimeouts),
      MetricFamily(
        "telemetry_hub_protocol_errors", .counter,
        help: "Connections ended for malformed packets or other protocol errors.", protocolErrors),
    ]
  }

  fileprivate var sessionMetrics: [MetricFamily] {
    [
      MetricFamily("telemetry_hub_sessions", .gauge, help: "Sessions, with and without a connection.", sessions),
      MetricFamily(
        "telemetry_hub_sessions_expired", .counter,
        help: "Sessions that ended because their client did not come back in time.", sessionsExpired),
      .init(
        "telemetry_hub_sessions_evicted", .counter,
        help: "Sessions that ended because memory for all clients was full and theirs was the most.", sessionsEvicted),
      MetricFamily(
        "telemetry_hub_session_queue_messages", .gauge, help: "QoS 1 and 2 messages that wait in sessions.",
        queuedMessages),
      MetricFamily("telemetry_hub_subscriptions", .gauge, help: "Topic filters subscribed to.", subscriptions),
      MetricFamily(
        "telemetry_hub_shared_subscriptions", .gauge, help: "Topic filters subscribed to that are shared.",
        sharedSubscriptions),
      MetricFamily(
        "telemetry_hub_subscriptions_refused", .counter, help: "Topic filters refused.", subscriptionsRefused),
    ]
  }

  fileprivate var messageMetrics: [MetricFamily] {
    [
      MetricFamily(
        "telemetry_hub_messages_received", .counter, help: "PUBLISH packets from clients.", samples: received.samples),
      MetricFamily("telemetry_hub_messages_sent", .counter, help: "PUBLISH packets to clients.", samples: sent.samples),
      MetricFamily(
        "telemetry_hub_payload_received_bytes", .counter, help: "Payload bytes of PUBLISH packets from clients.",
        publishBytesReceived),
      MetricFamily(
        "telemetry_hub_payload_sent_bytes", .counter, help: "Payload bytes of PUBLISH packets to clients.",
        publishBytesSent),
      MetricFamily(
        "telemetry_hub_messages_dropped", .counter, help: "Messages a limit kept from a subscriber.", messagesDropped),
      MetricFamily(
        "telemetry_hub_messages_dropped_by_reason", .counter,
        help: "Messages a limit kept from a subscriber, by the limit.", samples: dropped.samples),
      MetricFamily(
        "telemetry_hub_publishes_refused", .counter, help: "PUBLISH packets on topics their sender may not use.",
        publishesRefused),
      MetricFamily(
        "telemetry_hub_retained_expired", .counter, help: "Retained messages that expired.", retainedExpired),
      MetricFamily(
        "telemetry_hub_packets_received", .counter, help: "Control packets from clients, of every type.",
        packetsReceived),
      MetricFamily(
        "telemetry_hub_packets_sent", .counter, help: "Control packets to clients, of every type.", packetsSent),
      MetricFamily("telemetry_hub_received_bytes", .counter, help: "Bytes from MQTT sockets.", bytesReceived),
      MetricFamily("telemetry_hub_sent_bytes", .counter, help: "Bytes to MQTT sockets.", bytesSent),
    ]
  }
}

extension BrokerStatistics.ByQoS {
  fileprivate var samples: [MetricFamily.Sample] {
    [("0", qos0), ("1", qos1), ("2", qos2)].map { MetricFamily.Sample($0.1, labels: [.init("qos", $0.0)]) }
  }
}

extension BrokerStatistics.DroppedMessages {
  fileprivate var samples: [MetricFamily.Sample] {
    [
      ("slow_reader", slowReader), ("queue_full", queueFull), ("total_full", totalFull), ("too_large", tooLarge),
      ("expired", expired), ("mailbox_full", mailboxFull), ("retained_full", retainedFull),
    ].map { MetricFamily.Sample($0.1, labels: [.init("reason", $0.0)]) }
  }
}

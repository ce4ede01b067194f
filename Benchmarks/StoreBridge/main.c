/* influx-bridge: what a site without the hub puts between its broker and its time-series database. Subscribes to
   v1/devices/+/telemetry, makes InfluxDB line protocol of each reading, and posts it in batches on one connection.

   Usage: influx-bridge MQTT-PORT HTTP-PORT, both on 127.0.0.1. Ends with SIGTERM; says on the standard error what
   went wrong, and how many readings it has posted in all each time it has none left. */
#include <arpa/inet.h>
#include <mosquitto.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BATCH_LINES = 1000, BATCH_MILLISECONDS = 100, LINE_BYTES = 256 };

static char batch[BATCH_LINES * LINE_BYTES];
static size_t batch_bytes;
static int batch_lines;
static long long batch_began;
static long long posted;
static long long reported;
static int database = -1;
static int database_port;
static volatile sig_atomic_t is_ending;

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000LL + time.tv_nsec / 1000000;
}

static void fail(const char *what) {
  fprintf(stderr, "influx-bridge: %s\n", what);
  exit(1);
}

static void end(int number) {
  (void)number;
  is_ending = 1;
}

static void connect_database(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)database_port)};
  int on = 1;
  inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  database = socket(AF_INET, SOCK_STREAM, 0);
  setsockopt(database, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect(database, (struct sockaddr *)&address, sizeof address) != 0) fail("the database does not answer");
}

static void send_all(const char *bytes, size_t count) {
  while (count > 0) {
    ssize_t sent = send(database, bytes, count, MSG_NOSIGNAL);
    if (sent <= 0) fail("the database closed the connection");
    bytes += sent;
    count -= (size_t)sent;
  }
}

static void flush_batch(void) {
  char text[4096];
  size_t received = 0;
  if (batch_lines == 0) return;
  int length = snprintf(text, sizeof text,
                        "POST /write?precision=ms HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Length: %zu\r\n\r\n",
                        database_port, batch_bytes);
  send_all(text, (size_t)length);
  send_all(batch, batch_bytes);
  /* The answer is a 204 without a body. */
  do {
    ssize_t count = recv(database, text + received, sizeof text - 1 - received, 0);
    if (count <= 0) fail("the database closed the connection");
    received += (size_t)count;
    text[received] = 0;
  } while (strstr(text, "\r\n\r\n") == NULL && received < sizeof text - 1);
  if (strncmp(text, "HTTP/1.1 204", 12) != 0) fail(text);
  posted += batch_lines;
  batch_bytes = 0;
  batch_lines = 0;
}

static void report(void) {
  if (posted == reported) return;
  fprintf(stderr, "posted %lld\n", posted);
  reported = posted;
}

/* {"temperature":21.53,"ts":1735689600000} on v1/devices/load-17/telemetry */
static void on_message(struct mosquitto *client, void *context, const struct mosquitto_message *message) {
  (void)client;
  (void)context;
  char payload[128];
  double value;
  long long time;
  const char *device = message->topic + strlen("v1/devices/");
  const char *slash = strchr(device, '/');
  if (slash == NULL || message->payloadlen <= 0 || message->payloadlen >= (int)sizeof payload) return;
  memcpy(payload, message->payload, (size_t)message->payloadlen);
  payload[message->payloadlen] = 0;
  const char *number = strstr(payload, "\"temperature\":");
  const char *ts = strstr(payload, "\"ts\":");
  if (number == NULL || ts == NULL) return;
  value = strtod(number + strlen("\"temperature\":"), NULL);
  time = strtoll(ts + strlen("\"ts\":"), NULL, 10);
  if (batch_lines == 0) batch_began = now();
  batch_bytes += (size_t)snprintf(batch + batch_bytes, LINE_BYTES, "reading,device=%.*s temperature=%.15g %lld\n",
                                  (int)(slash - device), device, value, time);
  if (++batch_lines == BATCH_LINES) flush_batch();
}

static void on_connect(struct mosquitto *client, void *context, int code) {
  (void)context;
  if (code != 0) fail("the broker refuses the connection");
  mosquitto_subscribe(client, NULL, "v1/devices/+/telemetry", 1);
}

static void on_subscribe(struct mosquitto *client, void *context, int identifier, int count, const int *granted) {
  (void)client;
  (void)context;
  (void)identifier;
  (void)count;
  (void)granted;
  fprintf(stderr, "subscribed\n");
}

int main(int count, char **arguments) {
  if (count != 3) fail("usage: influx-bridge MQTT-PORT HTTP-PORT");
  database_port = atoi(arguments[2]);
  signal(SIGTERM, end);
  connect_database();
  mosquitto_lib_init();
  struct mosquitto *client = mosquitto_new("influx-bridge", true, NULL);
  mosquitto_connect_callback_set(client, on_connect);
  mosquitto_subscribe_callback_set(client, on_subscribe);
  mosquitto_message_callback_set(client, on_message);
  if (mosquitto_connect(client, "127.0.0.1", atoi(arguments[1]), 60) != MOSQ_ERR_SUCCESS)
    fail("the broker does not answer");
  while (!is_ending) {
    if (mosquitto_loop(client, BATCH_MILLISECONDS / 10, 1) != MOSQ_ERR_SUCCESS) fail("the broker is gone");
    /* The last batch may have been a full one: its age is then that of the silence behind it. */
    if (now() - batch_began < BATCH_MILLISECONDS) continue;
    flush_batch();
    report();
  }
  flush_batch();
  return 0;
}

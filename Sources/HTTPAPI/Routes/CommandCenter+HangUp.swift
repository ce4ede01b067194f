import DeviceManagement
import ServiceLifecycle

extension CommandCenter {
  /// Waits as `wait` does, but no longer than the client stays and the hub runs.
  func waitWhileConnected(for id: String, timeout: Duration, context: HubRequestContext) async -> Command? {
    let hangUp = await HangUpHandler.hangUp(of: context.channel)
    let waiting = Task { await self.wait(for: id, timeout: timeout, clock: ContinuousClock()) }
    let token = hangUp?.onHangUp { waiting.cancel() }
    defer { hangUp?.cancel(token) }
    return await withTaskCancellationHandler {
      await withGracefulShutdownHandler {
        await waiting.value
      } onGracefulShutdown: {
        waiting.cancel()
      }
    } onCancel: {
      waiting.cancel()
    }
  }
}

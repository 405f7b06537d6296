import type { Socket } from 'node:net';

/**
 * Lets the process end while a socket is open. Each address that is tried has a handle of its own, so it is done
 * anew for every one.
 */
export function unrefSocket(socket: Socket): void {
  // A proxy's agent may give a stream that is no socket.
  if (typeof socket.unref !== 'function') return;
  socket.unref();
  if (!socket.connecting) return;
  const again = (): void => void socket.unref();
  socket.on('connectionAttempt', again);
  socket.once('connect', () => {
    socket.off('connectionAttempt', again);
    socket.unref();
  });
}

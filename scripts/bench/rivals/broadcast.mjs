import { createServer } from 'node:http';
import process from 'node:process';
import { Server } from 'socket.io';

/** The least that a broadcast costs: each request emits an event that says nothing but when, to all clients. */
const server = createServer((_request, response) => {
  io.emit('analytics:batch-update', { at: new Date().toISOString() });
  response.end('{}');
});
const io = new Server(server, { serveClient: false });
server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));

// Rooms as Node's `ws` makes them: what one says, all in the room hear. `node node_ws.mjs PORT`, a client asks for `/?room=…`
import { WebSocketServer } from 'ws';

const rooms = new Map();
const server = new WebSocketServer({ port: Number(process.argv[2]), host: '127.0.0.1', perMessageDeflate: false });
server.on('connection', (socket, request) => {
	const name = new URL(request.url, 'http://localhost').searchParams.get('room');
	const room = rooms.get(name) ?? new Set();
	rooms.set(name, room.add(socket));
	socket.on('message', (words) => {
		for (const client of room) client.send(words, { binary: false });
	});
	socket.on('close', () => room.delete(socket));
});

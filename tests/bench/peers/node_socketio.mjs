// Rooms as Node's socket.io makes them: what one says, all in the room hear. `node node_socketio.mjs PORT`
import { Server } from 'socket.io';

const server = new Server(Number(process.argv[2]), { transports: ['websocket'], perMessageDeflate: false });
server.on('connection', (socket) => {
	const { room } = socket.handshake.query;
	socket.join(room);
	socket.on('message', (words) => server.to(room).emit('message', words));
});

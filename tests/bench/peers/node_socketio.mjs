// A room as Node's socket.io makes it: what one says, all hear. `node node_socketio.mjs PORT`
import { Server } from 'socket.io';

const server = new Server(Number(process.argv[2]), { transports: ['websocket'], perMessageDeflate: false });
server.on('connection', (socket) => {
	socket.on('message', (words) => server.emit('message', words));
});

// A room as Node's `ws` makes it: what one says, all hear. `node node_ws.mjs PORT`
import { WebSocketServer } from 'ws';

const server = new WebSocketServer({ port: Number(process.argv[2]), host: '127.0.0.1', perMessageDeflate: false });
server.on('connection', (socket) => {
	socket.on('message', (words) => {
		for (const client of server.clients) client.send(words, { binary: false });
	});
});

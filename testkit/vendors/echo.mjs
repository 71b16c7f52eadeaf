// SPDX-License-Identifier: Apache-2.0
// The smallest service there is: for the test of what starts services.
import http from 'node:http';

const argument = (name) => process.argv.find((one) => one.startsWith(`--${name}=`))?.slice(name.length + 3);

if (argument('word') === 'die') {
  console.error('told to die');
  process.exit(3);
}
const server = http.createServer((request, response) => {
  let body = '';
  request.on('data', (bytes) => (body += bytes));
  request.on('end', () => {
    response.statusCode = request.url === '/control/echo' ? 200 : 404;
    response.end(`${argument('word')} ${process.env.ECHO_MORE} ${body}`);
  });
});
server.listen(Number(argument('port')), '127.0.0.1', () => console.log(`listening on ${server.address().port}`));

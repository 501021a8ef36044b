/** What stands at `/v2/` where another registry serves: one sentence that says where the images are. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { RegistryProblem } from './problem.ts';

/** `place` is `host/namespace` of the registry that holds the images. */
export function elsewhere(place: string): (request: IncomingMessage, response: ServerResponse) => void {
  const { body } = new RegistryProblem('UNSUPPORTED', `This platform keeps its images in ${place}; push and pull there.`);
  return (request, response) => {
    request.resume();
    response.writeHead(404, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }).end(body);
  };
}

/**
 * `npm run fault-matrix [-- docker|podman [TEXT [REPLICAS]]]`: every fault (that contains the text) with two, three and four replicas, or
 * as many as said, under load.
 */
import { openSubject } from '../../src/drivers/engine/docker/rig/subject.ts';
import { faults } from './faults.ts';
import { type Cell, tableOf, tryFault } from './matrix.ts';

const [, , engine = 'docker', text = '', only = '2,3,4'] = process.argv;
const subject = await openSubject(engine === 'podman' ? 'podman' : 'docker');
const cells: Cell[] = [];
try {
  await subject.engine.prepare(['dev']);
  const port = subject.port();
  for (const fault of faults.filter(({ name }) => name.includes(text))) {
    for (const replicas of only.split(',').map(Number)) {
      const cell = await tryFault(subject, fault, replicas, port);
      cells.push(cell);
      process.stdout.write(`${tableOf([cell])}\n`);
    }
  }
} finally {
  await subject.close();
}
const wrong = cells.filter(({ problems }) => problems.length > 0);
process.stdout.write(`${cells.length} cells on ${engine}, ${wrong.length} did not end as they must\n`);
process.exit(wrong.length === 0 ? 0 : 1);

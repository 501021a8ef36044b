/** The load in a process of its own, so that whoever is measured does not share its time: `load-process.ts OPTIONS`, ends when told to on its input. */
import { type LoadOptions, startLoad } from '../../server/src/drivers/engine/docker/rig/load.ts';

const load = startLoad(JSON.parse(process.argv[2] ?? '{}') as LoadOptions);
process.stdin.once('data', () => {
  void load.stop().then((report) => {
    process.stdout.write(JSON.stringify(report));
    process.stdin.destroy();
  });
});

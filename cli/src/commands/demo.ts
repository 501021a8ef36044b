import type { Define } from '../command.ts';
import { whenCalled } from '../command.ts';
import { demo } from '../demo/demo.ts';
import { homeOf } from '../platform/home.ts';
import { findEngine } from '../setup/engine-socket.ts';

export const define: Define = (command) => {
  command.addHelpText(
    'after',
    `
Sets this machine up where needed, then ships a small insurance system and a registry for npm packages: four git repositories, five
environments, a new version and two bad ones under load, a killed instance, a killed server, a rollback. Exit code 0 only if no request
failed. It can be run again, and what it installed goes on running; \`beluga down\` stops it.`,
  );
  whenCalled(command, (io) => demo(io, { home: homeOf(io.env), socket: async () => (await findEngine(io.env)).socket }));
};

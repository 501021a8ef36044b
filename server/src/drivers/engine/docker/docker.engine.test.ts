import { engineContract } from '../engine.contract.ts';
import { openSubject } from './rig/subject.ts';

engineContract('Docker', () => openSubject('docker'));
engineContract('Podman', () => openSubject('podman'));

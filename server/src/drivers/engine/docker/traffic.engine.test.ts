import { trafficContract } from '../engine-traffic.contract.ts';
import { openSubject } from './rig/subject.ts';

trafficContract('Docker', () => openSubject('docker'));
trafficContract('Podman', () => openSubject('podman'));

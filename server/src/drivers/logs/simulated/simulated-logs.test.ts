import { logsContract } from '../logs.contract.ts';
import { createSimulatedLogs } from './simulated-logs.ts';

logsContract('simulated logs', createSimulatedLogs);

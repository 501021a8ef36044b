/** The table of samples; null where nothing was measured. */
export type SampleTable = {
  component: string;
  environment: string;
  at: string;
  requests_per_second: number | null;
  failed_per_second: number | null;
  latency_ms: number | null;
  cpu_millis: number | null;
  memory_bytes: number | null;
  serving: number;
};

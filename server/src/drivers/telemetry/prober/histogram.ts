/** Latencies in buckets that grow by 5 %, so that memory stays small however long the measure lasts. */
export type Histogram = {
  add(ms: number): void;
  /** The latency in milliseconds below which this share (0 to 1) lies, to within 5 %; 0 when nothing was added. */
  percentile(share: number): number;
};

const growth = Math.log(1.05);
const leastMs = 0.05;

export function createHistogram(): Histogram {
  const buckets: number[] = [];
  let count = 0;
  return {
    add(ms) {
      const index = Math.max(0, Math.ceil(Math.log(ms / leastMs) / growth));
      buckets[index] = (buckets[index] ?? 0) + 1;
      count += 1;
    },
    percentile(share) {
      let seen = 0;
      for (const [index, inside] of buckets.entries()) {
        seen += inside ?? 0;
        if (seen >= share * count && seen > 0) return Number((leastMs * Math.exp(index * growth)).toFixed(2));
      }
      return 0;
    },
  };
}

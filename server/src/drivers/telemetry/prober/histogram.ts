/** Latencies in buckets that grow by 5 %, so that memory stays small however long the measure lasts. */
export type Histogram = {
  add(ms: number): void;
  /** The latency in milliseconds that this share (0 to 1) of what was added does not exceed, to within 5 %; 0 when nothing was added. */
  percentile(share: number): number;
};

const growth = 1.05;
const leastMs = 0.05;
/** Up to about an hour; what takes longer counts as that. */
const size = 380;

export function createHistogram(): Histogram {
  const buckets = new Uint32Array(size);
  let count = 0;
  return {
    add(ms) {
      const index = Math.ceil(Math.log(ms / leastMs) / Math.log(growth));
      const bucket = Math.min(Math.max(index, 0), size - 1);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
      count += 1;
    },
    percentile(share) {
      const rank = Math.max(1, Math.ceil(share * count));
      let seen = 0;
      const bucket = buckets.findIndex((inside) => {
        seen += inside;
        return seen >= rank;
      });
      return bucket < 0 ? 0 : Number((leastMs * growth ** bucket).toFixed(2));
    },
  };
}

/** Three rows of the table of distances: the one being filled and the two before it. */
let rows: [Int32Array, Int32Array, Int32Array] = [new Int32Array(128), new Int32Array(128), new Int32Array(128)];

/**
 * How many letters must be added, dropped, changed or swapped with their neighbour to make `a` of `b`; `limit + 1` when
 * it is more than `limit`.
 */
export function editDistance(a: string, b: string, limit: number): number {
  const tooFar = limit + 1;
  if (Math.abs(a.length - b.length) > limit) return tooFar;
  if (b.length + 2 > rows[0].length)
    rows = [new Int32Array(2 * b.length), new Int32Array(2 * b.length), new Int32Array(2 * b.length)];
  let [row, last, beforeLast] = rows;
  for (let j = 0; j <= b.length; j++) last[j] = j;
  for (let i = 1; i <= a.length; i++) {
    // Farther from the diagonal than `limit`, every distance is too far.
    const from = Math.max(1, i - limit);
    const to = Math.min(b.length, i + limit);
    row[from - 1] = from === 1 ? i : tooFar;
    let lowest = row[from - 1] ?? 0;
    const letter = a.charCodeAt(i - 1);
    for (let j = from; j <= to; j++) {
      const other = b.charCodeAt(j - 1);
      let cost = Math.min((row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (letter === other ? 0 : 1));
      if (j < i + limit) cost = Math.min(cost, (last[j] ?? 0) + 1);
      if (i > 1 && j > 1 && letter === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === other)
        cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
      row[j] = cost;
      if (cost < lowest) lowest = cost;
    }
    if (lowest > limit) return tooFar;
    [row, last, beforeLast] = [beforeLast, row, last];
  }
  return Math.min(last[b.length] ?? tooFar, tooFar);
}

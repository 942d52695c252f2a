import { parseExact, stringify } from "../dist/base/numbers/exact-json.js";
import { interleave, ratio, row } from "./measure.mjs";

// JSON whose numbers keep their digits, next to JSON.parse and JSON.stringify: 1 KB and 1 MB without such numbers, 1 MB with.

/** Items as APIs answer them: ids, UUIDs, times, prices, coordinates. */
function answer(items, id) {
  return JSON.stringify({
    items: Array.from({ length: items }, (_, index) => ({
      id: index * 7919,
      uuid: `550e8400-e29b-41d4-a716-${String(446655440000 + index)}`,
      name: `Item number ${index}`,
      price: Math.round(index * 137.7) / 100,
      createdAt: "2026-11-30T12:34:56.789Z",
      tags: ["alpha", "beta"],
      at: [52.52000659999999, 13.404953999999975],
      isOpen: index % 2 === 0,
      note: null,
    })),
  }).replaceAll(/"id":(\d+)/g, (_, digits) => `"id":${id(digits)}`);
}

const texts = {
  "1 KB": { text: answer(4, digits => digits), calls: 2_000, isPlain: true },
  "1 MB": { text: answer(4_300, digits => digits), calls: 2, isPlain: true },
  "1 MB with an id of 19 digits in each item": {
    text: answer(4_000, digits => `1${digits.padStart(18, "0")}`),
    calls: 1,
    isPlain: false,
  },
};

export async function benchJson({ rounds = 61 } = {}) {
  const rows = [];
  for (const [name, { text, calls, isPlain }] of Object.entries(texts)) {
    const bytes = Buffer.from(text);
    const value = parseExact(text, "bigint");
    const timed = work => () => {
      const start = performance.now();
      for (let call = 0; call < calls; call++) work();
      return performance.now() - start;
    };
    const figures = await interleave(
      {
        parse: timed(() => JSON.parse(bytes.toString("utf8"))),
        parseExact: timed(() => parseExact(bytes.toString("utf8"), "bigint", bytes)),
        ...(isPlain ? { write: timed(() => JSON.stringify(value)), writeExact: timed(() => stringify(value)) } : {}),
      },
      { rounds, warmUp: 3 },
    );
    rows.push(
      row(`decoding ${name} / \`JSON.parse\``, ratio(figures.parseExact, figures.parse), isPlain ? "≤ 1.03" : "–"),
    );
    if (isPlain) {
      rows.push(row(`writing ${name} / \`JSON.stringify\``, ratio(figures.writeExact, figures.write), "≤ 1.03"));
    }
  }
  return rows;
}

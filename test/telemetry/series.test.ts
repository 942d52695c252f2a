import { expect, test } from "vitest";
import { Metrics } from "../../src/telemetry/metrics.ts";
import { Series } from "../../src/telemetry/series.ts";

test("values are added up by their labels", () => {
  const series = new Series({ name: "a.b", help: "", labels: ["x", "y"] });
  for (const value of [0.001, 0.3, 20]) series.add(value, "one", "");
  series.add(1, "one", "two");
  const [first, second] = series.cells;
  expect(first).toMatchObject({ labels: { x: "one" }, count: 3, sum: 20.301 });
  expect(first?.buckets).toEqual([1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1]);
  expect(second).toMatchObject({ labels: { x: "one", y: "two" }, count: 1 });
});

test.each([
  { what: "hosts", record: (metrics: Metrics, name: string) => metrics.exchange({ ...EXCHANGE, host: name }) },
  { what: "methods", record: (metrics: Metrics, name: string) => metrics.exchange({ ...EXCHANGE, method: name }) },
  { what: "operations", record: (metrics: Metrics, name: string) => metrics.request({ ...REQUEST, operation: name }) },
  { what: "errors", record: (metrics: Metrics, name: string) => metrics.request({ ...REQUEST, errorType: name }) },
  { what: "steps", record: (metrics: Metrics, name: string) => metrics.step("call", name, 1) },
])("1,000 $what have at most 500 sets of labels, and none is lost", ({ record }) => {
  const metrics = new Metrics();
  for (let index = 0; index < 1000; index++) record(metrics, `name-${index}`);
  const series = [metrics.requests, metrics.errors, metrics.steps, metrics.exchanges];
  for (const { cells } of series) {
    expect(cells.length).toBeLessThanOrEqual(500);
    expect([0, 1000]).toContain(cells.reduce((sum, { count }) => sum + count, 0));
  }
});

const EXCHANGE = { method: "GET", host: "api.test", status: 200, errorType: undefined, seconds: 1 };
const REQUEST = { adapter: "rest", operation: "GET /a", status: 200, errorType: undefined, seconds: 1 };

import { expect, test } from "vitest";
import { Metrics } from "../../src/telemetry/metrics.ts";
import { prometheusText } from "../../src/telemetry/prometheus.ts";

const NAMES = [
  { name: "naftiko_request_total", type: "counter" },
  { name: "naftiko_request_duration_seconds", type: "histogram" },
  { name: "naftiko_request_errors", type: "counter" },
  { name: "naftiko_step_duration_seconds", type: "histogram" },
  { name: "naftiko_http_client_total", type: "counter" },
  { name: "naftiko_http_client_duration_seconds", type: "histogram" },
  { name: "naftiko_capability_active", type: "gauge" },
];

test.each(NAMES)("$name is told of before there is a value", async ({ name, type }) => {
  const { text, contentType } = await prometheusText(new Metrics());
  expect(text).toContain(`# TYPE ${name} ${type}\n`);
  expect(contentType).toMatch(/^text\/plain/);
});

test("numbers of the process are told too", async () => {
  expect((await prometheusText(new Metrics())).text).toMatch(/^process_resident_memory_bytes \d+$/m);
});

test("each number stands with its labels", async () => {
  const metrics = new Metrics();
  const request = { adapter: "rest", operation: "GET /a/{b}", status: 200, errorType: undefined };
  metrics.request({ ...request, seconds: 0.25 });
  metrics.request({ ...request, seconds: 0.5 });
  metrics.request({ ...request, status: 502, errorType: "STEP_FAILED", seconds: 0.001 });
  metrics.step("call", "fleet", 0.02);
  metrics.exchange({ method: "GET", host: "api.test", status: 200, errorType: undefined, seconds: 0.1 });
  metrics.exchange({ method: "GET", host: "api.test", status: 500, errorType: "500", seconds: 0.1 });
  metrics.exchange({ method: "GET", host: 'a"b\nc\\', status: undefined, errorType: "NETWORK", seconds: 0.1 });
  metrics.active.add("fleet");
  const lines = (await prometheusText(metrics)).text.split("\n");
  const served = 'naftiko_adapter_type="rest",naftiko_operation_id="GET /a/{b}"';
  expect(lines).toEqual(
    expect.arrayContaining([
      `naftiko_request_total{${served},status="200"} 2`,
      `naftiko_request_total{${served},status="502"} 1`,
      `naftiko_request_duration_seconds_sum{${served},status="200"} 0.75`,
      `naftiko_request_duration_seconds_count{${served},status="200"} 2`,
      `naftiko_request_errors{${served},error_type="STEP_FAILED"} 1`,
      'naftiko_step_duration_seconds_count{step_type="call",naftiko_namespace="fleet"} 1',
      'naftiko_http_client_total{http_request_method="GET",server_address="api.test",http_response_status_code="200"} 1',
      'naftiko_http_client_total{http_request_method="GET",server_address="api.test",http_response_status_code="500"} 1',
      'naftiko_http_client_total{http_request_method="GET",server_address="a\\"b\\nc\\\\",error_type="NETWORK"} 1',
      'naftiko_capability_active{naftiko_capability="fleet"} 1',
    ]),
  );
  const buckets = lines.filter(
    line => line.startsWith("naftiko_request_duration_seconds_bucket") && line.includes("200"),
  );
  expect(buckets.map(line => line.split(" ").at(-1))).toEqual("0 0 0 0 0 0 1 2 2 2 2 2 2 2 2".split(" "));
});

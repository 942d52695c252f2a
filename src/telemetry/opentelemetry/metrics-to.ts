import type { Attributes, Meter, MeterProvider } from "@opentelemetry/api";
import { version } from "../../base/version.ts";
import type { MetricTarget } from "../metrics.ts";
import { BUCKETS, type Cell, type Series } from "../series.ts";

type Record = (value: number, attributes: Attributes) => void;

/** A metric of OpenTelemetry that takes the values of a series. */
interface Instrument {
  readonly record: Record;
  attributes(labels: Cell["labels"]): Attributes;
}

/** Gives numbers to a provider of OpenTelemetry, by the conventions for HTTP where they have a metric. */
export function metricsTo(provider: MeterProvider): MetricTarget {
  const meter = provider.getMeter("naftiko", version);
  const instruments = new Map<Series, Instrument>();
  /** Attributes of each set of labels: there are few. */
  const made = new WeakMap<Cell["labels"], Attributes>();
  return {
    record(series, value, labels) {
      let instrument = instruments.get(series);
      if (instrument === undefined) {
        instrument = instrumentOf(series, meter);
        instruments.set(series, instrument);
      }
      let attributes = made.get(labels);
      if (attributes === undefined) {
        attributes = instrument.attributes(labels);
        made.set(labels, attributes);
      }
      instrument.record(value, attributes);
    },
  };
}

function instrumentOf({ settings }: Series, meter: Meter): Instrument {
  const { name, help } = settings;
  switch (name) {
    case "naftiko.request.duration.seconds":
      return { record: durations(meter, "http.server.request.duration", help), attributes: serverAttributes };
    case "naftiko.http.client.duration.seconds":
      return { record: durations(meter, "http.client.request.duration", help), attributes: withNumbers };
    case "naftiko.request.errors": {
      const counter = meter.createCounter(name, { description: help });
      return { record: (value, attributes) => counter.add(value, attributes), attributes: withNumbers };
    }
    default:
      return { record: durations(meter, name, help), attributes: withNumbers };
  }
}

function durations(meter: Meter, name: string, description: string): Record {
  const advice = { explicitBucketBoundaries: [...BUCKETS] };
  const histogram = meter.createHistogram(name, { description, unit: "s", advice });
  return (value, attributes) => histogram.record(value, attributes);
}

/** An operation is the method and the route, where one was found. */
function serverAttributes({ status, "naftiko.operation.id": operation = "", ...labels }: Cell["labels"]): Attributes {
  const space = operation.indexOf(" ");
  const route =
    space < 0 ? {} : { "http.request.method": operation.slice(0, space), "http.route": operation.slice(space + 1) };
  return {
    ...labels,
    ...route,
    ...(status === undefined ? {} : { "http.response.status_code": Number(status) || status }),
  };
}

function withNumbers({ "http.response.status_code": status, ...labels }: Cell["labels"]): Attributes {
  return status === undefined ? labels : { ...labels, "http.response.status_code": Number(status) || status };
}

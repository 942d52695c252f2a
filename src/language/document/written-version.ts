/** Language version of the documents that are written. */
export const WRITTEN_VERSION = "1.0.0-alpha3";

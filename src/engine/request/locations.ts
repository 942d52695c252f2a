import type { PlacedParameter } from "../../language/model/types.ts";
import { body } from "./locations/body.ts";
import { cookie } from "./locations/cookie.ts";
import { header } from "./locations/header.ts";
import { query } from "./locations/query.ts";
import type { ParameterLocation } from "./parameter-location.ts";

/** Every location outside the path, whose parameters are written where their placeholders stand. */
export const locations: Readonly<Record<PlacedParameter["in"], ParameterLocation>> = {
  query,
  header,
  cookie,
  body,
};

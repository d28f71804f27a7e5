// Another's viewer of SMART Health Links (kill-the-clipboard): a list of links in, each with what its address answers;
// what the viewer made of each out, as JSON.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(process.argv[2]);
const { SHLViewer } = await import(pathToFileURL(require.resolve("kill-the-clipboard")));

async function seen({ link, status, body }) {
  const asked = [];
  const fetch = async (url, { method }) => {
    asked.push(`${method} ${url}`);
    return new Response(body, { status });
  };
  try {
    const viewer = new SHLViewer({ shlinkURI: link, fetch });
    const { url, label, exp, flag, v } = viewer.shl;
    const { fhirResources } = await viewer.resolveSHL({ recipient: "Hill Street Clinic" });
    return { asked, payload: { url, label, exp, flag, v }, resources: fhirResources };
  } catch (error) {
    return { asked, error: `${error.name}: ${error.message}` };
  }
}

process.stdout.write(JSON.stringify(await Promise.all(JSON.parse(readFileSync(0, "utf8")).map(seen))));

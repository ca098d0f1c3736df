// validate.cjs FILE…: holds SARIF files against the 2.1.0 schema; exit 1 and a line per offence.
// The schema is the one that Microsoft's SARIF package ships (draft-04), so nothing is fetched.
"use strict";
const fs = require("fs");
const path = require("path");
const Ajv = require("ajv-draft-04");
const addFormats = require("ajv-formats");

const packageDir = path.dirname(require.resolve("@microsoft/jest-sarif/package.json"));
const schema = require(path.join(packageDir, "lib/schemas/sarif-2.1.0-rtm.5.json"));
const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false });
addFormats(ajv);
const validate = ajv.compile(schema);

let failed = process.argv.length < 3;
for (const file of process.argv.slice(2)) {
    const valid = validate(JSON.parse(fs.readFileSync(file, "utf8")));
    for (const error of valid ? [] : validate.errors.slice(0, 20)) {
        console.log(`${file}: ${error.instancePath || "/"} ${error.message}`);
    }
    failed = failed || !valid;
}
process.exit(failed ? 1 : 0);

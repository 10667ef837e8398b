// Each file to the judge; one line of JSON an issue: the file's name and what is wrong.
const { readFileSync } = require("fs");
const { basename } = require("path");
const { check } = require(process.argv[2]);
for (const file of process.argv.slice(3)) {
  try {
    check(readFileSync(file, "utf8"));
  } catch (error) {
    for (const issue of error.issues || [error]) console.log(JSON.stringify([basename(file), String(issue.message)]));
  }
}
